"""A campaign from its plan to its last reply: planned, agreed to, sent, settled and reported."""

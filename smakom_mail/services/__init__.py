"""One use case per function: the only floor that joins reading, rendering, mail and disk."""

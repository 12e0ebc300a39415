"""Message bytes (and later the relay session): what leaves the house as mail."""

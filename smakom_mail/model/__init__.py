"""Frozen data that flows through the house; it knows nothing of files, sockets or SQL."""

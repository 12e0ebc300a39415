"""Leaving by mail: reading what came to the address of List-Unsubscribe."""

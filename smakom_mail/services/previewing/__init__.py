"""The live preview: snapshots of editions, taken as their files change, and their views."""

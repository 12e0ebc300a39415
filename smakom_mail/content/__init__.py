"""Files in, an Edition and its findings out: the one floor that reads an author's files."""

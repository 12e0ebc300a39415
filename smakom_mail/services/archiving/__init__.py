"""The public archive: what is in it, its files, and putting them where people see them."""

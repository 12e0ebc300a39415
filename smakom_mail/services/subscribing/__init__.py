"""People one by one: adding, showing, changing, leaving, inviting and forgetting them."""

"""Single letters: composed one by one, and sent by the rules of the ledger."""

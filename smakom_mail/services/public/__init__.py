"""What readers do outside the mail: leave, undo it, sign up, say yes, look after what is held."""

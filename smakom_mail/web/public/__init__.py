"""The public pages: what readers meet outside the mail."""

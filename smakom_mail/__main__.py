"""Entry point of ``python -m smakom_mail``."""

from smakom_mail.cli import main

if __name__ == "__main__":
    main()

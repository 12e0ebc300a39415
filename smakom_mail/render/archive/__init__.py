"""The public archive: finished files from editions and settings; pure, and without a clock.

Everything in it is made from the web version, which knows no reader. `files.archive_files` joins
the parts.
"""

"""An Edition in, finished mail, text and web page out: pure but for the reading of a layout."""

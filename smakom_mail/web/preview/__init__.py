"""The local preview: pages for one editor on her own machine."""

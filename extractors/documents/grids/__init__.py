"""Tables as grids: which words and lines of a page make which cell."""

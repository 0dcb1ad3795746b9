"""Review on a full terminal: one item on the screen, one key a decision; thin over `annotation.session`."""

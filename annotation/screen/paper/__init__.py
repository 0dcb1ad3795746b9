"""A paper whole on a full terminal: what is known of it, and the keys that add, change and take out by hand."""

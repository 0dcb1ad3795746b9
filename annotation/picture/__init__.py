"""The page beside a value: a picture of the place (`crop`), and how it can be shown (`showing`)."""

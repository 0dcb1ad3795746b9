"""What the data says: regressions of performance on compute, from a release or from the authors' tables. Pure."""

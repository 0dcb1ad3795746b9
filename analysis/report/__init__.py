"""An analysis as files: one page for people, figures, and tables as CSV, LaTeX and JSON.

`contents` is what a report is made of, `files` writes all of it. Nothing is computed here but words, and the same contents
give the same bytes. Text from papers was written by strangers: it can neither become markup or a formula, nor run.
"""

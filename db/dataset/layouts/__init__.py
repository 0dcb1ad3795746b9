"""The rows of a release in the columns of others, so that what reads their tables reads a release.

`epoch` has the columns of Epoch AI, `authors` those of the tables of arXiv:2007.05558. Both make rows of one part at a time, and
nothing that the tables of the release do not have: what is in neither stays empty.
"""

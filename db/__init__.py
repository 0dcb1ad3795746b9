"""What is kept: papers, files, readings, cells, the review log, and the releases made of them.

Each change is one transaction, and each derived table can be rebuilt from the layers below it. Nothing here fetches,
extracts or draws; the time comes from outside, as a value.
"""

"""What is kept: papers, readings, cells, the review log and the releases made of them. The clock comes from outside."""

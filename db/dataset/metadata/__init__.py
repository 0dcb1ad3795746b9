"""What a release says of itself: to programs, to archives, and to people. All of it is made from the schema and from counts."""

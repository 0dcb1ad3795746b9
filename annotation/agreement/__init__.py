"""What else the review log tells of those who review: how quick they are, how right the machine is, and who was corrected.

How far they say the same is in `db.agreement`, as releases show that too. The modules here have each a part of the report, and `report` the whole.
"""

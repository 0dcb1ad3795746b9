"""What people decide: who looks at what, in which order, and how a key becomes an event.

Policies, the review session, its screens, agreement between annotators, and exchange with the outside. What a decision
does to a cell is not decided here: events are appended, and the database floor folds them.
"""

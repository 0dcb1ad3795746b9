"""The edges: sources, HTTP, schedules, settings, the command line, and the stand-in that demonstrates them.

Only here are a clock, a network, settings and Prefect. A flow tells the story in calls to the lower floors and keeps no
logic of its own; nothing imports this package.
"""

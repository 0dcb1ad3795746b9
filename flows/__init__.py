"""The edges: sources, HTTP, schedules, settings and the command line. Only here is there a clock, a network or Prefect."""

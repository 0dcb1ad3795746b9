"""Reading papers for facts: bytes in, frozen values out. No network, clock, database or Prefect."""

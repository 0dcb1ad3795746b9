"""What people decide: who looks at what, in which order, and how a key becomes an event."""

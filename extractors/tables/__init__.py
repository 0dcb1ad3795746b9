"""Reads facts in tables: what columns mean, whose rows they are, and the values in their cells."""

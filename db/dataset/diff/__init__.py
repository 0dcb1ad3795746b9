"""What two releases say differently, from their folders alone: no database is asked."""

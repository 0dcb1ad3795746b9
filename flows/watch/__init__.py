"""What watches over the nights: their reports, alarms from them, delivery, and figures for a monitoring system."""

"""Announcements: what staff write to many at once, and who does not want it."""

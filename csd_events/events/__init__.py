"""Webinars, forums and training programs: what, when, and for how many."""

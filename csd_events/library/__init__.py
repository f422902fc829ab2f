"""Case studies: what happened elsewhere, and how sure we are of it."""

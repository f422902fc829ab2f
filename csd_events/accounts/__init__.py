"""People, and how some of them sign in."""

"""What the drivers need to know of the program: its visitors, servers and rows."""

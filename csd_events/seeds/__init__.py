"""A small world to try the program in, and a large one to try its speed in."""

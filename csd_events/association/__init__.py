"""The association that runs the program: one row, and every page speaks for it."""

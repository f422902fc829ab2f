"""What the linters cannot see."""

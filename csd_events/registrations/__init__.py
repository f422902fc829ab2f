"""Places, the waiting list, and every mail about them."""

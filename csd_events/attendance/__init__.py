"""Who came: the join page and what it records."""

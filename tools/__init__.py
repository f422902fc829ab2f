"""What `make` runs: installing, serving, testing. Nothing here is needed to serve."""

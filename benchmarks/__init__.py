"""Speed and memory of the program beside a bare one: `make bench`."""

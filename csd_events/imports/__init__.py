"""Files that staff send: compared line by line, written in pieces, taken back."""

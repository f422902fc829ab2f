"""Members who register: they carry the cookie of an account."""

"""Which columns a file has, and which field each of them feeds."""

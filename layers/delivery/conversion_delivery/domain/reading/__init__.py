"""From bytes to rows, and from rows to slices: how one file is read."""

"""The Events API: one POST, and what its answer means."""

"""How long a file takes and what it costs: from measured stages, on paper and in a simulation of events."""

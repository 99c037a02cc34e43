"""What a process needs around the workflows: settings, logging, and the one composition root."""

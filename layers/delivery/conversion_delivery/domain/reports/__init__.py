"""What the customer gets back: numbers, rejected rows, outcomes."""

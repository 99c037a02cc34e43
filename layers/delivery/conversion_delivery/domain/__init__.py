"""Pure rules: no clock, no network, no environment, no AWS."""

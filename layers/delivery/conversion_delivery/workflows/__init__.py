"""One verb per file. Talks to ports (see ports.py) and to the domain, never to AWS or HTTP."""

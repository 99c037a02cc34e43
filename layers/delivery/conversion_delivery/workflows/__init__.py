"""One verb per file. Talks to ports (see ports.py and its neighbours) and to the domain, never to AWS or HTTP."""

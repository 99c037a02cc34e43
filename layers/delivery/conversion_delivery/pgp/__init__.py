"""PGP messages: decrypted in a process of their own, as a stream."""

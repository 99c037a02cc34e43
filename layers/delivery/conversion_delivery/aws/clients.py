"""How every AWS client of this project is configured: short time limits, and a bounded number of attempts.

The time limits keep a hanging service from eating a function's time; what still fails goes back to the queue.
"""

from __future__ import annotations

from botocore.config import Config

ATTEMPTS = 5
"""Of one call, the first included (botocore's ``standard`` mode, which waits with jitter between them)."""

CONNECT_SECONDS = 2
READ_SECONDS = 5


def client_config(pool_size: int = 10) -> Config:
    """The configuration for ``boto3.client``; ``pool_size`` is the number of threads that share the client."""
    return Config(
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=pool_size,
        tcp_keepalive=True,
    )

"""How every AWS client of this project is configured: short time limits, and a bounded number of attempts.

The time limits keep a hanging service from eating a function's time; what still fails goes back to the queue.
"""

from __future__ import annotations

from botocore.config import Config

ATTEMPTS = 5
"""Of one call, the first included (botocore's ``standard`` mode, which waits with jitter between them)."""

CONNECT_SECONDS = 2
READ_SECONDS = 5


def client_config(pool_size: int = 10, *, checks_parameters: bool = True) -> Config:
    """The configuration for ``boto3.client``; ``pool_size`` is the number of threads that share the client.

    DynamoDB's client does without botocore's own check of parameters: it costs a fifth of the time of a claim, and
    what it would find DynamoDB refuses as well (``AWS_REFUSED``).
    """
    return Config(
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=pool_size,
        parameter_validation=checks_parameters,
        tcp_keepalive=True,
    )

"""How to reach the emulated AWS: address, made-up credentials, clients.

In: the port of the emulator. Out: boto3 clients that can reach nothing else. Owns no failure.
"""

from __future__ import annotations

import socket
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

LOOPBACK = "127.0.0.1"
REGION = "us-east-1"

_CONFIG = Config(retries={"mode": "standard", "max_attempts": 3}, connect_timeout=5, read_timeout=60)


def free_port() -> int:
    """A port on the loopback interface that nobody uses at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


class Endpoints:
    """Clients for one emulator, made once each: making one takes longer than most calls, and they may be shared."""

    def __init__(self, port: int, sftp_port: int | None = None) -> None:
        self.port = port
        self.sftp_port = sftp_port
        """Where the SFTP server listens on the loopback interface; None where there is none."""
        self.url = f"http://{LOOPBACK}:{port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to work with this emulator and with nothing else."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @cached_property
    def session(self) -> boto3.Session:
        """For services that have no property here; give their clients ``endpoint_url``."""
        return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106 (made up)

    @cached_property
    def cloudformation(self) -> CloudFormationClient:
        return self.session.client("cloudformation", endpoint_url=self.url, config=_CONFIG)

    @cached_property
    def cloudwatch(self) -> CloudWatchClient:
        return self.session.client("cloudwatch", endpoint_url=self.url, config=_CONFIG)

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        return self.session.client("dynamodb", endpoint_url=self.url, config=_CONFIG)

    @cached_property
    def functions(self) -> LambdaClient:
        return self.session.client("lambda", endpoint_url=self.url, config=_CONFIG)

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        return self.session.client("logs", endpoint_url=self.url, config=_CONFIG)

    @cached_property
    def s3(self) -> S3Client:
        return self.session.client("s3", endpoint_url=self.url, config=_CONFIG)

    @cached_property
    def secrets(self) -> SecretsManagerClient:
        return self.session.client("secretsmanager", endpoint_url=self.url, config=_CONFIG)

    @cached_property
    def sqs(self) -> SQSClient:
        return self.session.client("sqs", endpoint_url=self.url, config=_CONFIG)

    @cached_property
    def ssm(self) -> SSMClient:
        return self.session.client("ssm", endpoint_url=self.url, config=_CONFIG)

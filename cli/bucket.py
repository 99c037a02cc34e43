"""``conversions bucket``: make a bucket that exists already announce its uploads to the stack.

For a stack with the parameter ExistingBucketName. Looks at the bucket first, and changes nothing but its notifications;
those that others have set up stay.
"""

from __future__ import annotations

import argparse

from cli.operated_stack import OperatedStack
from cli.operation import DONE, NOTHING, add_common_arguments, is_confirmed, operate
from conversion_delivery.aws.bucket_connection import BucketConnection
from conversion_delivery.aws.faults import answered


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the sub-verbs and their options."""
    verbs = parser.add_subparsers(dest="bucket_verb", required=True, metavar="check|connect")
    add_common_arguments(verbs.add_parser("check", help="say what is not as it should be"))
    add_common_arguments(verbs.add_parser("connect", help="check, and add the notifications"), changes=True)


def run(args: argparse.Namespace) -> int:
    """Carry the verb out; its exit code."""
    work = _check if args.bucket_verb == "check" else _connect
    return operate(f"bucket {args.bucket_verb}", args, lambda stack: work(stack, args))


def _connection(stack: OperatedStack) -> BucketConnection:
    with answered("GetQueueAttributes"):
        attributes = stack.client("sqs").get_queue_attributes(
            QueueUrl=stack.outputs["UploadsQueueUrl"], AttributeNames=["QueueArn"]
        )
    return BucketConnection(
        stack.client("s3"),
        stack.outputs["Bucket"],
        stack=stack.name,
        queue_arn=attributes["Attributes"]["QueueArn"],
        sftp=stack.parameters.get("SftpEndpoint", "none") != "none",
        key_arn=stack.parameters.get("ExistingBucketKeyArn", ""),
    )


def _print_findings(connection: BucketConnection) -> bool:
    """Whether nothing stands in the way."""
    findings = connection.findings()
    for finding in findings:
        print(f"{'must' if finding.is_obstacle else 'note'}  {finding.text}")
    return not any(finding.is_obstacle for finding in findings)


def _check(stack: OperatedStack, args: argparse.Namespace) -> int:
    connection = _connection(stack)
    is_fit = _print_findings(connection)
    connected = connection.is_connected()
    print(f"{stack.outputs['Bucket']} {'announces' if connected else 'does not announce'} its uploads to {stack.name}.")
    return DONE if is_fit and connected else NOTHING


def _connect(stack: OperatedStack, args: argparse.Namespace) -> int:
    connection = _connection(stack)
    if not _print_findings(connection):
        print("Nothing was changed.")
        return NOTHING
    if connection.is_connected():
        print(f"{stack.outputs['Bucket']} is connected already.")
        return DONE
    print(f"Adds notifications to {stack.outputs['Bucket']}; those that are there stay.")
    if is_confirmed(args, "Connect?"):
        connection.connect()
        print("Connected. Files that were uploaded before are not announced; `conversions resend` reads one of them.")
    return DONE

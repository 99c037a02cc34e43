"""Deploys the built template to the emulated AWS.

In: a build and template parameters. Out: the stack's outputs. Owns the failure ``DeploymentFailed`` (which resource,
and why). The template goes in as ``sam build`` made it; only the places of its archives are filled in.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local.aws.build import ARTIFACTS_BUCKET, Build
from local.aws.endpoints import Endpoints

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef

STACK_NAME = "conversions-local"
WAIT_SECONDS = 120

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


class DeploymentFailed(Exception):
    """The stack could not be created or updated; the text names the first resource that failed."""


def deploy(endpoints: Endpoints, build: Build, parameters: Mapping[str, str], name: str = STACK_NAME) -> dict[str, str]:
    """Create the stack, or update it where something changed; returns its outputs.

    Raises ``DeploymentFailed``.
    """
    cloudformation = endpoints.cloudformation
    request = {
        "StackName": name,
        "TemplateURL": _upload(endpoints, build),
        "Parameters": _parameters({**build.parameters, **parameters}),
        "Capabilities": _CAPABILITIES,
    }
    try:
        if _status(endpoints, name):
            cloudformation.update_stack(**request)  # type: ignore[arg-type]  # one dict serves both calls
        else:
            cloudformation.create_stack(**request)  # type: ignore[arg-type]  # one dict serves both calls
    except ClientError as problem:
        if "No updates are to be performed" not in str(problem):
            raise DeploymentFailed(str(problem)) from problem
    outputs = _wait(endpoints, name)
    wake(endpoints)
    return outputs


def wake(endpoints: Endpoints) -> None:
    """Enable event sources that came out of a kept state: the functions behind them are up to date now."""
    functions = endpoints.functions
    for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
        if mapping["State"] == "Disabled":
            functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def _parameters(values: Mapping[str, str]) -> list[ParameterTypeDef]:
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in sorted(values.items())]


def _upload(endpoints: Endpoints, build: Build) -> str:
    """Put archives and template where the stack can read them; returns the template's address."""
    s3 = endpoints.s3
    s3.create_bucket(Bucket=ARTIFACTS_BUCKET)
    listing = s3.list_objects_v2(Bucket=ARTIFACTS_BUCKET)
    present = {entry["Key"] for entry in listing.get("Contents", [])}
    for archive in build.archives:
        if archive.name not in present:
            s3.put_object(Bucket=ARTIFACTS_BUCKET, Key=archive.name, Body=archive.read_bytes())
    s3.put_object(Bucket=ARTIFACTS_BUCKET, Key="template.yaml", Body=build.template.read_bytes())
    return f"{endpoints.url}/{ARTIFACTS_BUCKET}/template.yaml"


def _status(endpoints: Endpoints, name: str) -> str:
    """The stack's state; empty where there is no stack."""
    try:
        return endpoints.cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    except ClientError:
        return ""


def _wait(endpoints: Endpoints, name: str) -> dict[str, str]:
    deadline = time.monotonic() + WAIT_SECONDS
    while (status := _status(endpoints, name)).endswith("_IN_PROGRESS"):
        if time.monotonic() > deadline:
            raise DeploymentFailed(f"The stack was still {status} after {WAIT_SECONDS} s.")
        time.sleep(0.1)
    if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise DeploymentFailed(f"The stack is {status or 'missing'}. {_first_failure(endpoints, name)}")
    stack = endpoints.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _first_failure(endpoints: Endpoints, name: str) -> str:
    events = endpoints.cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failures = [event for event in events if event.get("ResourceStatus", "").endswith("_FAILED")]
    if not failures:
        return ""
    first = failures[-1]  # newest come first
    return f"{first.get('LogicalResourceId')}: {first.get('ResourceStatusReason', '')}"


def delete(endpoints: Endpoints, name: str = STACK_NAME) -> None:
    """Delete the stack and wait; what the template retains stays."""
    endpoints.cloudformation.delete_stack(StackName=name)
    deadline = time.monotonic() + WAIT_SECONDS
    while _status(endpoints, name) not in ("", "DELETE_COMPLETE"):
        if time.monotonic() > deadline:
            raise DeploymentFailed(f"The stack was not deleted within {WAIT_SECONDS} s.")
        time.sleep(0.1)

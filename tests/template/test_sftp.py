"""SFTP: what a server costs nobody who has not asked for it, and what its users and workflows may do."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from conversion_delivery.aws.sftp_users import folders, session_policy
from conversion_delivery.domain.uploads import INBOX, PARTIAL, UPLOADS, Upload
from tests.template.stack import Document, Stack, source, statements

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBcd"
NETWORK = {"SftpVpcId": "vpc-01234567", "SftpSubnetIds": "subnet-01234567,subnet-89abcdef"}
ROLES = ["SftpWorkflowRole", "SftpUserRole", "SftpLoggingRole"]
BUCKET = "arn:aws:s3:::<UsedBucket.Value>"


def public(**parameters: str) -> Stack:
    return Stack(SftpEndpoint="public", SftpPublicKey=KEY, **parameters)


def in_vpc(**parameters: str) -> Stack:
    return Stack(SftpEndpoint="vpc", SftpPublicKey=KEY, **NETWORK, **parameters)


def grants(role: str, **parameters: str) -> set[tuple[str, str]]:
    policies = public(**parameters).resource(role)["Policies"]
    entries = [entry for policy in policies for entry in statements(policy["PolicyDocument"])]
    assert {entry["Effect"] for entry in entries} == {"Allow"}
    return {(action, resource) for entry in entries for action in entry["Action"] for resource in entry["Resource"]}


def step(workflow: str, **parameters: str) -> Document:
    (only,) = public(**parameters).resource(workflow)["Steps"]
    found: Document = only
    return found


def copied_to(workflow: str) -> tuple[str, str]:
    place = step(workflow)["CopyStepDetails"]["DestinationFileLocation"]["S3FileLocation"]
    return place["Bucket"], place["Key"]


# --- only on request


def test_a_stack_without_sftp_has_nothing_of_it() -> None:
    stack = Stack(SftpPublicKey=KEY, SftpDecryption="yes", **NETWORK)

    assert [name for name in source()["Resources"] if name.startswith("Sftp") and name in stack] == []
    assert [name for name in stack.outputs if name.startswith("Sftp")] == []
    assert "inbox" not in json.dumps(stack.resource("SplitterRole"))
    assert "inbox" not in json.dumps(stack.resource("ConversionsBucket")["NotificationConfiguration"])


def test_nothing_but_sftp_changes_with_sftp() -> None:
    without, with_it = Stack(), in_vpc()
    touched = {"SplitterRole", "ConversionsBucket"}
    rest = [name for name in source()["Resources"] if not name.startswith("Sftp") and name in without]

    assert [name for name in rest if without.resource(name) != with_it.resource(name)] == sorted(
        touched, key=list(source()["Resources"]).index
    )


def test_a_server_without_a_key_has_no_user() -> None:
    assert "SftpServer" in Stack(SftpEndpoint="public")
    assert "SftpUser" not in Stack(SftpEndpoint="public")


# --- the server


def test_the_server_speaks_sftp_only_and_knows_its_own_users_only() -> None:
    server = public().resource("SftpServer")

    assert server["Protocols"] == ["SFTP"]
    assert (server["Domain"], server["IdentityProviderType"]) == ("S3", "SERVICE_MANAGED")
    assert re.fullmatch(r"TransferSecurityPolicy-20(2[4-9]|[3-9]\d)-\d\d", server["SecurityPolicyName"])


def test_folders_need_not_exist_before_the_first_login() -> None:
    assert public().resource("SftpServer")["S3StorageOptions"] == {"DirectoryListingOptimization": "ENABLED"}


def test_a_public_server_stands_in_no_network() -> None:
    stack = public(**NETWORK)

    assert stack.resource("SftpServer")["EndpointType"] == "PUBLIC"
    assert "EndpointDetails" not in stack.resource("SftpServer")
    assert "SftpAddresses" not in stack


def test_a_server_in_a_vpc_is_reached_from_nowhere_until_addresses_are_allowed() -> None:
    stack = in_vpc()
    details = stack.resource("SftpServer")["EndpointDetails"]

    assert stack.resource("SftpServer")["EndpointType"] == "VPC"
    assert details == {
        "VpcId": "vpc-01234567",
        "SubnetIds": ["subnet-01234567", "subnet-89abcdef"],
        "SecurityGroupIds": ["<SftpAddresses>"],
    }
    assert stack.resource("SftpAddresses")["SecurityGroupIngress"] == []


def test_allowed_addresses_reach_port_22_and_nothing_else() -> None:
    group = in_vpc(SftpAllowCidr="203.0.113.0/24", SftpAllowPrefixList="pl-01234567").resource("SftpAddresses")
    rules = group["SecurityGroupIngress"]

    assert [(rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) for rule in rules] == [("tcp", 22, 22)] * 2
    assert rules[0]["CidrIp"] == "203.0.113.0/24"
    assert rules[1]["SourcePrefixListId"] == "pl-01234567"
    assert [rule["CidrIp"] for rule in group["SecurityGroupEgress"]] == ["127.0.0.1/32"]


def test_fixed_addresses_are_attached_to_the_server() -> None:
    details = in_vpc(SftpElasticIpIds="eipalloc-01234567,eipalloc-89abcdef").resource("SftpServer")["EndpointDetails"]

    assert details["AddressAllocationIds"] == ["eipalloc-01234567", "eipalloc-89abcdef"]


def test_a_server_in_a_vpc_asks_for_the_vpc_before_anything_is_made() -> None:
    rule = source()["Rules"]["SftpInAVpcNeedsTheVpc"]
    asked = {each["Assert"]["Fn::Not"][0]["Fn::Equals"][0]["Ref"] for each in rule["Assertions"]}

    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "SftpEndpoint"}, "vpc"]}
    assert asked == {"SftpVpcId", "SftpSubnetIds"}


@pytest.mark.parametrize(
    ("parameter", "legal", "refused"),
    [
        ("SftpPublicKey", [KEY, KEY + " me@example.com", "ssh-rsa AAAA"], ["AAAA", "ssh-dss AAAA", KEY + "\n" + KEY]),
        ("SftpAllowCidr", ["203.0.113.7/32"], ["203.0.113.7", "::/0", "any"]),
        ("SftpAllowPrefixList", ["pl-0123456789abcdef0"], ["203.0.113.0/24", "pl-"]),
        ("SftpVpcId", ["vpc-0123456789abcdef0"], ["0123", "vpc"]),
        ("SftpSubnetIds", ["subnet-01234567"], ["subnet-01234567,", "subnet-01234567 subnet-01234567"]),
        ("SftpElasticIpIds", ["eipalloc-01234567"], ["203.0.113.7"]),
    ],
)
def test_nonsense_is_refused_before_anything_is_made(parameter: str, legal: list[str], refused: list[str]) -> None:
    pattern = source()["Parameters"][parameter]["AllowedPattern"]

    assert [value for value in legal if not re.fullmatch(pattern, value)] == []
    assert [value for value in refused if re.fullmatch(pattern, value)] == []


# --- workflows


@pytest.mark.parametrize(
    ("occasion", "workflow", "folder"),
    [("OnUpload", "SftpCompleteWorkflow", UPLOADS), ("OnPartialUpload", "SftpPartialWorkflow", PARTIAL)],
)
def test_a_file_goes_where_its_sender_is_called_like(occasion: str, workflow: str, folder: str) -> None:
    (attached,) = public().resource("SftpServer")["WorkflowDetails"][occasion]

    assert attached == {"WorkflowId": f"<{workflow}.WorkflowId>", "ExecutionRole": "<SftpWorkflowRole.Arn>"}
    assert copied_to(workflow) == ("<UsedBucket.Value>", folder + "${Transfer:UserName}/")


def test_a_complete_file_lands_where_the_splitter_looks_for_its_destination() -> None:
    _, folder = copied_to("SftpCompleteWorkflow")

    assert Upload("b", folder.replace("${Transfer:UserName}", "shop") + "a.csv", "v").destination == "shop"


@pytest.mark.parametrize("workflow", ["SftpCompleteWorkflow", "SftpPartialWorkflow"])
def test_a_second_file_of_the_same_name_is_not_dropped(workflow: str) -> None:
    assert step(workflow)["CopyStepDetails"]["OverwriteExisting"] == "TRUE"


def test_nothing_is_announced_of_what_broke_off() -> None:
    announced = public().resource("ConversionsBucket")["NotificationConfiguration"]["QueueConfigurations"]
    prefixes = [each["Filter"]["S3Key"]["Rules"][0]["Value"] for each in announced]

    assert not [prefix for prefix in prefixes if PARTIAL.startswith(prefix)]


def test_of_the_inbox_only_renamed_files_are_announced() -> None:
    announced = public().resource("ConversionsBucket")["NotificationConfiguration"]["QueueConfigurations"]
    (inbox,) = (each for each in announced if each["Filter"]["S3Key"]["Rules"][0]["Value"] == INBOX)

    assert inbox["Event"] == "s3:ObjectCreated:Copy"
    assert inbox["Queue"] == "<UploadsQueue.Arn>"


def test_the_server_decrypts_on_request_to_the_same_place() -> None:
    decrypting = step("SftpCompleteWorkflow", SftpDecryption="yes")

    assert (decrypting["Type"], decrypting["DecryptStepDetails"]["Type"]) == ("DECRYPT", "PGP")
    place = decrypting["DecryptStepDetails"]["DestinationFileLocation"]["S3FileLocation"]
    assert (place["Bucket"], place["Key"]) == copied_to("SftpCompleteWorkflow")
    assert decrypting["DecryptStepDetails"]["OverwriteExisting"] == "TRUE"


# --- roles


def on(resource: str, *actions: str) -> set[tuple[str, str]]:
    return {(action, resource) for action in actions}


COPYING = (
    on(
        f"{BUCKET}/inbox/*",
        *("s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging", "s3:GetObjectVersionTagging"),
    )
    | on(f"{BUCKET}/uploads/*", "s3:PutObject", "s3:PutObjectTagging")
    | on(f"{BUCKET}/partial/*", "s3:PutObject", "s3:PutObjectTagging")
    | on(BUCKET, "s3:ListBucket", "s3:GetBucketLocation")
)


def test_workflows_read_the_inbox_and_write_copies_and_nothing_else() -> None:
    assert grants("SftpWorkflowRole") == COPYING


def test_only_a_decrypting_server_reads_pgp_keys_and_only_those_of_sftp_servers() -> None:
    secrets = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:aws/transfer/*"

    assert grants("SftpWorkflowRole", SftpDecryption="yes") == COPYING | on(
        secrets, "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"
    )


def test_users_write_to_the_inbox_and_read_reports() -> None:
    assert grants("SftpUserRole") == (
        on(f"{BUCKET}/inbox/*", "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")
        | on(f"{BUCKET}/reports/*", "s3:GetObject")
        | on(BUCKET, "s3:ListBucket", "s3:GetBucketLocation")
    )


def test_users_destroy_no_version() -> None:
    assert not [action for action, _ in grants("SftpUserRole") if "Version" in action]


def test_the_splitter_copies_from_the_inbox_to_uploads_where_there_is_one() -> None:
    plain = {
        (action, resource)
        for policy in Stack().resource("SplitterRole")["Policies"]
        for entry in statements(policy["PolicyDocument"])
        for action in entry["Action"]
        for resource in entry["Resource"]
    }

    assert grants("SplitterRole") - plain == on(f"{BUCKET}/inbox/*", "s3:GetObject", "s3:GetObjectVersion") | on(
        f"{BUCKET}/uploads/*", "s3:PutObject"
    )


@pytest.mark.parametrize("role", ROLES)
def test_only_transfer_family_for_this_account_takes_a_role(role: str) -> None:
    (trust,) = public().resource(role)["AssumeRolePolicyDocument"]["Statement"]

    assert trust["Principal"] == {"Service": "transfer.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}


# --- the first user


def user() -> Document:
    return public(DestinationName="shop").resource("SftpUser")


def test_the_first_user_is_called_like_the_first_destination() -> None:
    assert user()["UserName"] == "shop"
    assert user()["SshPublicKeys"] == [KEY]
    assert user()["ServerId"] == "<SftpServer.ServerId>"


def test_the_first_user_has_the_folders_of_every_user() -> None:
    assert user()["HomeDirectoryType"] == "LOGICAL"
    assert user()["HomeDirectoryMappings"] == folders("<UsedBucket.Value>", "shop")
    assert user()["HomeDirectory"] in {entry["Entry"] for entry in user()["HomeDirectoryMappings"]}


def test_no_folder_of_a_user_lies_in_another() -> None:
    entries = [entry["Entry"] for entry in folders("b", "shop")]

    assert not [
        (one, two) for one in entries for two in entries if one != two and two.startswith(one.rstrip("/") + "/")
    ]


def test_the_first_user_has_the_session_policy_of_every_user() -> None:
    written: Any = json.loads(user()["Policy"])

    assert written == json.loads(session_policy(BUCKET, "shop"))


def test_a_session_policy_names_no_folder_but_the_users_own() -> None:
    policy: Any = json.loads(session_policy("arn:aws:s3:::b", "shop"))
    resources = {entry["Resource"] for entry in policy["Statement"]}

    assert resources == {"arn:aws:s3:::b", "arn:aws:s3:::b/inbox/shop/*", "arn:aws:s3:::b/reports/shop/*"}
    (listing,) = (entry for entry in policy["Statement"] if entry["Action"] == "s3:ListBucket")
    assert listing["Condition"] == {
        "StringLike": {"s3:prefix": ["inbox/shop", "inbox/shop/*", "reports/shop", "reports/shop/*"]}
    }


# --- what is kept, and who hears of a failure


@pytest.mark.parametrize("rule", ["inbox", "partial"])
def test_what_came_by_sftp_is_kept_as_long_as_uploads(rule: str) -> None:
    rules = public(UploadRetentionDays="3").resource("ConversionsBucket")["LifecycleConfiguration"]["Rules"]
    (entry,) = (each for each in rules if each["Id"] == rule)

    assert (entry["Prefix"], entry["ExpirationInDays"]) == (f"{rule}/", "3")


def test_logs_are_kept_as_long_as_the_functions_logs() -> None:
    stack = public(LogRetentionDays="7")

    assert stack.resource("SftpLogGroup")["RetentionInDays"] == "7"
    assert stack.resource("SftpServer")["StructuredLogDestinations"] == ["<SftpLogGroup.Arn>"]


def test_a_file_that_was_not_handed_over_rings() -> None:
    alarm = public().resource("SftpHandOverAlarm")

    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Transfer", "OnUploadExecutionsFailed")
    assert alarm["Dimensions"] == [{"Name": "ServerId", "Value": "<SftpServer.ServerId>"}]
    assert alarm["AlarmActions"] == ["<AlarmsTopic>"]
    assert alarm["Threshold"] == 0

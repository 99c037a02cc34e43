"""What a function imports when it starts: nothing that its usual path does not need, and the processor time it takes.

A fresh interpreter sees the packages that a function has, and none of the development's (which botocore would import).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SITE_PACKAGES = Path(sysconfig.get_path("purelib"))

OF_THE_RUNTIME = ("boto3", "botocore", "s3transfer", "dateutil", "six.py", "jmespath")
"""What Lambda's Python has by itself."""

FILES_OF = {"phonenumberslite": "phonenumbers", "typing-extensions": "typing_extensions.py"}
"""Package -> its file or folder, where that is not its name."""

START = """
import sys, time, json, os
begun = time.process_time()
from conversion_delivery.runtime import bootstrap
imported = time.process_time()
getattr(bootstrap, sys.argv[1])(dict(json.loads(sys.argv[2])))
ready = time.process_time()
print(json.dumps({"seconds": ready - begun, "imports": imported - begun, "modules": sorted(sys.modules)}))
"""

ENVIRONMENT = {
    "STACK_NAME": "stack",
    "FILE_PROGRESS_TABLE": "progress",
    "EVENT_LEDGER_TABLE": "ledger",
    "BUCKET_NAME": "bucket",
    "BATCHES_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/000000000000/batches",
    "UPLOADS_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/000000000000/uploads",
}
AWS = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
}

NEVER = ("aws_xray_sdk", "pysequoia", "zstandard", "awscrt", "OpenSSL", "numpy")
"""Heavy packages that no start may import: decryption and zstd are for files that need them."""

NOT_IN: dict[str, tuple[str, ...]] = {
    "splitter": ("requests", "conversion_delivery.tiktok"),
    "sender": (),
}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with links to what a function can import."""
    folder = tmp_path_factory.mktemp("packages")
    pinned = (ROOT / "layers/dependencies/requirements.txt").read_text()
    names = [FILES_OF.get(name, name.replace("-", "_")) for name in re.findall(r"^([\w-]+)==", pinned, re.M)]
    for name in {*names, *OF_THE_RUNTIME}:
        assert (SITE_PACKAGES / name).exists(), name
        (folder / name).symlink_to(SITE_PACKAGES / name)
    for metadata in SITE_PACKAGES.glob("pydantic*.dist-info"):
        (folder / metadata.name).symlink_to(metadata)
    return folder


def started(function: str, packages: Path) -> dict[str, Any]:
    """A cold start in a process of its own."""
    path = [str(ROOT / "layers/delivery"), str(packages)]
    code = f"import sys; sys.path[:0] = {path!r}\n{START}"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, function, json.dumps(ENVIRONMENT)],
        env=AWS,
        capture_output=True,
        text=True,
        check=True,
    )
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@pytest.mark.parametrize("function", ["splitter", "sender"])
def test_a_start_imports_nothing_that_the_usual_path_does_not_need(function: str, packages: Path) -> None:
    start = started(function, packages)
    print(f"{function}: {start['seconds']:.2f} CPU seconds, {start['imports']:.2f} of them imports")
    unwanted = (*NEVER, *NOT_IN[function])
    found = [name for name in start["modules"] if any(name == each or name.startswith(f"{each}.") for each in unwanted)]
    assert found == []

"""Starts the emulated AWS with its known gaps mended.

In: the environment that ``local.aws.emulator`` sets. Out: ministack, serving on the loopback interface until SIGTERM.
Owns the failure "another release than the one these replacements were written for": it refuses to start.

Run by the emulator's own Python, because ministack and the project's packages do not fit into one environment; so it
imports nothing of the project but ``local.aws.gaps``. What is replaced, and why the real template needs it:

- ranged GET with a version id (answers the whole object): a batch would be read with other rows;
- permission checks of PartiQL statements and of SQS batches (ask for actions that AWS does not have);
- resources that CloudFormation does not know or half knows, alarms among them;
- SFTP servers of a template, their workflows, and S3's notices of what they receive;
- the condition key ``events:source``: a role that may publish events of its own stack only could publish none;
- ``aws:SecureTransport`` (always false on http): TLS-only policies would shut everybody out;
- queue URLs (hold the port of the moment): a kept state would lose its queues when the port changes;
- messages that were being handled when the emulator stopped: nobody handles them now, so they are visible at once;
- event sources of a kept state: they rest until the deployment wakes them, or old settings would handle messages;
- unpacking of layers: once, instead of at every start of a worker.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from local.aws.gaps.alarms import mend_alarms
from local.aws.gaps.cloudformation import NO_OP_TYPES, mend_cloudformation
from local.aws.gaps.kept_state import mend_event_sources, mend_queues
from local.aws.gaps.permissions import (
    mend_batch_permissions,
    mend_event_sources_of_events,
    mend_partiql_permissions,
    mend_secure_transport,
)
from local.aws.gaps.s3_ranges import mend_s3
from local.aws.gaps.sftp import mend_sftp
from local.aws.gaps.workers import end_workers, require_workers, share_unpacked_archives

VERSION = "1.5.33"


def end_with(parent: int) -> None:
    """Stop cleanly when the process that started this one is gone, so that no emulator outlives its user unseen."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def mend() -> None:
    """Put every replacement in place."""
    part = _part
    mend_s3(part("services.s3"))
    mend_partiql_permissions(part("core.iam_actions"))
    mend_batch_permissions(part("core.iam_actions"))
    mend_secure_transport(part("core.iam_evaluator"))
    mend_event_sources_of_events(part("core.iam_actions"), part("core.iam_evaluator"))
    mend_cloudformation(part("services.cloudformation.provisioners"), part("services.lambda_svc"))
    mend_alarms(part("services.cloudformation.provisioners"), part("services.cloudwatch"))
    mend_sftp(part("services.cloudformation.provisioners"), part("services.transfer"), part("services.s3"))
    mend_queues(part("services.sqs"))
    mend_event_sources(part("services.lambda_svc"))
    require_workers(part("core.lambda_runtime"))
    share_unpacked_archives(part("core.lambda_runtime"), Path(os.environ["UNPACKED_DIR"]))


def _part(name: str) -> Any:
    return importlib.import_module(f"ministack.{name}")


def main() -> None:
    """Mend, say what is not emulated, serve. Blocks until SIGTERM."""
    end_with(os.getppid())
    found = importlib.metadata.version("ministack")
    if found != VERSION:
        raise SystemExit(f"ministack {VERSION} is needed, {found} is installed")
    app = _part("app")
    mend()
    print("Not emulated (accepted, nothing comes of them):", ", ".join(NO_OP_TYPES), flush=True)
    try:
        app.main()
    finally:
        end_workers(_part("core.lambda_runtime"))
    Path(os.environ["RUNNING_MARKER"]).unlink(missing_ok=True)  # gone means: everything was saved


if __name__ == "__main__":
    sys.argv = sys.argv[:1]
    main()

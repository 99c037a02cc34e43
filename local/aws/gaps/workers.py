"""Workers: each start of a function unpacks its archives anew; and a worker can outlive the emulator.

On AWS a layer is unpacked once and mounted. Here too, then: an archive is unpacked once per content, into a folder that
stays, and workers get links to it. That saves a second per start, and the byte code stays as well.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

from local.aws.gaps.replacing import GapMoved, require

UNUSED_SECONDS = 7 * 86400
"""Unpacked archives that nobody has used for so long are removed at a start."""


def share_unpacked_archives(lambda_runtime: Any, root: Path) -> None:
    """Let workers link to unpacked archives below ``root`` instead of unpacking their own."""
    if getattr(lambda_runtime, "zipfile", None) is not zipfile:
        raise GapMoved("ministack.core.lambda_runtime unpacks archives in another way")
    root.mkdir(parents=True, exist_ok=True)
    for folder in root.iterdir():
        if folder.stat().st_mtime < time.time() - UNUSED_SECONDS:
            shutil.rmtree(folder)

    class SharedArchive(zipfile.ZipFile):
        def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:
            for entry in _unpacked(self, root).iterdir():
                (Path(path) / entry.name).symlink_to(entry)

    class Zipfile:
        """The module as the workers' code sees it."""

        ZipFile = SharedArchive

        def __getattr__(self, name: str) -> Any:
            return getattr(zipfile, name)

    lambda_runtime.zipfile = Zipfile()


def _unpacked(archive: zipfile.ZipFile, root: Path) -> Path:
    """The folder with the archive's content; made complete before it gets its name."""
    folder = root / hashlib.sha256(Path(str(archive.filename)).read_bytes()).hexdigest()[:32]
    if not folder.exists():
        draft = Path(tempfile.mkdtemp(dir=root))
        zipfile.ZipFile.extractall(archive, draft)
        try:
            draft.rename(folder)
        except OSError:  # another worker was faster
            shutil.rmtree(draft)
    os.utime(folder)
    return folder


def end_workers(lambda_runtime: Any) -> None:
    """End the processes of the functions; without this they would outlive the emulator."""
    lambda_runtime.kill_workers([worker for pool in lambda_runtime._workers.values() for worker in pool])


def require_workers(lambda_runtime: Any) -> None:
    """Make sure that ``end_workers`` will find what it needs."""
    require(lambda_runtime, "kill_workers", "_workers")

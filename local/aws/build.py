"""Builds the functions and layers for this machine and packs them for deployment.

In: template.yaml, functions/, layers/, the emulator's Python. Out: ``.aws-sam-local/``: the build, one archive per
function and layer, and the template that refers to them. Owns the failure "sam build failed" (``BuildFailed``).

The build has a folder of its own: its binary packages fit this machine's Python and processor, where functions run
under the emulator's interpreter, and must never be deployed to AWS. Nothing is done while nothing has changed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import platform
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
BUILD = PROJECT / ".aws-sam-local"
EMULATOR_PYTHON = PROJECT / ".venv-emulator" / "bin" / "python"

ARTIFACTS_BUCKET = "conversion-delivery-artifacts"

UNUSED_SECONDS = 86400
"""Archives of earlier builds stay this long: a deployment may be under way."""

_ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
_LOCATION = re.compile(r"^(?P<head> +(?:CodeUri|ContentUri): )(?P<folder>[A-Za-z0-9]+)$", re.MULTILINE)
_FIXED_TIME = (2020, 1, 1, 0, 0, 0)


class BuildFailed(Exception):
    """``sam build`` or what it needs failed; the text is its own last lines."""


@dataclass(frozen=True, slots=True)
class Build:
    """A finished build."""

    template: Path
    """The built template with the archives' places filled in."""
    archives: tuple[Path, ...]
    """Named by their content, so the same content is never uploaded twice."""
    python_runtime: str
    architecture: str

    @property
    def parameters(self) -> dict[str, str]:
        """Template parameters that the deployment must share with the build."""
        return {"PythonRuntime": self.python_runtime, "Architecture": self.architecture}


def ensure_build(folder: Path = BUILD) -> Build:
    """The build of what is in the tree now; built anew only if something has changed.

    Raises ``BuildFailed``.
    """
    runtime, architecture = _python_runtime(), _architecture()
    template, archives = folder / "packaged.yaml", folder / "archives"
    with _alone(folder):
        stamp, wanted = folder / "stamp", _fingerprint(runtime, architecture)
        if not stamp.exists() or stamp.read_text() != wanted:
            print(f"Building the functions for this machine ({runtime}, {architecture}), once", file=sys.stderr)
            stamp.unlink(missing_ok=True)
            _sam_build(folder, runtime, architecture)
            _pack(folder / "build", archives, template)
            stamp.write_text(wanted)
        named = re.findall(rf"s3://{ARTIFACTS_BUCKET}/(\S+\.zip)$", template.read_text(), re.MULTILINE)
        return Build(template, tuple(archives / name for name in sorted(set(named))), runtime, architecture)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One build at a time in a folder; others wait."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _python_runtime() -> str:
    """The emulator's Python runs the functions, so the build is made for it."""
    if not EMULATOR_PYTHON.exists():
        raise BuildFailed(f"{EMULATOR_PYTHON.parent.parent.name} is missing; `make environments` makes it.")
    probe = "import sys; print(f'python{sys.version_info[0]}.{sys.version_info[1]}')"
    return subprocess.run([EMULATOR_PYTHON, "-c", probe], capture_output=True, text=True, check=True).stdout.strip()


def _architecture() -> str:
    machine = platform.machine().lower()
    if machine not in _ARCHITECTURES:
        raise BuildFailed(f"The functions cannot be built for the processor {machine}.")
    return _ARCHITECTURES[machine]


def _fingerprint(runtime: str, architecture: str) -> str:
    digest = hashlib.sha256(f"{runtime} {architecture}\n".encode())
    for source in (PROJECT / "template.yaml", PROJECT / "functions", PROJECT / "layers", Path(__file__)):
        for path in _files(source):
            digest.update(f"{path.relative_to(PROJECT).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(source: Path) -> Iterator[Path]:
    """What belongs to the tree: no byte code, which comes and goes."""
    if source.is_file():
        yield source
        return
    for path in sorted(source.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _sam_build(folder: Path, runtime: str, architecture: str) -> None:
    command = [
        str(Path(sys.executable).with_name("sam")),
        *("build", "--cached", "--template-file", str(PROJECT / "template.yaml")),
        *("--build-dir", str(folder / "build"), "--cache-dir", str(folder / "cache")),
        *("--parameter-overrides", f"PythonRuntime={runtime}", f"Architecture={architecture}"),
    ]
    environment = {
        **os.environ,
        "PATH": f"{EMULATOR_PYTHON.parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "SAM_CLI_TELEMETRY": "0",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    answer = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    if answer.returncode != 0:
        raise BuildFailed("\n".join((answer.stdout + answer.stderr).strip().splitlines()[-15:]))


def _pack(build: Path, archives: Path, packaged: Path) -> None:
    """One archive per built folder, and the built template with its folders replaced by the archives' places."""
    archives.mkdir(parents=True, exist_ok=True)
    for old in archives.iterdir():
        if old.stat().st_mtime < time.time() - UNUSED_SECONDS:
            old.unlink()

    def place(location: re.Match[str]) -> str:
        archive = _archive(build / location["folder"], archives)
        return f"{location['head']}s3://{ARTIFACTS_BUCKET}/{archive.name}"

    template, places = _LOCATION.subn(place, (build / "template.yaml").read_text())
    folders = sum(1 for each in build.iterdir() if each.is_dir())
    if places != folders:
        raise BuildFailed(f"The built template names {places} folders, but {folders} were built.")
    packaged.write_text(template)


def _archive(folder: Path, archives: Path) -> Path:
    """Zip a folder so that equal content gives equal bytes."""
    draft = archives / f"{folder.name}.part"
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in _files(folder):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _FIXED_TIME)
            entry.external_attr = (0o755 if os.access(path, os.X_OK) else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    digest = hashlib.sha256(draft.read_bytes()).hexdigest()[:16]
    return draft.rename(archives / f"{folder.name}-{digest}.zip")


def main() -> int:
    """Build if needed and say where the result is."""
    try:
        build = ensure_build()
    except BuildFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"{build.template.relative_to(PROJECT)} is built for {build.python_runtime} on {build.architecture}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

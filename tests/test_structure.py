"""The shape of the tree: arrows point one way, and names say what a thing is."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "layers" / "delivery" / "conversion_delivery"

PORTS = ("workflows.ports", "workflows.upload_ports", "workflows.events_api_ports", "workflows.operator_ports")

ALLOWED = {
    "domain": {"domain"},
    "workflows": {"domain", "workflows"},
    "aws": {"domain", *PORTS, "aws"},
    "tiktok": {"domain", *PORTS, "tiktok"},
    "pgp": {"domain", "workflows.upload_ports", "pgp"},
    "runtime": {"domain", "workflows", "runtime"},
}
"""Folder -> what it may import of the project. ``runtime/bootstrap.py``, the composition root, may import all."""

THIRD_PARTY_OF_THE_DOMAIN = {"pydantic", "orjson", "phonenumbers", "zstandard"}

VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "processor"}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE)


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_imports_upwards(path: Path) -> None:
    if path.name == "bootstrap.py":
        return
    allowed = ALLOWED[path.relative_to(PACKAGE).parts[0]]
    for name in imports_of(path):
        if name.startswith("conversion_delivery."):
            inner = name.removeprefix("conversion_delivery.")
            assert any(inner == part or inner.startswith(f"{part}.") for part in allowed), f"{path.name}: {name}"
        assert not name.startswith(("cli", "local", "tests", "functions")), f"{path.name}: {name}"


@pytest.mark.parametrize(
    "path", [path for path in modules() if path.relative_to(PACKAGE).parts[0] == "domain"], ids=lambda path: path.name
)
def test_the_domain_knows_no_clock_network_or_environment(path: Path) -> None:
    forbidden = {"os", "time", "random", "secrets", "socket", "requests", "boto3", "botocore", "logging"}
    roots = {name.partition(".")[0] for name in imports_of(path)}
    assert not roots & forbidden


def test_only_the_function_entry_points_read_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for folder in ("layers/delivery", "functions")
        for path in (ROOT / folder).rglob("*.py")
        if "os.environ" in path.read_text() or "getenv" in path.read_text()
    ]
    assert sorted(readers) == [
        "functions/digest/app.py",
        "functions/sender/app.py",
        "functions/splitter/app.py",
        "functions/token_rotation/app.py",
    ]


def test_no_file_has_a_name_that_says_nothing() -> None:
    vague = [
        path
        for folder in ("layers/delivery", "functions", "cli", "local", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if VAGUE_NAMES & set(path.stem.split("_"))
    ]
    assert vague == []

"""The build: complete, made for the emulator's Python, and not made twice."""

from __future__ import annotations

import ast
import re
import sys
import zipfile
from pathlib import Path

import pytest

from local.aws import build

pytestmark = pytest.mark.pipeline

BROUGHT_BY_LAMBDA = {"boto3", "botocore"}


@pytest.fixture(scope="module")
def built() -> build.Build:
    return build.ensure_build()


def _third_party_imports() -> set[str]:
    """Top-level names that the functions import and neither Python, nor Lambda, nor the project brings."""
    names: set[str] = set()
    for folder in ("layers/delivery", "functions"):
        for path in (build.PROJECT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    names |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    names.add(node.module.partition(".")[0])
    return {
        name
        for name in names - sys.stdlib_module_names - BROUGHT_BY_LAMBDA - {"conversion_delivery"}
        if not name.startswith("mypy_boto3_")  # for the type checker only
    }


def _contents(built: build.Build, name: str) -> set[str]:
    (archive,) = [path for path in built.archives if path.name.startswith(f"{name}-")]
    with zipfile.ZipFile(archive) as opened:
        return set(opened.namelist())


def test_the_layer_holds_every_package_that_the_functions_import(built: build.Build) -> None:
    top_level = {Path(name).parts[1].removesuffix(".py") for name in _contents(built, "DependenciesLayer")}
    imported = _third_party_imports()
    assert "pydantic" in imported
    assert imported <= top_level


def test_the_layer_holds_every_pinned_package(built: build.Build) -> None:
    pinned = re.findall(
        r"^([a-z0-9-]+)==(\S+)", (build.PROJECT / "layers/dependencies/requirements.txt").read_text(), re.M
    )
    folders = {Path(name).parts[1].lower() for name in _contents(built, "DependenciesLayer")}
    assert len(pinned) > 5
    assert {f"{name.replace('-', '_')}-{version}.dist-info" for name, version in pinned} <= folders


def test_only_the_places_of_the_archives_differ_from_what_sam_built(built: build.Build) -> None:
    before = (build.BUILD / "build" / "template.yaml").read_text().splitlines()
    after = built.template.read_text().splitlines()
    changed = [(old.strip(), new.strip()) for old, new in zip(before, after, strict=True) if old != new]
    folders = {path.name for path in (build.BUILD / "build").iterdir() if path.is_dir()}
    assert {old.partition(": ")[2] for old, _ in changed} == folders
    for old, new in changed:
        key, _, folder = old.partition(": ")
        assert re.fullmatch(rf"{key}: s3://{build.ARTIFACTS_BUCKET}/{folder}-[0-9a-f]{{16}}\.zip", new)


def test_a_second_build_of_the_same_tree_does_nothing(built: build.Build) -> None:
    stamp = build.BUILD / "stamp"
    before = [path.stat().st_mtime_ns for path in (stamp, *built.archives)]
    assert build.ensure_build() == built
    assert [path.stat().st_mtime_ns for path in (stamp, *built.archives)] == before


def test_the_build_is_made_for_the_interpreter_that_runs_it(built: build.Build) -> None:
    tag = f"cpython-{built.python_runtime.removeprefix('python').replace('.', '')}"
    binaries = [
        name for name in _contents(built, "DependenciesLayer") if "_pydantic_core" in name and name.endswith(".so")
    ]
    assert [tag in name for name in binaries] == [True]

"""samconfig.toml: four environments that cannot be mistaken for each other."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.template.stack import ROOT, source

ENVIRONMENTS = ["default", "dev", "prod", "local"]


def config() -> dict[str, Any]:
    return tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))


def parameters(environment: str, command: str) -> dict[str, Any]:
    found: dict[str, Any] = config()[environment][command]["parameters"]
    return found


def overrides(environment: str, command: str) -> dict[str, str]:
    pairs = parameters(environment, command).get("parameter_overrides", [])
    return dict(pair.split("=", 1) for pair in pairs)


def test_the_environments_are_these() -> None:
    assert sorted(set(config()) - {"version"}) == sorted(ENVIRONMENTS)


def test_each_environment_is_a_stack_of_its_own() -> None:
    assert len({parameters(name, "global")["stack_name"] for name in ENVIRONMENTS}) == len(ENVIRONMENTS)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_validation_always_lints(environment: str) -> None:
    assert parameters(environment, "validate")["lint"] is True


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_deployment_may_make_roles_but_not_name_them(environment: str) -> None:
    assert parameters(environment, "deploy")["capabilities"] == "CAPABILITY_IAM"


@pytest.mark.parametrize("environment", ["default", "prod"])
def test_production_asks_before_it_changes_anything(environment: str) -> None:
    assert parameters(environment, "deploy")["confirm_changeset"] is True


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("command", ["build", "deploy"])
def test_every_override_is_a_legal_value_of_a_parameter(environment: str, command: str) -> None:
    for name, value in overrides(environment, command).items():
        entry = source()["Parameters"][name]
        if "AllowedValues" in entry:
            assert value in [str(allowed) for allowed in entry["AllowedValues"]]
        if entry["Type"] == "Number" and "MinValue" in entry:
            assert entry["MinValue"] <= int(value) <= entry["MaxValue"]


def test_a_local_build_stays_in_a_folder_that_is_never_deployed_for_real() -> None:
    folder = parameters("local", "build")["build_dir"]

    assert folder.startswith(".aws-sam-local/")
    assert parameters("local", "deploy")["template_file"] == f"{folder}/template.yaml"
    assert not [name for name in ENVIRONMENTS if name != "local" and "build_dir" in parameters(name, "build")]


def test_a_local_build_is_deployed_for_the_interpreter_that_it_was_built_for() -> None:
    runtime = {"PythonRuntime", "Architecture"}
    built = {name: value for name, value in overrides("local", "build").items() if name in runtime}
    deployed = {name: value for name, value in overrides("local", "deploy").items() if name in runtime}

    assert built == deployed
    assert set(built) == runtime

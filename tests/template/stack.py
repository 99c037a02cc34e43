"""The template as CloudFormation would see it: translated from SAM, with parameters and intrinsic functions worked out.

In: parameter values. Out: plain properties, in which a reference to a resource reads ``<Name>`` and an attribute
``<Name.Arn>``. Owns no failure: a function that it does not know stops the test.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]  # ships no types

Document = dict[str, Any]

ROOT = Path(__file__).parents[2]
PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": "eu-central-1",
    "AWS::AccountId": "111122223333",
    "AWS::StackName": "sales",
    "AWS::StackId": "arn:aws:cloudformation:eu-central-1:111122223333:stack/sales/1f2e3d4c-1111-2222-3333-0123456789ab",
}
NO_VALUE = object()


@cache
def source() -> Document:
    """The template as it is written."""
    document: Document = yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))
    return document


@cache
def translated() -> Document:
    """The template after the SAM transform, with dummy places for code."""
    document = deepcopy(source())
    for resource in document["Resources"].values():
        for place in ("CodeUri", "ContentUri"):
            if place in resource["Properties"]:
                resource["Properties"][place] = "s3://artifacts/code.zip"
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=PSEUDO["AWS::Region"]))
    result: Document = translator.translate(document, {"EventSourceId": "7000"})
    return result


class Stack:
    """The stack that these parameter values make; what is not given has the template's default."""

    def __init__(self, **given: str) -> None:
        document = translated()
        defaults = {name: str(entry["Default"]) for name, entry in document["Parameters"].items() if "Default" in entry}
        self._values = {**PSEUDO, **defaults, "EventSourceId": "7000", **given}
        self._conditions = document["Conditions"]
        self._resources = {
            name: resource
            for name, resource in document["Resources"].items()
            if self._holds(resource.get("Condition", True))
        }
        self.outputs: Document = {
            name: self._solve(output["Value"])
            for name, output in document["Outputs"].items()
            if self._holds(output.get("Condition", True))
        }

    def __contains__(self, name: str) -> bool:
        return name in self._resources

    def resource(self, name: str) -> Document:
        """The properties of one resource."""
        return self._properties(self._resources[name])

    def of_type(self, kind: str) -> dict[str, Document]:
        """The properties of every resource of a type such as ``AWS::SQS::Queue``."""
        return {name: self._properties(entry) for name, entry in self._resources.items() if entry["Type"] == kind}

    def attribute(self, name: str, attribute: str) -> Any:
        """Something beside the properties: ``DeletionPolicy``, ``DependsOn``."""
        return self._resources[name].get(attribute)

    def _properties(self, entry: Document) -> Document:
        solved: Document = self._solve(entry.get("Properties", {}))
        return solved

    def _holds(self, condition: Any) -> bool:
        if isinstance(condition, bool):
            return condition
        if isinstance(condition, str):
            return self._holds(self._conditions[condition])
        ((name, operand),) = condition.items()
        if name == "Fn::Not":
            return not self._holds(operand[0])
        if name == "Fn::And":
            return all(map(self._holds, operand))
        if name == "Fn::Equals":
            return bool(self._solve(operand[0]) == self._solve(operand[1]))
        raise NotImplementedError(name)

    def _solve(self, node: Any) -> Any:
        if isinstance(node, list):
            return [part for part in map(self._solve, node) if part is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, operand),) = node.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self._call(name, operand)
        solved = {key: self._solve(value) for key, value in node.items()}
        return {key: value for key, value in solved.items() if value is not NO_VALUE}

    def _call(self, name: str, operand: Any) -> Any:
        if name == "Ref":
            return self._reference(operand)
        if name == "Fn::GetAtt":
            return "<{}>".format(".".join(operand) if isinstance(operand, list) else operand)
        if name == "Fn::If":
            return self._solve(operand[1] if self._holds(operand[0]) else operand[2])
        if name == "Fn::Sub":
            return self._substitute(operand)
        if name == "Fn::Join":
            return str(operand[0]).join(self._solve(operand[1]))
        if name == "Fn::Select":
            return self._solve(operand[1])[int(operand[0])]
        if name == "Fn::Split":
            return self._solve(operand[1]).split(operand[0])
        raise NotImplementedError(name)

    def _reference(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        return self._values.get(name, f"<{name}>")

    def _substitute(self, operand: Any) -> str:
        text, names = operand if isinstance(operand, list) else (operand, {})
        pieces = text.split("${")
        done: str = pieces[0]
        for piece in pieces[1:]:
            name, _, rest = piece.partition("}")
            value = self._solve(names[name]) if name in names else self._reference(name)
            done += f"{value}{rest}"
        return done


def statements(policy: Document) -> Iterator[Document]:
    """The statements of a policy document, actions and resources always as lists."""
    for statement in policy["Statement"]:
        yield {
            **statement,
            "Action": _as_list(statement["Action"]),
            "Resource": _as_list(statement.get("Resource", [])),
        }


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

"""Destinations in memory, as an operator keeps them."""

from __future__ import annotations

from collections.abc import Mapping

from conversion_delivery.workflows.operator_ports import DestinationState


class FakeDestinationRegistry:
    def __init__(self) -> None:
        self.stored: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.states: dict[str, DestinationState] = {}

    def documents(self) -> Mapping[str, str]:
        return dict(self.stored)

    def put(self, destination: str, document: str) -> None:
        self.stored[destination] = document

    def put_token(self, destination: str, token: str) -> None:
        self.tokens[destination] = token

    def has_secret(self, destination: str) -> bool:
        return destination in self.tokens

    def state(self, destination: str) -> DestinationState | None:
        return self.states.get(destination)

    def put_state(self, destination: str, state: DestinationState) -> None:
        self.states[destination] = state

    def remove(self, destination: str) -> None:
        for kept in (self.stored, self.tokens, self.states):
            kept.pop(destination, None)

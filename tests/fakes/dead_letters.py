"""A dead-letter queue in memory, with a clock that a test moves instead of waiting."""

from __future__ import annotations

from collections.abc import Sequence

from conversion_delivery.workflows.operator_ports import DeadLetter, QueueDepth


class FakeDeadLetters:
    """``letters`` is what waits, ``hidden`` what somebody looks at, ``sent`` what went back to the source queue."""

    def __init__(self, *, moves_by_itself: bool = False) -> None:
        self.letters: list[DeadLetter] = []
        self.hidden: dict[str, DeadLetter] = {}
        self.sent: list[str] = []
        self.moves_by_itself = moves_by_itself
        self._made = 0

    def put(self, body: str, code: str = "") -> None:
        self._made += 1
        self.letters.append(DeadLetter(f"m{self._made}", f"r{self._made}", body, code))

    def depth(self) -> QueueDepth:
        return QueueDepth(len(self.letters), len(self.hidden))

    def take(self, most: int) -> Sequence[DeadLetter]:
        taken, self.letters = self.letters[:most], self.letters[most:]
        self.hidden |= {letter.receipt: letter for letter in taken}
        return taken

    def send_back(self, letter: DeadLetter) -> None:
        self.sent.append(letter.body)
        del self.hidden[letter.receipt]

    def put_back(self, letter: DeadLetter) -> None:
        self.letters.append(self.hidden.pop(letter.receipt))

    def move_all(self) -> bool:
        if self.moves_by_itself:
            self.sent += [letter.body for letter in self.letters]
            self.letters.clear()
        return self.moves_by_itself

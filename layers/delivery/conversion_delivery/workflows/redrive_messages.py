"""Send dead letters back to the queue they came from.

Safe at any time: what a message asks for is decided by the stored records, so one that comes twice, or weeks late,
does nothing a second time. A letter that a function parked because it breaks the contract would only come back: it is
left where it is unless the operator says otherwise.

SQS can move a whole queue by itself; that is used where nothing has to be picked out. Otherwise each letter is taken,
sent, and only then deleted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from conversion_delivery.workflows.operator_ports import DeadLetter, DeadLetters

MESSAGES_PER_TAKE = 10
EMPTY_TAKES = 3
"""SQS looks at a part of its servers for a short take, so a single empty one proves nothing."""


@dataclass(slots=True)
class Redriven:
    """What became of the letters."""

    sent_back: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    """Parked letters that stay, by the code that says why."""
    by_service: bool = False
    """SQS moves them all by itself; how many is for it to know."""


class RedriveMessages:
    """The operator's verb ``redrive`` for one dead-letter queue."""

    def __init__(self, letters: DeadLetters) -> None:
        self._letters = letters

    def run(self, *, limit: int | None = None, include_parked: bool = False) -> Redriven:
        """Send letters back until none is left or ``limit`` is reached."""
        if include_parked and limit is None and self._letters.move_all():
            return Redriven(by_service=True)
        done = Redriven()
        kept: dict[str, DeadLetter] = {}
        try:
            self._one_by_one(done, kept, limit, include_parked)
        finally:
            for letter in kept.values():
                self._letters.put_back(letter)
        return done

    def _one_by_one(self, done: Redriven, kept: dict[str, DeadLetter], limit: int | None, include_parked: bool) -> None:
        empty = 0
        while empty < EMPTY_TAKES and (limit is None or done.sent_back < limit):
            room = MESSAGES_PER_TAKE if limit is None else min(MESSAGES_PER_TAKE, limit - done.sent_back)
            letters = self._letters.take(room)
            known = [letter for letter in letters if letter.message_id in kept]
            empty = empty + 1 if len(known) == len(letters) else 0
            for letter in letters:
                if letter.code and not include_parked:
                    self._keep(done, kept, letter)
                else:
                    self._letters.send_back(letter)
                    done.sent_back += 1

    def _keep(self, done: Redriven, kept: dict[str, DeadLetter], letter: DeadLetter) -> None:
        if letter.message_id not in kept:
            done.skipped[letter.code] = done.skipped.get(letter.code, 0) + 1
        kept[letter.message_id] = letter

"""A model of SQS standard queues with dead-letter queues.

At least once, in any order: a message comes back when its visibility ends, and any message ever sent, acknowledged or
not, may be delivered once more. A message that was received too often moves to the dead-letter queue; a redrive brings
it back with a fresh count (https://docs.aws.amazon.com/AWSSimpleQueueService, standard queues, redrive).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.faults.virtual_time import HOUR

LONGEST_VISIBILITY = 12 * HOUR


@dataclass(eq=False, slots=True)
class Message:
    """One message and where it is in its life."""

    number: int
    queue: str
    body: str
    file_id: str
    batch: int | None
    """The batch that it points to; None for messages to the splitter."""
    visible_at: float
    receives: int = 0
    acknowledged: bool = False
    dead: bool = False

    @property
    def is_kept(self) -> bool:
        """It lies in its queue or in the dead-letter queue."""
        return not self.acknowledged


class MessageQueue:
    """All queues of the simulation."""

    def __init__(self, clock: Callable[[], float], visibility: dict[str, float], max_receives: int) -> None:
        self._clock = clock
        self._visibility = visibility
        self.max_receives = max_receives
        self.sent: list[Message] = []
        self._open: list[Message] = []
        self.redrives = 0
        self.moved_to_dead = 0

    def send(self, queue: str, body: str, file_id: str, batch: int | None = None, delay: float = 0) -> Message:
        message = Message(len(self.sent), queue, body, file_id, batch, self._clock() + delay)
        self.sent.append(message)
        self._open.append(message)
        return message

    def kept(self) -> Iterator[Message]:
        """Every message that still exists somewhere."""
        return (message for message in self._open if message.is_kept)

    def visible(self) -> list[Message]:
        now = self._clock()
        return [message for message in self._open if not message.dead and message.visible_at <= now]

    def next_visible_at(self) -> float | None:
        return min((message.visible_at for message in self._open if not message.dead), default=None)

    def receive(self, message: Message) -> bool:
        """Hide a visible message for its queue's visibility; False when this receive sent it to the dead letters."""
        if message.receives >= self.max_receives:
            message.dead = True
            self.moved_to_dead += 1
            return False
        message.receives += 1
        message.visible_at = self._clock() + self._visibility[message.queue]
        return True

    def acknowledge(self, message: Message) -> None:
        message.acknowledged = True
        if message in self._open:
            self._open.remove(message)

    def change_visibility(self, message: Message, seconds: float) -> None:
        """Hide a message for ``seconds`` from now; without effect once it is acknowledged, dead or visible again."""
        if not 0 <= seconds <= LONGEST_VISIBILITY:
            raise AssertionError(f"SQS takes 0 to 43200 seconds of visibility, not {seconds}")
        if message.acknowledged or message.dead or message.visible_at <= self._clock():
            return
        message.visible_at = self._clock() + seconds

    def bury(self, message: Message) -> None:
        """Move a message to the dead letters at once."""
        message.dead = True

    def redrive(self) -> int:
        """Bring every dead letter back; how many there were."""
        dead = [message for message in self._open if message.dead]
        for message in dead:
            message.dead, message.receives, message.visible_at = False, 0, self._clock()
        self.redrives += bool(dead)
        return len(dead)

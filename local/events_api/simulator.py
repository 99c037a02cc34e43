"""The Events API simulator: a server on 127.0.0.1, for tests (a thread) and for the command line (foreground).

Strict where TikTok is strict or where a slip would cost events, scripted where TikTok fails. It says what TikTok
would have counted. Not a proof about TikTok: it was written from public documents and never compared with the API.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import orjson

from local.events_api.clock import SimulatorClock
from local.events_api.control import Control
from local.events_api.event_memory import EventMemory
from local.events_api.fault_plan import FaultPlan, FaultRule, Faults, parse_plan
from local.events_api.http_server import HttpWire, LoopbackServer
from local.events_api.replies import Reply
from local.events_api.settings import SimulatorSettings
from local.events_api.state_file import StateFile
from local.events_api.track import TrackEndpoint, TrackRequest, parsed

TRACK_PATH = "/open_api/v1.3/event/track/"


class EventsApiSimulator:
    """``with EventsApiSimulator() as simulator: client = EventsApiClient(simulator.url)``."""

    def __init__(
        self,
        port: int = 0,
        *,
        token: str | None = None,
        settings: SimulatorSettings | None = None,
        faults: FaultPlan | Mapping[str, Any] | None = None,
        clock: Callable[[], float] | None = None,
        state: Path | None = None,
        log: Path | None = None,
    ) -> None:
        """``port`` 0 takes a free one. ``token``: the only valid token, over those of ``settings``.

        ``state`` keeps the memory of de-duplication between runs; ``log`` gets a JSON line for each request and
        answer. Raises ``OSError`` where the port is taken, ``FaultPlanInvalid``, ``StateFileUnreadable``.
        """
        self.settings = settings or SimulatorSettings()
        self.largest_body = self.settings.largest_body
        self.clock = SimulatorClock(clock) if clock else SimulatorClock()
        self._memory = EventMemory(
            self.clock.now, self.settings.kept_events, StateFile(state) if state is not None else None
        )
        self._endpoint = TrackEndpoint(self.settings, self._memory, self.clock)
        if token is not None:
            self.set_tokens({token: None})
        self._lock = threading.Lock()
        self._clear_counters()
        self.set_faults(faults)
        self._control = Control(self)
        self._server = LoopbackServer(port, self)
        self._log: IO[bytes] | None = None
        if log is not None:
            self._open_log(log)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """What a client takes as its endpoint, without a path."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Serve in a thread."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="events-api-simulator")
        self._thread.start()
        return self

    def stop(self) -> None:
        """End every exchange, hanging ones too, and wait for the threads."""
        if self._thread is not None:
            self._server.stop()
            self._thread.join()
            self._thread = None
        else:
            self._server.server_close()
        self._memory.close()
        with self._lock:
            if self._log is not None:
                self._log.close()
                self._log = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def events(self, verdict: str | None = None) -> list[dict[str, Any]]:
        """The received events that are kept, in order: ``counted``, ``counted_again``, ``duplicate`` or ``test``."""
        return [orjson.loads(line) for line in self._memory.page(0, self.settings.kept_events, verdict).lines]

    def page(self, offset: int, limit: int, verdict: str | None) -> tuple[list[bytes], int | None]:
        """Received events as JSON lines, and the offset that goes on."""
        return self._memory.page(offset, limit, verdict)

    def stats(self) -> dict[str, Any]:
        """Counts since the start or the last reset; ``known_event_ids`` includes what the state file brought."""
        with self._lock:
            requests, answers, faults = self._requests, dict(self._answers), dict(self._faulted)
            received, defects = self._received, self._defects
        return {
            "requests": requests,
            "received": received,
            **self._memory.stats(),
            "answers": answers,
            "faults": faults,
            "defects": defects,
        }

    def set_faults(self, plan: FaultPlan | Mapping[str, Any] | None) -> None:
        """Put a plan in force; requests are counted from 1 anew. Raises ``FaultPlanInvalid``."""
        parsed_plan = plan if isinstance(plan, FaultPlan) else parse_plan(plan or {})
        self._faults = Faults(parsed_plan)

    def set_tokens(self, tokens: Mapping[str, frozenset[str] | None]) -> None:
        """Replace the valid tokens (none: any token is valid)."""
        self._endpoint.tokens = dict(tokens)

    def reset(self) -> None:
        """Forget events, counts, faults and clock; tokens stay."""
        self._memory.reset()
        self.clock.release()
        self.set_faults(None)
        with self._lock:
            self._clear_counters()

    def _open_log(self, log: Path) -> None:
        try:
            self._log = log.open("ab", buffering=0)
        except OSError:
            self._server.server_close()
            raise

    def _clear_counters(self) -> None:
        self._requests = 0
        self._received = 0
        self._defects = 0
        self._answers: Counter[str] = Counter()
        self._faulted: Counter[str] = Counter()

    # What the HTTP server calls.

    def is_track(self, path: str) -> bool:
        return path == TRACK_PATH

    def track_begins(self) -> tuple[int, FaultRule | None]:
        faults = self._faults
        number = faults.begin()
        rule = faults.before_reading(number)
        with self._lock:
            self._requests += 1
            self._faulted.update([rule.label] if rule is not None else [])
        return number, rule

    def track(self, number: int, headers: Any, body: bytes, wire: HttpWire) -> None:
        document = parsed(body)
        request = TrackRequest(number, headers.get("Access-Token"), headers.get("Content-Type", "").lower(), document)
        rule = self._faults.find(number, document)
        self._count_arrival(request, rule)
        try:
            self._endpoint.serve(request, rule, wire)
        except ConnectionError:
            raise  # the client went away
        except Exception:
            with self._lock:
                self._defects += 1
            raise

    def _count_arrival(self, request: TrackRequest, rule: FaultRule | None) -> None:
        data = request.document.get("data") if isinstance(request.document, dict) else None
        events = len(data) if isinstance(data, list) else 0
        with self._lock:
            self._received += events
            self._faulted.update([rule.label] if rule is not None else [])
        self._write_log(request=request.number, events=events, fault=rule.label if rule is not None else None)

    def answered(self, number: int, answer: str) -> None:
        with self._lock:
            self._answers[answer] += 1
        self._write_log(request=number, answer=answer)

    def _write_log(self, **facts: int | str | None) -> None:
        with self._lock:
            if self._log is not None:
                self._log.write(orjson.dumps({"at": self.clock.now(), **facts}) + b"\n")

    def control(self, method: str, path: str, query: dict[str, str], body: bytes) -> Reply:
        return self._control.answer(method, path, query, body)

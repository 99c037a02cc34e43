"""``conversions check``: the same pure code as the functions, without AWS. Sends nothing.

Exit 0 nothing rejected, 1 some rows rejected, 2 file refused, 64 wrong usage.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import orjson

from cli.check_output import RowSink, print_summary
from cli.progress import ProgressBar
from cli.seen_events import SeenEvents
from conversion_delivery.domain.conversions import Conversion, Ignored, Problem, Rejection
from conversion_delivery.domain.destinations import DestinationSettings, parse_settings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.explanations import explain, sentence_for
from conversion_delivery.domain.reading.file_reading import HEAD_BYTES, Reading
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.slices import JudgedRow
from conversion_delivery.domain.reading.upload_planning import file_facts

NOTHING_REJECTED, ROWS_REJECTED, FILE_REFUSED, USAGE_ERROR = 0, 1, 2, 64

BLOCK = 1 << 20

DEFAULT_SETTINGS = DestinationSettings(
    event_source_id="0000000000000000000", default_currency="USD", default_country="US"
)
"""For a first look at a file without a settings document; the event source id is never sent anywhere."""


@dataclass(slots=True)
class CheckResult:
    """What a check has counted."""

    file: dict[str, Any]
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    first_lines: dict[str, list[int]] = field(default_factory=dict)
    """Code -> the first lines it was seen on."""

    def document(self) -> dict[str, Any]:
        names = ("rows_read", "accepted", "rejected", "duplicates", "ignored")
        return {
            "file": self.file,
            "counts": {name: self.counts[name] for name in names},
            "reasons": dict(sorted(self.reasons.items())),
            "warnings": dict(sorted(self.warnings.items())),
        }

    def saw(self, code: str, line: int) -> None:
        self.reasons[code] += 1
        lines = self.first_lines.setdefault(code, [])
        if len(lines) < 5:
            lines.append(line)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--settings", type=Path, metavar="S.json", help="the destination's settings document")
    parser.add_argument("--as-of", type=_moment, metavar="TIME", help="judge event ages as of this ISO 8601 time")
    parser.add_argument(
        "--json", dest="json_out", metavar="OUT", help="write the result as JSON (- for standard output)"
    )
    parser.add_argument("--rows", action="store_true", help="with --json: one entry per row")
    parser.add_argument("--events", action="store_true", help="with --rows: the event as it would be sent")


def run(arguments: argparse.Namespace) -> int:
    try:
        settings = _settings(arguments.settings)
    except (OSError, UploadRejected) as problem:
        return _usage(_sentence(problem))
    as_of = int((arguments.as_of or datetime.now(UTC)).timestamp())
    try:
        with arguments.file.open("rb") as file, _output(arguments.json_out) as out:
            sink = RowSink(out, rows=arguments.rows or arguments.events, events=arguments.events)
            result = check_file(file, arguments.file, settings, as_of, sink)
            sink.finish(result.document())
    except OSError as problem:
        return _usage(_sentence(problem))
    if arguments.json_out != "-":
        print_summary(result, arguments.file.name)
    if result.file["error"]:
        return FILE_REFUSED
    return ROWS_REJECTED if result.counts["rejected"] else NOTHING_REJECTED


def check_file(file: IO[bytes], path: Path, settings: DestinationSettings, as_of: int, sink: RowSink) -> CheckResult:
    """Read a whole file and judge its rows; bounded memory whatever its size."""
    size = path.stat().st_size
    reading = Reading()
    try:
        plan = reading.plan(file.read(HEAD_BYTES), size=size, name=path.name, settings=settings, as_of=as_of)
    except UploadRejected as refusal:
        return CheckResult(refused_facts(path.name, size, refusal))
    result = CheckResult(file_facts(plan, path.name, size))
    file.seek(plan.data_starts.offset)
    progress = ProgressBar(size, plan.data_starts.offset)
    rows = reading.rows(plan, _blocks(file, progress), plan.data_starts)
    judge = _Judge(plan, reading, result, sink)
    for judged in rows:
        judge.add(judged)
    progress.finish()
    return result


def refused_facts(name: str, size: int, refusal: UploadRejected) -> dict[str, Any]:
    """The ``file`` object of a file that is refused as a whole."""
    error = {"code": refusal.code, "message": sentence_for(refusal.code, refusal.facts)}
    unknown = dict.fromkeys(("layout", "encoding", "delimiter", "compression"))
    return {"name": name, "bytes": size, **unknown, "columns": {}, "ignored_columns": [], "error": error}


class _Judge:
    """Counts verdicts, finds repeated events, and hands each row to the sink."""

    def __init__(self, plan: ReadingPlan, reading: Reading, result: CheckResult, sink: RowSink) -> None:
        self._encoder = reading.encoder(plan)
        self._seen = SeenEvents()
        self._result = result
        self._sink = sink

    def add(self, judged: JudgedRow) -> None:
        self._result.counts["rows_read"] += 1
        verdict = judged.verdict
        if isinstance(verdict, Conversion):
            self._add_conversion(judged, verdict)
        elif isinstance(verdict, Rejection):
            self._result.counts["rejected"] += 1
            self._result.saw(verdict.problems[0].code, judged.line)
            self._sink.row(judged, "rejected", verdict.problems[0], _messages(verdict.problems, judged.line))
        elif isinstance(verdict, Ignored):
            self._result.counts["ignored"] += 1
            self._result.saw(verdict.problem.code, judged.line)
            self._sink.row(judged, "ignored", verdict.problem, explain(verdict.problem, judged.line))

    def _add_conversion(self, judged: JudgedRow, conversion: Conversion) -> None:
        encoded = self._encoder.encode(conversion)
        first = self._seen.first_line(encoded.event_key, judged.line)
        if first != judged.line:
            problem = Problem("ROW_DUPLICATE", "event_id", shown=str(first))
            self._result.counts["duplicates"] += 1
            self._result.saw(problem.code, judged.line)
            self._sink.row(judged, "duplicate", problem, explain(problem, judged.line))
            return
        self._result.counts["accepted"] += 1
        for problem in conversion.warnings:
            self._result.warnings[problem.code] += 1
        if self._sink.wants_rows:
            event = orjson.loads(encoded.body) if self._sink.wants_events else None
            self._sink.row(judged, "accepted", None, "", conversion.warnings, event)


def _messages(problems: tuple[Problem, ...], line: int) -> str:
    return " ".join(explain(problem, line if at == 0 else None) for at, problem in enumerate(problems))


def _blocks(file: IO[bytes], progress: ProgressBar) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        progress.add(len(block))
        yield block


def _settings(path: Path | None) -> DestinationSettings:
    return parse_settings(path.read_bytes()) if path else DEFAULT_SETTINGS


def _sentence(problem: OSError | UploadRejected) -> str:
    if isinstance(problem, UploadRejected):
        return sentence_for(problem.code, problem.facts)
    return f"{problem.filename}: {problem.strerror}"


def _usage(message: str) -> int:
    print(f"conversions check: {message}", file=sys.stderr)
    return USAGE_ERROR


@contextlib.contextmanager
def _output(target: str | None) -> Iterator[IO[str] | None]:
    if target is None:
        yield None
    elif target == "-":
        yield sys.stdout
    else:
        with Path(target).open("w", encoding="utf-8") as out:
            yield out


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("not an ISO 8601 time such as 2026-11-16T12:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""``conversions check``: the same pure code as the functions, without AWS. Sends nothing.

A file may be compressed, packed or encrypted as an upload may be. An archive of several files has one result each; the
JSON is then ``{"files": [...]}``, and the exit code is that of the worst.

Exit 0 nothing rejected, 1 some rows rejected, 2 file refused, 64 wrong usage.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import orjson

from cli.check_output import RowSink, print_summary
from cli.check_report import write_report
from cli.opened_file import PASSPHRASE_VARIABLE, KeyFiles, OpenedText, opened_texts, passphrase
from cli.progress import ProgressBar
from conversion_delivery.domain.conversions import Conversion, Ignored, Problem, Rejection
from conversion_delivery.domain.destinations import DestinationSettings, parse_settings
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.events.seen_events import SeenEvents
from conversion_delivery.domain.explanations import explain, sentence_for
from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.upload_planning import file_facts
from conversion_delivery.domain.reports.tallies import Tally

NOTHING_REJECTED, ROWS_REJECTED, FILE_REFUSED, USAGE_ERROR = 0, 1, 2, 64

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
    plan: ReadingPlan | None = None
    """None where the file is refused as a whole."""
    tally: Tally = field(default_factory=Tally)
    """Totals of the events that would be sent."""

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
    parser.add_argument("--html", type=Path, metavar="OUT", help="write the report as a page")
    parser.add_argument("--text", action="store_true", help="print the report as the mail that would be sent")
    parser.add_argument(
        "--pgp-key", type=Path, action="append", default=[], metavar="KEYFILE", help="private key (repeat for several)"
    )
    parser.add_argument(
        "--ask-passphrase",
        action="store_true",
        help=f"ask for the PGP key's passphrase; without it the variable {PASSPHRASE_VARIABLE} is used",
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
        keys = KeyFiles(arguments.pgp_key, passphrase(ask=arguments.ask_passphrase))
        with _output(arguments.json_out) as out:
            results = _check_all(arguments, settings, as_of, keys, out)
    except OSError as problem:
        return _usage(_sentence(problem))
    return max(map(_exit_code, results))


def _check_all(
    arguments: argparse.Namespace, settings: DestinationSettings, as_of: int, keys: KeyFiles, out: IO[str] | None
) -> list[CheckResult]:
    results: list[CheckResult] = []
    progress = ProgressBar(arguments.file.stat().st_size)
    for text in opened_texts(arguments.file, keys, progress.add):
        sink = RowSink(out, rows=arguments.rows or arguments.events, events=arguments.events)
        if out is not None and text.is_member:
            out.write(",\n" if results else '{"files":[\n')
        results.append(check_text(text, arguments.file.stat().st_size, settings, as_of, sink))
        progress.finish()
        sink.finish(results[-1].document())
        _show(results[-1], arguments, as_of, len(results), text.name)
    if out is not None and text.is_member:
        out.write("]}\n")
    return results


def _show(result: CheckResult, arguments: argparse.Namespace, as_of: int, number: int, name: str) -> None:
    """On the screen, and as a report; the pages of an archive's further files are numbered. Raises ``OSError``."""
    page: Path | None = arguments.html
    if page is not None and number > 1:
        page = page.with_stem(f"{page.stem}-{number}")
    if page is not None or arguments.text:
        write_report(result, as_of, html=page, text=arguments.text)
    if arguments.json_out != "-" and not arguments.text:
        print_summary(result, name)


def _exit_code(result: CheckResult) -> int:
    if result.file["error"]:
        return FILE_REFUSED
    return ROWS_REJECTED if result.counts["rejected"] else NOTHING_REJECTED


def check_text(text: OpenedText, size: int, settings: DestinationSettings, as_of: int, sink: RowSink) -> CheckResult:
    """Read a whole text and judge its rows; bounded memory whatever its size. ``size``: of the file as it came.

    A file that cannot be read to its end is refused with the counts of the rows before.
    """
    reading = Reading()
    result = CheckResult({})
    read = _Measured()
    try:
        if text.refusal is not None:
            raise text.refusal
        plan = reading.plan(text.head, size=text.size, name=text.name, settings=settings, as_of=as_of)
        found = {"encoding": text.encoding} if text.encoding else {}
        plan = plan.model_copy(update={"compression": text.compression, **found})
        result = CheckResult(file_facts(plan, text.name, size), plan=plan)
        judge = _Judge(plan, reading, result, sink)
        start = plan.data_starts
        read.bytes = start.offset
        for judged in reading.rows(plan, read.blocks(text.from_offset(start.offset)), start):
            judge.add(judged)
    except UploadRejected as refusal:
        result.file = (result.file or refused_facts(text.name, size)) | {"error": _error(refusal)}
    if text.is_member:
        result.file["bytes"] = None if result.file["error"] else read.bytes
    return result


class _Measured:
    """Counts the bytes of a text while it is read: how long a file of an archive is, nobody knows before."""

    def __init__(self) -> None:
        self.bytes = 0

    def blocks(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for block in blocks:
            self.bytes += len(block)
            yield block


def refused_facts(name: str, size: int) -> dict[str, Any]:
    """The ``file`` object of a file that is refused before its first row."""
    unknown = dict.fromkeys(("layout", "encoding", "delimiter", "compression"))
    return {"name": name, "bytes": size, **unknown, "columns": {}, "ignored_columns": []}


def _error(refusal: UploadRejected) -> dict[str, str]:
    return {"code": refusal.code, "message": sentence_for(refusal.code, refusal.facts)}


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
        self._result.tally.add(encoded)
        for problem in conversion.warnings:
            self._result.warnings[problem.code] += 1
        if self._sink.wants_rows:
            event = orjson.loads(encoded.body) if self._sink.wants_events else None
            self._sink.row(judged, "accepted", None, "", conversion.warnings, event)


def _messages(problems: tuple[Problem, ...], line: int) -> str:
    return " ".join(explain(problem, line if at == 0 else None) for at, problem in enumerate(problems))


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

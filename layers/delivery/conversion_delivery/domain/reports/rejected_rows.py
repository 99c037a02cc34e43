"""Rows that go back to the customer, in the form in which they came: rejected.csv, or rejected.jsonl for JSON Lines.

In: rows with what is wrong with them. Out: bytes in the file's own encoding: the customer's columns, unchanged, with
line, codes and messages behind them; an object with three keys more. The file can be corrected and dropped again as it
is: readers skip columns and keys that start with an underscore. A line that is no object goes back as the text of one.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator, Sequence

from conversion_delivery.domain.conversions import Rejection
from conversion_delivery.domain.explanations import explain, explain_outcome
from conversion_delivery.domain.reading.csv_safety import csv_line
from conversion_delivery.domain.reading.json_paths import TEXT_KEY, parse_object
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.rows import is_damaged
from conversion_delivery.domain.reading.windows_text import WINDOWS_1252, windows_bytes, windows_text
from conversion_delivery.domain.uploads import PARTS

REJECT_COLUMNS = ("_line", "_codes", "_messages")

_MARKS = {
    "utf-8-sig": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
"""Encoding of a plan -> the mark that such a file begins with."""


def rejected_name(plan: ReadingPlan) -> str:
    """The name of the file for the rows that go back."""
    return f"rejected.{rejected_ending(plan)}"


def rejected_ending(plan: ReadingPlan | None) -> str:
    """How the names of files and pieces with such rows end."""
    return "jsonl" if plan is not None and plan.format == "jsonl" else "csv"


def rejected_type(plan: ReadingPlan) -> str:
    """Its content type."""
    if plan.format == "jsonl":
        return "application/x-ndjson"
    return f"text/csv; charset={'utf-8' if plan.encoding == 'utf-8-sig' else plan.encoding}"


def rejected_header(plan: ReadingPlan) -> bytes:
    """What the file begins with: its mark, and the original header with our three columns (none in JSON Lines).

    Columns of an earlier rejected.csv are not repeated.
    """
    if plan.format == "jsonl":
        return b""
    header = csv_line((*own_cells(plan, plan.header), *REJECT_COLUMNS), plan.delimiter)
    if plan.encoding == WINDOWS_1252:
        return windows_bytes(header)
    return _MARKS.get(plan.encoding, b"") + _encoded(plan, header)


def rejected_lines(plan: ReadingPlan, rows: Iterable[JudgedRow]) -> Iterator[bytes]:
    """One line per rejected row."""
    for judged in rows:
        if isinstance(judged.verdict, Rejection):
            problems = judged.verdict.problems
            codes, messages = " ".join(problem.code for problem in problems), " ".join(map(explain, problems))
            yield _line(plan, judged.cells, (str(judged.line), codes, messages))


def returned_part_key(file_id: str, batch: int, attempt: str, plan: ReadingPlan | None = None) -> str:
    """Where the attempt that closes a batch stores the rows that TikTok did not get."""
    return f"{PARTS}{file_id}/returned/{batch:010d}-{attempt}.{rejected_ending(plan)}"


def returned_lines(plan: ReadingPlan, rows: Iterable[tuple[int, list[str], str]]) -> Iterator[bytes]:
    """Lines for accepted rows that were refused or not sent: (line, cells, outcome code) each."""
    for line, cells, code in rows:
        yield _line(plan, cells, (str(line), code, explain_outcome(code)))


def own_cells(plan: ReadingPlan, cells: Iterable[str]) -> list[str]:
    """A row's cells without the columns that an earlier rejected.csv added.

    A row of the wrong length keeps it: filled up, it would fit the header and be sent with shifted cells.
    """
    added = {use.index for use in plan.columns if use.header in REJECT_COLUMNS}
    return [cell for at, cell in enumerate(cells) if at not in added]


def _line(plan: ReadingPlan, cells: Sequence[str], ours: tuple[str, str, str]) -> bytes:
    if plan.format == "jsonl":
        return _object(cells[0] if cells else "", ours)
    own = own_cells(plan, cells)
    text, remark = csv_line(own, plan.delimiter).removesuffix("\r\n"), csv_line(ours, plan.delimiter)
    if own:
        remark = plan.delimiter + remark
    if plan.encoding == WINDOWS_1252 and _is_windows(text):
        return text.encode("utf-8", "surrogateescape") + windows_bytes(remark)
    return _encoded(plan, text + remark)


def _is_windows(text: str) -> bool:
    """Whether a line of a file in Windows-1252 is: lines of it that are UTF-8 go back as they came."""
    return text.isascii() or is_damaged([text])


def _encoded(plan: ReadingPlan, text: str) -> bytes:
    """The text in the encoding of the original; lone surrogates are bytes that were not UTF-8."""
    data = text.encode("utf-8", "surrogateescape")
    if not plan.encoding.startswith("utf-16"):
        return data
    try:
        return data.decode("utf-8", "surrogatepass").encode(plan.encoding, "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace").encode(plan.encoding)


def _object(text: str, ours: tuple[str, str, str]) -> bytes:
    """The object of a line with our keys behind its own, digit for digit as it was written."""
    line, codes, messages = ours
    remarks = {"_line": int(line), "_codes": codes, "_messages": messages}
    if parse_object(_readable(text)) is None:
        return (json.dumps({TEXT_KEY: _readable(text), **remarks}, separators=(",", ":")) + "\n").encode()
    own = _without_remarks(text)[:-1].rstrip()
    joined = own if own == "{" else own + ","
    return joined.encode("utf-8", "surrogateescape") + json.dumps(remarks, separators=(",", ":"))[1:].encode() + b"\n"


def _without_remarks(text: str) -> str:
    """The line as it was before an earlier rejected.jsonl added its keys, which stand at its end."""
    before = text.rfind(',"_line":')
    shorter = text[:before] + "}"
    return shorter if before > 0 and parse_object(_readable(shorter)) is not None else text


def _readable(text: str) -> str:
    return windows_text(text) if is_damaged([text]) else text

"""S3: a ranged GET with a version id answers the whole object, so a batch would be read with other rows."""

from __future__ import annotations

from typing import Any

from local.aws.gaps.replacing import replace, require


def mend_s3(s3: Any) -> None:
    """A ranged GET by version id answers 206 with the slice, as one without a version id does."""

    def make(original: Any) -> Any:
        def get_object(bucket: str, key: str, headers: dict[str, str], query: dict[str, Any] | None = None) -> Any:
            status, answer, body = original(bucket, key, headers, query)
            wanted = headers.get("range", "")
            if status != 200 or not wanted:
                return status, answer, body
            return _slice(s3, wanted, answer, body)

        return get_object

    require(s3, "_parse_range")
    replace(s3, "_get_object", make)


def _slice(s3: Any, wanted: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    span = s3._parse_range(wanted, len(body))
    if span is None:
        return 416, {"Content-Range": f"bytes */{len(body)}"}, b""
    start, end = span
    # A checksum of the whole object does not fit a slice; S3 leaves it out too.
    kept = {name: value for name, value in headers.items() if not name.lower().startswith("x-amz-checksum-")}
    part = body[start : end + 1]
    kept.update({"Content-Length": str(len(part)), "Content-Range": f"bytes {start}-{end}/{len(body)}"})
    return 206, kept, part

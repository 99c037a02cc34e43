"""Sample files with invented people, dated relative to a moment so that no event is too old when somebody tries them.

In: a moment. Out: the files, the same for the same moment. Addresses end in example.com or example.org, and phone
numbers lie in ranges that belong to nobody. The committed files are of 2026-11-20 12:00 UTC; for them use
``conversions check --as-of 2026-11-20T12:00:00Z``. What each row must become stands in ``samples/expected``.

    python -m samples.make_samples [--as-of 2026-11-20T12:00:00Z] [--folder samples]
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from samples import ad_platform_files, archive_files, crm_files, onboarding_files, shop_files, tiktok_files
from samples.container_files import NORTH, SOUTH, gzipped, zipped
from samples.liveramp_files import liveramp_store_purchases
from samples.sample_texts import written

COMMITTED = datetime(2026, 11, 20, 12, tzinfo=UTC)

TEXTS = {
    **tiktok_files.FILES,
    **onboarding_files.FILES,
    **ad_platform_files.FILES,
    **shop_files.FILES,
    **crm_files.FILES,
    **archive_files.FILES,
}


def sample_files(as_of: datetime) -> dict[str, bytes]:
    """Every sample by file name, with events of the days before ``as_of``."""
    files = {name: written(as_of, text) for name, text in TEXTS.items()}
    files |= {
        name: written(as_of, text).decode().encode(encoding) for name, (text, encoding) in shop_files.ENCODED.items()
    }
    files["liveramp_store_purchases.csv"] = liveramp_store_purchases(as_of)
    files["compressed_purchases.csv.gz"] = gzipped(files["tiktok_offline_template.csv"])
    files["two_shops.zip"] = zipped({"north.csv": written(as_of, NORTH), "south.csv": written(as_of, SOUTH)})
    hours = {name: gzipped(written(as_of, text)) for name, text in archive_files.AMPLITUDE_HOURS.items()}
    files["amplitude_export.zip"] = zipped(hours)
    return dict(sorted(files.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the sample files.")
    parser.add_argument("--as-of", type=datetime.fromisoformat, default=COMMITTED, help="ISO 8601 with offset or Z")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent)
    arguments = parser.parse_args()
    moment = arguments.as_of if arguments.as_of.tzinfo else arguments.as_of.replace(tzinfo=UTC)
    for name, content in sample_files(moment.astimezone(UTC)).items():
        (arguments.folder / name).write_bytes(content)


if __name__ == "__main__":
    main()

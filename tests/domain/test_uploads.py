"""What an upload's key says: whose it is, whether it counts, and where its marker lies."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.uploads import Upload


def at(key: str, member: str = "") -> Upload:
    return Upload("bucket", key, "v1", 1, member)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".hidden.csv",
        "_SUCCESS",
        "_DONE",
        "sales.csv.filepart",
        "sales.csv.part",
        "sales.csv.PARTIAL",
        "sales.tmp",
        "sales.csv.crdownload",
        "sales.csv.upload",
        ".sales.csv.swp",
        "sales.csv.swp",
        "sales.csv.in_progress",
        "sales.csv._COPYING_",
        ".sftpgo-upload.9m4e2mcq.sales.csv",
        "~$sales.csv",
        "sales.csv~",
    ],
)
def test_hidden_files_and_files_that_are_still_being_written_do_not_count(name: str) -> None:
    assert at(f"uploads/shop/{name}").is_hidden_or_partial
    assert at(f"uploads/shop/{name}").is_ignorable


@pytest.mark.parametrize(
    "name", ["sales.csv", "part.csv", "sales.part.csv", "done", "sales.done.csv", "tmp", "a~b.csv", "upload", "ok.gz"]
)
def test_such_words_elsewhere_in_a_name_mean_nothing(name: str) -> None:
    assert not at(f"uploads/shop.tmp/{name}").is_ignorable


@pytest.mark.parametrize(
    "ending", [".done", ".ok", ".ctl", ".md5", ".sha256", ".manifest", ".trigger", ".complete", ".DONE"]
)
def test_a_marker_speaks_of_another_file(ending: str) -> None:
    assert at(f"uploads/shop/sales.csv{ending}").is_marker
    assert at(f"uploads/shop/sales{ending}").is_ignorable
    assert not at(f"uploads/shop/sales{ending}").is_hidden_or_partial


@pytest.mark.parametrize(
    ("name", "markers"),
    [
        ("sales.csv", ["sales.csv.done", "sales.done"]),
        ("sales.2026.11.csv", ["sales.2026.11.csv.done", "sales.2026.11.done"]),
        ("sales.csv.gz", ["sales.csv.gz.done", "sales.csv.done", "sales.done"]),
        ("sales.csv.GZ.pgp", ["sales.csv.GZ.pgp.done", "sales.csv.GZ.done", "sales.csv.done", "sales.done"]),
        ("sales.gz", ["sales.gz.done", "sales.done"]),
        ("sales", ["sales.done"]),
    ],
)
def test_a_marker_lies_beside_its_file(name: str, markers: list[str]) -> None:
    folder = "uploads/shop/a.gz/"
    assert list(at(folder + name).marker_keys(".done")) == [folder + marker for marker in markers]


def test_a_member_of_an_archive_has_its_own_identity_and_name_in_the_archives_folder() -> None:
    archive, member = at("uploads/shop/two.zip"), at("uploads/shop/two.zip", "berlin/sales.csv")
    assert archive.file_id != member.file_id
    assert member.whole == archive
    assert (member.name, member.destination) == ("sales.csv", "shop")
    assert member.report_folder == f"reports/shop/two.zip/{member.file_id}/"


@pytest.mark.parametrize(
    ("key", "destination", "is_validation"),
    [
        ("uploads/shop/a.csv", "shop", False),
        ("validate/shop/a.csv", "shop", True),
        ("validate/shop/uploads/a.csv", "shop", True),
        ("uploads/validate/a.csv", "validate", False),
        ("validate/a.csv", None, True),
        ("uploads/a b/a.csv", None, False),
        ("other/shop/a.csv", None, False),
    ],
)
def test_the_folder_says_whose_file_it_is_and_whether_it_is_only_checked(
    key: str, destination: str | None, is_validation: bool
) -> None:
    assert (at(key).destination, at(key).is_validation) == (destination, is_validation)

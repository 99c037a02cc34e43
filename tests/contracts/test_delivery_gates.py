"""What any FileProgress must do with delivery gates."""

from __future__ import annotations

from conversion_delivery.workflows.ports import Gate
from tests.contracts.backends import Backend
from tests.contracts.records import NOW


def test_a_gate_is_open_until_somebody_shuts_it(tables: Backend) -> None:
    assert tables.progress.gate("shop") is None
    tables.progress.shut_gate("shop", Gate(NOW + 300, "TOKEN_REFUSED", 1))
    assert tables.progress.gate("shop") == Gate(NOW + 300, "TOKEN_REFUSED", 1)
    assert tables.progress.gate("other") is None


def test_a_gate_can_be_shut_for_longer_but_not_for_less(tables: Backend) -> None:
    for seconds, failures in ((300, 1), (900, 2), (600, 3)):
        tables.progress.shut_gate("shop", Gate(NOW + seconds, "THROTTLED", failures))
    assert tables.progress.gate("shop") == Gate(NOW + 900, "THROTTLED", 2)


def test_the_latest_reason_counts_where_the_time_is_the_same(tables: Backend) -> None:
    for reason in ("THROTTLED", "TOKEN_REFUSED"):
        tables.progress.shut_gate("shop", Gate(NOW, reason, 1))
    assert tables.progress.gate("shop") == Gate(NOW, "TOKEN_REFUSED", 1)


def test_a_gate_remembers_since_when_it_has_been_failing(tables: Backend) -> None:
    gate = Gate(NOW + 300, "TOKEN_REFUSED", 3, NOW - 7200)
    tables.progress.shut_gate("shop", gate)
    assert tables.progress.gate("shop") == gate


def test_an_opened_gate_is_forgotten(tables: Backend) -> None:
    tables.progress.shut_gate("shop", Gate(NOW + 900, "THROTTLED", 4))
    for _ in range(2):
        tables.progress.open_gate("shop")
        assert tables.progress.gate("shop") is None

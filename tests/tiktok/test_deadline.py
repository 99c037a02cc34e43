from __future__ import annotations

import socket

import pytest

from conversion_delivery.tiktok.connections import Deadline


@pytest.mark.parametrize(
    ("spent", "longest", "timeout"), [(0.0, None, 10.0), (4.0, None, 6.0), (4.0, 30.0, 6.0), (4.0, 2.0, 2.0)]
)
def test_a_socket_waits_no_longer_than_what_is_left(spent: float, longest: float | None, timeout: float) -> None:
    now = [100.0]
    deadline = Deadline(lambda: now[0])
    deadline.start(10.0)
    now[0] += spent
    with socket.socket() as sock:
        deadline.limit(sock, longest)
        assert sock.gettimeout() == timeout


def test_nothing_is_left_at_the_deadline_and_after() -> None:
    now = [100.0]
    deadline = Deadline(lambda: now[0])
    deadline.start(10.0)
    with socket.socket() as sock:
        for moment in (110.0, 111.0):
            now[0] = moment
            with pytest.raises(TimeoutError):
                deadline.limit(sock, 5.0)


def test_without_a_start_a_socket_keeps_its_timeout() -> None:
    with socket.socket() as sock:
        sock.settimeout(7.0)
        Deadline().limit(sock, 1.0)
        assert sock.gettimeout() == 7.0

"""What is taken out of the metadata of ``phonenumbers``."""

from __future__ import annotations

from conversion_delivery.domain.values.phone_plans import (
    CLEAR_LENGTHS,
    international_plan,
    national_plan,
    plan_of,
    settled_international,
    settled_national,
)


def test_a_calling_code_that_is_not_in_use_has_no_plan() -> None:
    assert international_plan(999) is None
    assert plan_of("999123") is None
    assert plan_of("0123") is None
    assert plan_of("") is None


def test_the_longest_calling_codes_are_found() -> None:
    plan = plan_of("971501234567")

    assert plan is not None
    assert plan.code == "971"


def test_a_text_that_is_no_region_has_no_plan() -> None:
    assert national_plan("XX") is None


def test_a_start_without_national_prefix_is_settled_by_its_lengths() -> None:
    assert CLEAR_LENGTHS["+1415"] == {12}
    assert CLEAR_LENGTHS["+1115"] == frozenset(), "1 is the national prefix there"
    assert CLEAR_LENGTHS["+9991"] == frozenset()
    assert CLEAR_LENGTHS["+1 (4"] == frozenset()
    assert "+1 (4" not in CLEAR_LENGTHS, "only starts of numbers are kept"


def test_numbers_that_need_the_library_are_left_to_it() -> None:
    germany = national_plan("DE")

    assert germany is not None
    assert settled_international("+4903023125042") == "+493023125042"
    assert settled_international("+49003023125042") is None
    assert settled_national("00493023125042", germany) is None
    assert settled_national("4930231250", germany) is None
    assert settled_national("0" + "3" * 20, germany) is None
    assert settled_national("03023125042", germany) == "+493023125042"


def test_a_national_prefix_with_conditions_is_left_to_the_library() -> None:
    brazil = national_plan("BR")

    assert brazil is not None
    assert settled_national("01191234567", brazil) is None

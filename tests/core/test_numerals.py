"""Numbers as people write them, whatever their keyboard makes of the point."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.numerals import glance, is_begun, read, write


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.3", 0.3),
        ("0,3", 0.3),
        (",3", 0.3),
        ("1.5", 1.5),
        ("-1,5", -1.5),
        ("\N{MINUS SIGN}2", -2),
        ("1e-3", 0.001),
        ("2,5E2", 250),
        ("\N{ARABIC-INDIC DIGIT ZERO}\u066b\N{ARABIC-INDIC DIGIT THREE}", 0.3),
        ("۱۲", 12),
        (" 7 ", 7),
        ("1,000", 1),
        ("1.000", 1),
        ("1e999", math.inf),
    ],
)
def test_what_is_a_number(text: str, number: float) -> None:
    assert read(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "-", "1.000,5", "1,000.5", "1 000", "1'000", "1e", "e3", "nan", "inf", "0x1", "1_0"],
)
def test_what_is_none(text: str) -> None:
    assert read(text) is None


def test_whole_numbers_have_no_point_of_any_kind() -> None:
    assert (read("12", whole=True), read("1e3", whole=True)) == (12, 1000)
    assert [read(text, whole=True) for text in ("1.5", "1,000", "1.", "1e-1")] == [None] * 4
    assert is_begun("1e", whole=True)
    assert not is_begun("1,", whole=True)


@pytest.mark.parametrize("text", ["", "-", "1,", ".", "1e", "1,5e-"])
def test_what_could_become_one(text: str) -> None:
    assert is_begun(text)


@pytest.mark.parametrize("text", ["1.0.", "1,0.", "e", "--", "1 0", "a", "1e1e"])
def test_what_cannot(text: str) -> None:
    assert not is_begun(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (2.986519, "2.987"),
        (0.116712, "0.1167"),
        (0.0123456, "0.0123"),
        (0.001234, "0.0012"),
        (0.00005, "0.00005"),
        (123.456, "123.5"),
        (1_000_000, "1000000"),
        (-0.25, "-0.25"),
        (0, "0"),
        (-1e-9, "0"),
    ],
)
def test_a_number_to_look_at_is_short(number: float, text: str) -> None:
    assert glance(number, 6) == text


@given(st.floats(-1e6, 1e6), st.sampled_from([".", ","]))
def test_what_is_written_is_read_again(number: float, point: str) -> None:
    assert read(write(number, 6, point)) == pytest.approx(number, abs=5e-7)


@given(st.text(st.sampled_from("0123456789.,-+eE\u0663\u066b "), max_size=12))
def test_the_way_to_a_number_is_open(text: str) -> None:
    if read(text) is not None:
        assert all(is_begun(text[:end]) for end in range(len(text)))

"""The prompt field: what is understood, what is refused, and that writing is the inverse."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studio.core.prompt import doubtful, parse, write
from studio.core.settings import LARGEST_SEED, LARGEST_STOP, LARGEST_WEIGHT, LEAST_WEIGHT, Prompt
from studio.errors import RequestError

SHA256 = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("written", "prompt"),
    [
        ("a lighthouse", Prompt(text="a lighthouse")),
        ("  a lighthouse ", Prompt(text="a lighthouse")),
        ("a lighthouse:2", Prompt(text="a lighthouse", weight=2)),
        ("fog:-0.5", Prompt(text="fog", weight=-0.5)),
        ("fog : .5 : -1e-2", Prompt(text="fog", weight=0.5, stop=-0.01)),
        ("Blade Runner: the city", Prompt(text="Blade Runner: the city")),
        ("Blade Runner : the city:3", Prompt(text="Blade Runner : the city", weight=3)),
        ("a 16:9 picture of a dog", Prompt(text="a 16:9 picture of a dog")),
        ("a:1:b", Prompt(text="a:1:b")),
        ("at 12:30", Prompt(text="at 12:30")),
        ("at 12:30:05", Prompt(text="at 12:30:05")),
        ("at 12:30:0.5", Prompt(text="at 12:30", weight=0.5)),
        ("at 12:30 : 2", Prompt(text="at 12:30", weight=2)),
        ("at 12:30 :2:0.5", Prompt(text="at 12:30", weight=2, stop=0.5)),
        ("16:9", Prompt(text="16:9")),
        ("2.39:1", Prompt(text="2.39:1")),
        ("John 3:16", Prompt(text="John 3:16")),
        ("https://host:8080", Prompt(text="https://host:8080")),
        ("see http://host:80:0.5", Prompt(text="see http://host:80", weight=0.5)),
        ("Blade Runner: 2049", Prompt(text="Blade Runner: 2049")),
        ("Avengers: Infinity", Prompt(text="Avengers: Infinity")),
        ("population: 1,000,000", Prompt(text="population: 1,000,000")),
        ("cat:1:0.5", Prompt(text="cat", weight=1, stop=0.5)),
        ("cat:1:5", Prompt(text="cat", weight=1, stop=5)),
        (r"at 12\:30", Prompt(text="at 12:30")),
        (r"at 12\:30:2", Prompt(text="at 12:30", weight=2)),
        (r"a\|b\^c\\d\e", Prompt(text=r"a|b^c\d\e")),
        ("1984", Prompt(text="1984")),
        ("1984 :2", Prompt(text="1984", weight=2)),
        ("1984:2", Prompt(text="1984:2")),
        ("1984:-2", Prompt(text="1984", weight=-2)),
        ("Привет 🎨:0.5", Prompt(text="Привет 🎨", weight=0.5)),
        ("weight:٢", Prompt(text="weight:٢")),
        ("noise=42:0.3", Prompt(noise=42, weight=0.3)),
        ("noise=42:2", Prompt(noise=42, weight=2)),
        ("noise=42: 2", Prompt(noise=42, weight=2)),
        (f"noise={LARGEST_SEED}", Prompt(noise=LARGEST_SEED)),
        (r"noise\=42", Prompt(text="noise=42")),
        ("noise in the street", Prompt(text="noise in the street")),
        (f"picture={SHA256}:-1", Prompt(picture=SHA256, weight=-1)),
    ],
)
def test_one_prompt(written: str, prompt: Prompt) -> None:
    assert parse(written) == ((prompt,),)


def test_parts_and_steps() -> None:
    a, b, c = Prompt(text="a"), Prompt(text="b", weight=2), Prompt(text="c", weight=1, stop=0.5)
    assert parse("a|b:2^c:1:.5") == ((a, b), (c,))
    assert parse("a | b:2 ^ c:1:0.5") == ((a, b), (c,))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "no prompt"),
        (" \n ", "no prompt"),
        ("a||b", "'a||b'"),
        ("a|", "empty prompt"),
        ("a ^ ", "empty prompt"),
        ("^a", "empty prompt"),
        ("a::b:c", "'a::b:c'"),
        ("a:", "'a:'"),
        (":2", "':2'"),
        ("sea | a: :2", "'a: :2'"),
        ("a:nan", "nan"),
        ("a:-Inf", "-Inf"),
        ("a:1:infinity", "infinity"),
        ("a:1e999", "1e999"),
        ("cat:1e308", "1e308"),
        ("cat:-1001", "-1001"),
        ("cat:1e-320", "too small"),
        ("cat:0", "'cat:0'"),
        ("dog ^ cat:0 | hat:-0.0", "'cat:0 | hat:-0.0'"),
        ("cat:0,5", "0,5"),
        ("cat:,5", "comma"),
        ("cat:1:0,5", "stop 0,5"),
        ("cat:1:101", "101"),
        ("host:8080", "8080"),
        ("cat:" + "9" * 10_000, "ordinary number"),
        ("a:1:2:3", "3 numbers"),
        ("noise=", "noise="),
        ("noise=film grain", "noise="),
        ("noise=-1", "noise="),
        (f"noise={LARGEST_SEED + 1}", "noise="),
        ("noise=" + "9" * 10_000, "noise="),
        ("picture=cat.png", "picture=cat.png"),
    ],
)
def test_refusals_name_the_prompt_and_the_remedy(written: str, said: str) -> None:
    with pytest.raises(RequestError) as raised:
        parse(written)
    message = str(raised.value)
    assert said in message
    assert message.endswith(".")
    assert ";" in message
    assert "\n" not in message
    assert len(message) < 250


@pytest.mark.parametrize("text", ["Blade Runner: the city", "a 16:9 picture", "why not? (50%)"])
def test_texts_are_written_as_they_were_typed(text: str) -> None:
    assert write(parse(text)) == text


def test_a_mask_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="mask"):
        write([[Prompt(text="sky", mask=SHA256)]])


@pytest.mark.parametrize("text", ["at 12:30", "16:9", "https://host:8080", "Alien: 3"])
def test_texts_with_numbers_after_colons_keep_them_at_any_weight(text: str) -> None:
    for weight, stop in ((1.0, None), (2.0, None), (-0.5, None), (3.0, 1.0)):
        step = (Prompt(text=text, weight=weight, stop=stop),)
        assert parse(write([step])) == (step,)


def test_what_looks_like_a_weight_and_is_none_can_be_told() -> None:
    assert doubtful(r"at 12:30 | Alien: 3 ^ cat:2 | at 12\:30 | a: b") == ["at 12:30", "Alien: 3"]


WORDS = ["at 12", "16", "9", ":", " ", "https", "//host", "0,5", "1e308", "noise=", "cat", r"\:"]
TEXTS = st.one_of(
    st.text(st.sampled_from("a12.,:|^=/\\ -e"), min_size=1, max_size=12),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map("".join),
    st.sampled_from(["noise=1", "picture=", "nan", "a:nan", "\\", "a\\", ":", "a: :b", "1:2:3:4"]),
    st.text(min_size=1, max_size=30),
).map(str.strip)
WEIGHTS = st.one_of(
    st.floats(LEAST_WEIGHT, LARGEST_WEIGHT),
    st.floats(-LARGEST_WEIGHT, -LEAST_WEIGHT),
    st.integers(1, 99).map(float),
)
STOPS = st.floats(-LARGEST_STOP, LARGEST_STOP) | st.integers(-99, 99).map(float)
KINDS = st.one_of(
    TEXTS.filter(bool).map(lambda text: {"text": text}),
    st.integers(0, LARGEST_SEED).map(lambda seed: {"noise": seed}),
    st.just({"picture": SHA256}),
)
PROMPTS = st.builds(
    lambda kind, weight, stop: Prompt(**kind, weight=weight, stop=stop),
    KINDS,
    st.just(1.0) | WEIGHTS,
    st.none() | STOPS,
)
STEPS = st.lists(st.lists(PROMPTS, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3)


@given(STEPS.map(tuple))
@example(((Prompt(text="sea"), Prompt(text="//host:16", weight=2.0)),))
def test_writing_is_the_inverse_of_parsing(steps: tuple[tuple[Prompt, ...], ...]) -> None:
    assert parse(write(steps)) == steps


@given(st.text() | st.text(st.sampled_from("a1.,:|^=\\ nif")) | TEXTS)
@example("\\")
def test_any_text_is_read_or_refused_in_one_sentence(written: str) -> None:
    try:
        steps = parse(written)
    except RequestError as error:
        said = str(error)
    else:
        assert parse(write(steps)) == steps
        return
    assert re.fullmatch(r"[^\n]{10,250}\.", said)


@given(STEPS.map(tuple))
def test_what_is_written_has_no_number_of_doubt(steps: tuple[tuple[Prompt, ...], ...]) -> None:
    for step in steps:
        for prompt in step:
            if prompt.text and prompt.weight != 1:
                assert doubtful(write([[prompt]])) == []

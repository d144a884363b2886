"""The prompt field: what is understood, what is refused, and that writing is the inverse."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studio.core.prompt import parse, write
from studio.core.settings import LARGEST_SEED, Prompt
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
        ("nothing:0", Prompt(text="nothing", weight=0)),
        ("Blade Runner: the city", Prompt(text="Blade Runner: the city")),
        ("Blade Runner : the city:3", Prompt(text="Blade Runner : the city", weight=3)),
        ("a 16:9 picture of a dog", Prompt(text="a 16:9 picture of a dog")),
        ("a:1:b", Prompt(text="a:1:b")),
        ("at 12:30", Prompt(text="at 12", weight=30)),
        (r"at 12\:30", Prompt(text="at 12:30")),
        (r"at 12\:30:2", Prompt(text="at 12:30", weight=2)),
        (r"a\|b\^c\\d\e", Prompt(text=r"a|b^c\d\e")),
        ("1984", Prompt(text="1984")),
        ("1984:2", Prompt(text="1984", weight=2)),
        ("Привет 🎨:0.5", Prompt(text="Привет 🎨", weight=0.5)),
        ("weight:٢", Prompt(text="weight:٢")),
        ("noise=42:0.3", Prompt(noise=42, weight=0.3)),
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


TEXTS = st.one_of(
    st.text(st.sampled_from("a1.:|^=\\ -e"), min_size=1, max_size=12),
    st.sampled_from(["noise=1", "picture=", "nan", "a:nan", "\\", "a\\", ":", "a: :b", "1:2:3:4"]),
    st.text(min_size=1, max_size=30),
).map(str.strip)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
KINDS = st.one_of(
    TEXTS.filter(bool).map(lambda text: {"text": text}),
    st.integers(0, LARGEST_SEED).map(lambda seed: {"noise": seed}),
    st.just({"picture": SHA256}),
)
PROMPTS = st.builds(
    lambda kind, weight, stop: Prompt(**kind, weight=weight, stop=stop),
    KINDS,
    st.just(1.0) | NUMBERS,
    st.none() | NUMBERS,
)
STEPS = st.lists(st.lists(PROMPTS, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3)


@given(STEPS.map(tuple))
def test_writing_is_the_inverse_of_parsing(steps: tuple[tuple[Prompt, ...], ...]) -> None:
    assert parse(write(steps)) == steps


@given(st.text() | st.text(st.sampled_from("a1.:|^=\\ nif")))
@example("\\")
def test_any_text_is_read_or_refused(written: str) -> None:
    try:
        steps = parse(written)
    except RequestError:
        return
    assert parse(write(steps)) == steps

r"""The prompt as it is written in one field.

    text:weight:stop        one prompt; weight and stop may be left out
    sky | sea:0.5 | text:-1 several prompts at once, joined by bars
    dawn ^ noon | birds     story steps, one after the other, joined by carets
    noise=42:0.3            a noise prompt: a random direction drawn with the seed 42
    picture=<sha256>:0.5    an image prompt: a picture that the project holds

Only numbers at the end of a prompt are its weight and its stop, blanks around them or not; any
other colon is part of the text, and so is one that is written as in prose: with a blank after it
only ("Blade Runner: 2049"), between whole numbers ("at 12:30", "16:9") or in an address
("https://host:8080"). A blank before the colon makes the number a weight all the same ("1984 :2").
A backslash makes one of `: | ^ = \` plain text ("Apollo\:13"), and where it stands before a colon
the other colons are meant as weights; before any other character it is an ordinary backslash.
Blanks at the ends of a text are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from studio.core.settings import (
    LARGEST_SEED,
    LARGEST_STOP,
    LARGEST_WEIGHT,
    LEAST_WEIGHT,
    Prompt,
)
from studio.errors import RequestError

_TOKEN = re.compile(r"\\[:|^=\\]|.", re.DOTALL)
_ESCAPE = re.compile(r"\\([:|^=\\])")
_NUMBER = re.compile(
    r"[+-]?(?:(?:[0-9]+\.?[0-9]*|[0-9]*[.,][0-9]+)(?:e[+-]?[0-9]+)?|nan|inf|infinity)",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"[0-9]+")
_ADDRESS = re.compile(r"//\S+")  # what lies between "https:" and ":8080"
_SPECIAL_KIND = re.compile(r"(noise|picture)=(.*)", re.DOTALL)
_HALF_A_LETTER = re.compile("[\ud800-\udfff]")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST_QUOTE = 60


def parse(text: str) -> tuple[tuple[Prompt, ...], ...]:
    """The story steps of a written prompt, each with its prompts.

    Raises RequestError, naming the prompt and the remedy, when it cannot be read.
    """
    if not text.strip():
        raise RequestError("There is no prompt; write what the picture should show.")
    if _HALF_A_LETTER.search(text):  # what Python makes of bytes that are no UTF-8
        raise RequestError(
            f"There is a letter in {_quote(text)} that is not in UTF-8; set the terminal to UTF-8 "
            "and write it again."
        )
    return tuple(_parse_step(step, text) for step in _split(text, "^"))


def write(steps: Sequence[Sequence[Prompt]]) -> str:
    """The inverse of `parse`, with no more backslashes than it takes.

    Raises ValueError for a prompt with a mask, which the field has no words for.
    """
    return " ^ ".join(" | ".join(map(_write_prompt, step)) for step in steps)


def doubtful(text: str) -> list[str]:
    """The prompts at whose end a colon and a number were read as text."""
    parts = [part for step in _split(text, "^") for part in _split(step, "|")]
    fields = {part.strip(): _split(part, ":") for part in parts}
    return [
        part
        for part, cut in fields.items()
        if len(cut) > 1 and is_number(cut[-1].strip()) and not _trailing_numbers(cut)
    ]


def _parse_step(step: str, whole: str) -> tuple[Prompt, ...]:
    prompts = tuple(_parse_prompt(part, whole) for part in _split(step, "|"))
    if not any(prompt.weight for prompt in prompts):
        raise RequestError(
            f"Nothing in {_quote(step)} pulls at the weight of 0; write another weight, or leave "
            "it out."
        )
    return prompts


def _parse_prompt(part: str, whole: str) -> Prompt:
    if not part.strip():
        raise RequestError(
            f"There is an empty prompt in {_quote(whole)}; write a text on both sides of "
            "every | and ^, or take the sign out."
        )
    fields = [field.strip() for field in _split(part, ":")]
    if not all(fields):
        raise RequestError(
            f"There is nothing on one side of a colon in {_quote(part)}; write text:weight:stop, "
            r"or \: for a colon that belongs to the text."
        )
    count = _trailing_numbers(_split(part, ":"))
    if count > 2:
        raise RequestError(
            f"There are {count} numbers at the end of {_quote(part)}, but only a weight and a "
            r"stop are understood; write \: for a colon that belongs to the text."
        )
    numbers = fields[len(fields) - count :]
    weight = written_weight(numbers[0], part) if count > 0 else 1.0
    stop = _bounded(numbers[1], part, "stop", LARGEST_STOP) if count > 1 else None
    # The text keeps the blanks around its own colons, so it is cut from the part as written.
    body = ":".join(_split(part, ":")[: len(fields) - count]).strip()
    return _of_kind(body, weight, stop)


def _of_kind(body: str, weight: float, stop: float | None) -> Prompt:
    special = _SPECIAL_KIND.fullmatch(body)
    if special is None:
        return Prompt(text=_ESCAPE.sub(r"\1", body), weight=weight, stop=stop)
    kind, value = special[1], special[2].strip()
    if kind == "noise":
        return Prompt(noise=_seed(value, body), weight=weight, stop=stop)
    if not _SHA256.fullmatch(value):
        raise RequestError(
            f"{_quote(body)} does not name a picture by its sha256; add the picture as an image "
            r"prompt, or write picture\= if it is a text."
        )
    return Prompt(picture=value, weight=weight, stop=stop)


def _seed(value: str, body: str) -> int:
    # Nineteen digits are enough for every seed, and int() of a million digits would hang.
    if re.fullmatch(r"[0-9]{1,19}", value) and int(value) <= LARGEST_SEED:
        return int(value)
    raise RequestError(
        f"{_quote(body)} is not a noise prompt; write noise= and a whole number between 0 and "
        rf"{LARGEST_SEED}, or noise\= if it is a text."
    )


def is_number(written: str) -> bool:
    """Whether this is meant as a number, with a point or a comma."""
    return _NUMBER.fullmatch(written) is not None


def written_weight(written: str, whole: str) -> float:
    """The weight in `whole`. Raises RequestError for one that is of no use."""
    weight = _bounded(written, whole, "weight", LARGEST_WEIGHT)
    if 0 < abs(weight) < LEAST_WEIGHT:
        raise RequestError(
            f"The weight {_shortened(written)} in {_quote(whole)} is too small to pull; "
            f"write one of at least {LEAST_WEIGHT:f}, or leave the prompt out."
        )
    return weight


def _bounded(written: str, whole: str, name: str, largest: float) -> float:
    if "," in written:
        raise RequestError(
            f"The {name} {_shortened(written)} in {_quote(whole)} has a comma; write a point, "
            r"or \: for a colon that belongs to the text."
        )
    number = float(written)
    if not abs(number) <= largest:  # nan too
        raise RequestError(
            f"The {name} {_shortened(written)} in {_quote(whole)} is not an ordinary number "
            rf"between {-largest:g} and {largest:g}; write one, or \: for a colon of the text."
        )
    return number


def _trailing_numbers(fields: Sequence[str]) -> int:
    """How many fields at the end are weight and stop; the first field is always the text."""
    first = len(fields)
    while first > 1 and is_number(fields[first - 1].strip()):
        first -= 1
    while first < len(fields) and _belongs_to_text(fields, first):
        first += 1
    return len(fields) - first


def _belongs_to_text(fields: Sequence[str], place: int) -> bool:
    """Whether the colon before a number is one of prose: of a title, a clock, a ratio, an address.

    Never where the writer knows better: a blank before it, a backslash before another, a noise.
    """
    before, number = fields[place - 1], fields[place]
    if before != before.rstrip() or _SPECIAL_KIND.fullmatch(fields[0].strip()):
        return False
    if any(r"\:" in field for field in fields):
        return False
    if number != number.lstrip() or _ADDRESS.fullmatch(before.lstrip()):
        return True
    return before[-1:].isdecimal() and _WHOLE.fullmatch(number.rstrip()) is not None


def _split(written: str, separator: str) -> list[str]:
    """Cut at the separators that no backslash protects; the backslashes stay."""
    parts: list[list[str]] = [[]]
    for token in _TOKEN.findall(written):
        if token == separator:
            parts.append([])
        else:
            parts[-1].append(token)
    return ["".join(part) for part in parts]


def _write_prompt(prompt: Prompt) -> str:
    if prompt.mask is not None:
        raise ValueError(f"the prompt {prompt.label!r} has a mask, which cannot be written")
    body = _write_body(prompt)
    numbers = [] if prompt.weight == 1 and prompt.stop is None else [_write_number(prompt.weight)]
    if prompt.stop is not None:
        numbers.append(_write_number(prompt.stop))
    written = ":".join((body, *numbers))
    if _trailing_numbers(_split(written, ":")) == len(numbers):
        return written
    return f"{body} :{':'.join(numbers)}"


def _write_body(prompt: Prompt) -> str:
    if prompt.noise is not None:
        return f"noise={prompt.noise}"
    if prompt.picture is not None:
        return f"picture={prompt.picture}"
    text = re.sub(r"([|^\\])", r"\\\1", prompt.text.strip())
    if _SPECIAL_KIND.fullmatch(text):
        text = text.replace("=", r"\=", 1)
    fields = [field.strip() for field in text.split(":")]
    if not all(fields) or _trailing_numbers(text.split(":")):
        text = text.replace(":", r"\:")
    return text


def _write_number(number: float) -> str:
    return repr(float(number)).removesuffix(".0")


def _quote(text: str) -> str:
    return repr(_shortened(text.strip()))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"

r"""The prompt as it is written in one field.

    text:weight:stop        one prompt; weight and stop may be left out
    sky | sea:0.5 | text:-1 several prompts at once, joined by bars
    dawn ^ noon | birds     story steps, one after the other, joined by carets
    noise=42:0.3            a noise prompt: a random direction drawn with the seed 42
    picture=<sha256>:0.5    an image prompt: a picture that the project holds

Only numbers at the end of a prompt are its weight and its stop, blanks around them or not; any
other colon is part of the text. So "Blade Runner: the city" is a text, and "at 12:30" is the text
"at 12" with the weight 30. A backslash makes one of `: | ^ = \` plain text ("at 12\:30"); before
any other character it is an ordinary backslash. Blanks at the ends of a text are dropped.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from studio.core.settings import LARGEST_SEED, Prompt
from studio.errors import RequestError

_TOKEN = re.compile(r"\\[:|^=\\]|.", re.DOTALL)
_ESCAPE = re.compile(r"\\([:|^=\\])")
_NUMBER = re.compile(
    r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|nan|inf|infinity)", re.IGNORECASE
)
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
    return tuple(
        tuple(_parse_prompt(part, text) for part in _split(step, "|")) for step in _split(text, "^")
    )


def write(steps: Sequence[Sequence[Prompt]]) -> str:
    """The inverse of `parse`, with no more backslashes than it takes.

    Raises ValueError for a prompt with a mask, which the field has no words for.
    """
    return " ^ ".join(" | ".join(map(_write_prompt, step)) for step in steps)


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
    count = _trailing_numbers(fields)
    numbers = [_number(field, part) for field in fields[len(fields) - count :]]
    if count > 2:
        raise RequestError(
            f"There are {count} numbers at the end of {_quote(part)}, but only a weight and a "
            r"stop are understood; write \: for a colon that belongs to the text."
        )
    # The text keeps the blanks around its own colons, so it is cut from the part as written.
    body = ":".join(_split(part, ":")[: len(fields) - count]).strip()
    weight = numbers[0] if count > 0 else 1.0
    stop = numbers[1] if count > 1 else None
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


def _number(field: str, part: str) -> float:
    number = float(field)
    if not math.isfinite(number):
        raise RequestError(
            f"The {field} in {_quote(part)} is no use as a weight or stop; write an ordinary "
            r"number, or \: for a colon that belongs to the text."
        )
    return number


def _trailing_numbers(fields: Sequence[str]) -> int:
    """How many fields at the end are numbers; the first field is always the text."""
    count = 0
    for field in reversed(fields[1:]):
        if not _NUMBER.fullmatch(field):
            break
        count += 1
    return count


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
    numbers = "" if prompt.stop is None else f":{_write_number(prompt.stop)}"
    if numbers or prompt.weight != 1:
        numbers = f":{_write_number(prompt.weight)}{numbers}"
    return _write_body(prompt) + numbers


def _write_body(prompt: Prompt) -> str:
    if prompt.noise is not None:
        return f"noise={prompt.noise}"
    if prompt.picture is not None:
        return f"picture={prompt.picture}"
    text = re.sub(r"([|^\\])", r"\\\1", prompt.text.strip())
    if _SPECIAL_KIND.fullmatch(text):
        text = text.replace("=", r"\=", 1)
    fields = [field.strip() for field in text.split(":")]
    if not all(fields) or _trailing_numbers(fields):
        text = text.replace(":", r"\:")
    return text


def _write_number(number: float) -> str:
    return repr(float(number)).removesuffix(".0")


def _quote(text: str) -> str:
    text = text.strip()
    return repr(text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…")

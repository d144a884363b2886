"""The judge's own captions of scenes: other templates and word order than the starter's CLIP read.

Beside each caption a near miss may be made: the same words with one thing changed, and so false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np

from studio.training.scenes.palette import COLOUR_NAMES, other_colour
from studio.training.scenes.spec import Facts, chance, pick
from studio.training.scenes.words import (
    COLOURLESS_STYLES,
    STYLE_WORDS,
    SYNONYMS,
    Wordings,
    fill,
    with_articles,
)

PLAIN = 0.3
"""Share of captions that only name what there is, as a painter's prompts do."""
_CARRIERS = (
    "a picture that shows {thing}",
    "a painting which shows {thing}",
    "here we see {thing}",
    "what you see is {thing}",
    "somebody painted {thing}",
    "in this picture there is {thing}",
    "in front of us, {thing}",
    "it shows {thing}",
    "a small painting of {thing}",
    "{thing} and nothing else",
    "{thing} can be seen here",
    "{thing} was painted here",
)
_STYLED = (
    "{thing}, done as {style}",
    "{style} that shows {thing}",
    "in the manner of {style}, {thing}",
    "what you see is {style}, {thing}",
)
_ACROSS = {"left of": "right", "right of": "left", "above": "bottom", "below": "top"}
_PAIRS = ("two shapes", "two things")
_PLURALS = {"cross": "crosses"}


def caption(wordings: Wordings, facts: Facts, rng: np.random.Generator) -> str:
    """A true caption of a scene in the judge's words."""
    phrases = wordings.phrases
    colourless = wordings.style in COLOURLESS_STYLES

    def say(template: str) -> str:
        return fill(template, phrases.slots, rng, colourless)

    own = tuple(_of_shapes(wordings.family, facts))
    named = own if own and chance(rng, 0.6) else phrases.nouns
    thing = say(pick(rng, named))
    if phrases.details and named is not own and chance(rng, 0.5):
        detail = say(pick(rng, phrases.details))
        if detail not in thing:
            thing = f"{detail}, {thing}" if chance(rng, 0.4) else f"{thing} {detail}"
    if wordings.style and chance(rng, 0.7):
        style = pick(rng, STYLE_WORDS[wordings.style])
        return _tidy(pick(rng, _STYLED).replace("{style}", style).replace("{thing}", thing))
    if chance(rng, PLAIN):
        return _tidy(thing)
    if phrases.clauses and chance(rng, 0.2):
        return _tidy(f"here {say(pick(rng, phrases.clauses))}")
    return _tidy(pick(rng, _CARRIERS).replace("{thing}", thing))


def _of_shapes(family: str, facts: Facts) -> Iterable[str]:
    """What there is to say of coloured shapes, worded the other way round."""
    if family == "shape":
        thing, back = f"a {{c:{facts['colour']}}} {{{facts['shape']}}}", f"{{c:{facts['back']}}}"
        yield from (f"a {back} background with {thing}", f"{back} all around {thing}", thing)
        yield f"on {back}, {thing}"
    elif family in _PAIRS:
        form = "{{{}}}" if family == "two shapes" else "{}"
        first = f"a {{c:{facts['colour']}}} {form.format(facts['first'])}"
        second = f"a {{c:{facts['other']}}} {form.format(facts['second'])}"
        there = _ACROSS[facts["where"]]
        beside = there in ("left", "right")
        yield f"{first} with {second} {f'to the {there}' if beside else f'at the {there}'} of it"
        if beside:
            yield f"at the {there} {second}, at the {_ACROSS[there + ' of']} {first}"
        else:
            here = "top" if there == "bottom" else "bottom"
            yield f"at the {there} {second}, at the {here} {first}"
        if facts.get("ground", "colour") == "colour":
            yield f"{first} and {second} on {{c:{facts['back']}}}"
    elif family == "several shapes":
        number = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}.get(facts["count"], "many")
        plural = _PLURALS.get(facts["shape"], f"{facts['shape']}s")
        colour, back = f"{{c:{facts['colour']}}}", f"{{c:{facts['back']}}}"
        yield f"{number} {plural}, all of them {colour}"
        yield f"on {back}, {number} {colour} {plural}"


def _tidy(text: str) -> str:
    text = " ".join(text.replace(" ,", ",").split()[:28]).strip(", ")
    return with_articles(text)


def _either(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(set(words), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\b")


_NAMED = {name: colour for colour, names in COLOUR_NAMES.items() for name in names}
_COLOUR = re.compile(rf"(?<!black and ){_either(_NAMED).pattern}(?! hour| and white)")
_PLACES = {"left": "right", "right": "left", "above": "below", "below": "above"} | {
    "over": "under",
    "under": "over",
    "beneath": "above",
    "on top of": "beneath",
    "top": "bottom",
    "bottom": "top",
}
_PLACE = _either(_PLACES)
_NUMBERS = ("two", "three", "four", "five", "six", "many")
_NUMBER = _either(_NUMBERS)
_SHAPES = ("circle", "square", "triangle", "ring", "star", "cross", "heart", "diamond", "crescent")
_KINDS: tuple[tuple[str, ...], ...] = (
    _SHAPES,
    ("cat", "dog", "owl"),
    ("bird", "fish", "butterfly"),
    ("castle", "house", "lighthouse", "city"),
    ("rose", "sunflower", "daisy", "tulip"),
    ("cup", "candle", "crystal", "apple"),
    ("car", "balloon"),
    ("mountains", "desert", "forest", "sea", "meadow"),
    ("autumn", "winter", "spring"),
    ("rain", "snow"),
    ("sun", "moon"),
)
_KIND = re.compile(_either(word for kind in _KINDS for word in kind).pattern + "(?! cat)")
_TIMES = {
    said: time for time in ("day", "sunset", "night", "fog") for said in SYNONYMS[f"at {time}"]
}
_TIME = _either(_TIMES)
_UNORDERED = ("plain colour", "pattern", "abstract")
"""Families whose colours may change places and the words stay true."""


def near_miss(
    text: str, family: str, rng: np.random.Generator, *, swapped: bool = False
) -> str | None:
    """The caption with one thing changed so that it is false of its scene; None where none fits.

    Colours swapped or one replaced, a place turned round, a number, a time of day, what it is.
    With `swapped`, only colours and places are, wherever there are such.
    """
    colours = list(_COLOUR.finditer(text))
    ways = _swaps(text, family, colours)
    if swapped and ways:
        return _tidy(pick(rng, ways)())
    if colours:
        ways.append(lambda: _recoloured(text, pick(rng, colours), rng))
    for pattern, choices in ((_NUMBER, _NUMBERS), (_TIME, tuple(_TIMES))):
        found = pattern.search(text)
        if found is not None:
            ways += [partial(_exchanged_for_another, text, found, choices, rng)] * 2
    kind = _KIND.search(text)
    if kind is not None:
        group = next(each for each in _KINDS if kind[1] in each)
        ways.append(partial(_exchanged_for_another, text, kind, group, rng))
    return _tidy(pick(rng, ways)()) if ways else None


def _swaps(text: str, family: str, colours: Sequence[re.Match[str]]) -> list[Callable[[], str]]:
    ways: list[Callable[[], str]] = []
    ordered = family not in _UNORDERED or re.search(r"\babove\b|\bbelow\b", text) is not None
    if len(colours) == 2 and ordered and _apart(text, colours):
        ways += [lambda: _exchanged(text, colours)] * 2
    if family in _PAIRS and _PLACE.search(text):
        ways += [lambda: _PLACE.sub(lambda found: _PLACES[found[1]], text)] * 3
    return ways


def _apart(text: str, colours: Sequence[re.Match[str]]) -> bool:
    """Whether two colours may not change places: of two red and blue balls they may."""
    first, second = (_NAMED[each[1]] for each in colours)
    what = [text[each.end() :].split()[:1] for each in colours]
    return first != second and (what[0] != what[1] or _PLACE.search(text) is not None)


def _recoloured(text: str, found: re.Match[str], rng: np.random.Generator) -> str:
    present = [_NAMED[each[1]] for each in _COLOUR.finditer(text)]
    return _replaced(text, found, other_colour(rng, *present))


def _exchanged(text: str, colours: Sequence[re.Match[str]]) -> str:
    first, second = colours
    return (
        text[: first.start()]
        + second[1]
        + text[first.end() : second.start()]
        + first[1]
        + text[second.end() :]
    )


def _exchanged_for_another(
    text: str, found: re.Match[str], choices: Sequence[str], rng: np.random.Generator
) -> str:
    """With another of the choices in the place of one, other in meaning too."""
    meaning = _TIMES.get(found[1], found[1])
    others = [each for each in choices if _TIMES.get(each, each) != meaning]
    return _replaced(text, found, pick(rng, others))


def _replaced(text: str, found: re.Match[str], word: str) -> str:
    return text[: found.start()] + word + text[found.end() :]

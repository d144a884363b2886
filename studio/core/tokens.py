"""CLIP's tokens: what a text becomes before CLIP reads it.

The tokenizer is the clip package's own. Its file is loaded by itself, because importing the package
imports torch, and a prompt is counted in the window and checked on the command line long before.
"""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from typing import Any

from studio.errors import RequestError, StudioError

CONTEXT = 77
"""The most tokens CLIP reads, start and end included."""
START, END = 49406, 49407


def encode(text: str) -> list[int]:
    """The tokens of a text, from START to END.

    Raises RequestError when there are more than CONTEXT of them.
    """
    tokens: list[int] = [START, *_tokenizer().encode(text), END]
    if len(tokens) > CONTEXT:
        raise RequestError(
            f"The prompt {_shortened(text)!r} has {len(tokens)} tokens and CLIP reads {CONTEXT}; "
            "shorten it, or split it in two with |."
        )
    return tokens


def count(text: str) -> int:
    """How many tokens a text has, start and end included, however long it is."""
    return len(_tokenizer().encode(text)) + 2


def words(text: str) -> list[tuple[str, list[int]]]:
    """The words of a text as CLIP splits it, each with its tokens."""
    tokenizer = _tokenizer()
    split: list[tuple[str, list[int]]] = []
    current: list[int] = []
    for token in tokenizer.encode(text):
        current.append(token)
        if tokenizer.decoder[token].endswith("</w>"):
            split.append((str(tokenizer.decode(current)).strip(), current))
            current = []
    return split


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


@functools.cache
def _tokenizer() -> Any:
    package = importlib.util.find_spec("clip")
    if package is None or package.origin is None:
        raise StudioError("The package clip is missing; install the program again with pip.")
    path = Path(package.origin).with_name("simple_tokenizer.py")
    spec = importlib.util.spec_from_file_location("studio_clip_tokenizer", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SimpleTokenizer()

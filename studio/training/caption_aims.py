"""What a CLIP makes of the captions that lie beside a person's pictures."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.engine.perceptor import Perceptor
from studio.errors import RequestError


@torch.no_grad()
def read(perceptor: Perceptor, captions: Sequence[str | None]) -> tuple[Tensor, Tensor]:
    """What a CLIP makes of captions, (n, embed_dim), and which it can make something of, (n,).

    Not of those in which every second word is unknown to it. Too long ones lose their end.
    """
    known = [None if each is None else _readable(perceptor, each) for each in captions]
    wanted = torch.zeros(len(known), perceptor.config.embed_dim)
    for row, text in zip(wanted, known, strict=True):
        if text is not None:
            row.copy_(F.normalize(perceptor.encode_text(text)[0], dim=0))
    return wanted, torch.tensor([text is not None for text in known], dtype=torch.bool)


def _readable(perceptor: Perceptor, caption: str) -> str | None:
    words = caption.split()
    while words:
        text = " ".join(words)
        try:
            perceptor.rows(text)
        except RequestError:
            words = words[: len(words) * 3 // 4]
            continue
        return text if 2 * len(perceptor.unknown_words(text)) < len(words) else None
    return None

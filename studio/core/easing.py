"""How a value travels from one keyframe, or one stop of a film, to the next."""

from __future__ import annotations

from typing import Literal, get_args

Ease = Literal["step", "linear", "in", "out", "in-out"]
"""`step` stays and then jumps; `in` begins slowly, `out` ends slowly; the curves are cubic."""

EASES: tuple[Ease, ...] = get_args(Ease)


def eased(share: float, ease: Ease) -> float:
    """How far a value has come after this share of the way: 0..1 -> 0..1, never falling.

    The curves neither overshoot nor bounce; 0 and 1 stay what they are.
    """
    if ease == "step":
        return float(share >= 1)
    if ease == "in":
        return share**3
    if ease == "out":
        return 1 - (1 - share) ** 3
    if ease == "in-out":
        return 4 * share**3 if share < 0.5 else 1 - 4 * (1 - share) ** 3
    return share

"""The table of `bench --efforts`: judged likeness over time, and what it takes to be as like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Of one painting: seconds at which it was looked at, rising, and the cosine at each."""

REFERENCE = "reference"
SHARES = tuple(2.0**-power for power in range(7, -1, -1))
"""Of the reference's time, at which the table has a column."""


class Told(msgspec.Struct, frozen=True):
    """All that `bench --efforts` says."""

    sorts: dict[str, dict[str, Any]]
    prompts: list[str]
    seeds: list[int]
    size: list[int]
    model: str
    folder: str


def table(curves: Mapping[str, Sequence[Curve]]) -> dict[str, dict[str, Any]]:
    """What is said of each sort; `curves` are those of its paintings, REFERENCE among the sorts.

    A painting has its last cosine from its end on, and 0 before anything is painted.
    """
    length = _mean_seconds(curves[REFERENCE])
    wanted = float(np.mean([cosines[-1] for _, cosines in curves[REFERENCE]]))
    return {name: _row(each, length, wanted) for name, each in curves.items()}


def _row(curves: Sequence[Curve], length: float, wanted: float) -> dict[str, Any]:
    last = np.array([cosines[-1] for _, cosines in curves])
    reached = _reached(curves, wanted)
    error = None if len(last) == 1 else float(last.std(ddof=1) / len(last) ** 0.5)
    return {
        "seconds": _mean_seconds(curves),
        "similarity": float(last.mean()),
        "error": error,
        "over_time": [(share * length, _mean_at(curves, share * length)) for share in SHARES],
        "reached_seconds": reached,
        "share_of_reference": None if reached is None else reached / length,
    }


def _mean_seconds(curves: Sequence[Curve]) -> float:
    return float(np.mean([seconds[-1] for seconds, _ in curves]))


def _mean_at(curves: Sequence[Curve], seconds: float) -> float:
    return float(np.mean([_at(curve, seconds) for curve in curves]))


def _at(curve: Curve, seconds: float) -> float:
    times, cosines = curve
    return float(np.interp(seconds, [0.0, *times], [0.0, *cosines]))


def _reached(curves: Sequence[Curve], wanted: float) -> float | None:
    """The first of the seconds of all looks at which the mean is at least what is wanted."""
    times = np.unique(np.concatenate([seconds for seconds, _ in curves]))
    return next((float(each) for each in times if _mean_at(curves, each) >= wanted), None)


def lines(told: Told) -> Iterator[str]:
    """For people."""
    width, height = told.size
    counted = f"{len(told.prompts)} prompts with {len(told.seeds)} seeds"
    yield f"{told.model}, {width}x{height}, {counted}: cosine of prompt and picture to the judge"
    yield ""
    shares = " ".join(f"{share:>6.2%}" if share < 0.1 else f"{share:>6.0%}" for share in SHARES)
    yield f"{'':<10} after these parts of the reference's time"
    yield f"{'':<10} {shares}    at the end"
    for name, row in told.sorts.items():
        means = " ".join(f"{mean:>6.3f}" for _, mean in row["over_time"])
        error = "" if row["error"] is None else f" ± {row['error']:.3f}"
        yield f"{name:<10} {means}    {row['similarity']:.3f}{error}"
    yield ""
    yield (
        f"{'':<10} {'cutouts':>7} {'rate':>6} {'iterations':>10} {'each':>8} {'all':>8} "
        f"{'as like as the reference at its end':>37}"
    )
    for name, row in told.sorts.items():
        each = row["seconds"] / row["iterations"]
        yield (
            f"{name:<10} {row['cutouts']:>7} {row['learning_rate']:>6g} {row['iterations']:>10} "
            f"{each:>6.3f} s {row['seconds']:>6.1f} s {_reached_in_words(row):>37}"
        )
    yield ""
    yield f"pictures   {told.folder}"


def _reached_in_words(row: Mapping[str, Any]) -> str:
    if row["reached_seconds"] is None:
        return "never"
    share = row["share_of_reference"]
    return f"after {row['reached_seconds']:.1f} s, 1/{1 / share:.0f} of its time"

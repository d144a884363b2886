"""The table of `bench` for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studio.cli import answer


def lines(found: dict[str, Any]) -> Iterator[str]:
    """What was measured, line by line."""
    width, height = found["size"]
    yield f"{found['model']}, {width}x{height}, {found['cutouts']} cutouts"
    yield (
        f"{found['device']}, {found['processor']}, torch {found['torch']}, "
        f"CLIP in {found['precision']}"
    )
    yield ""
    for stage, seconds in found["stages"].items():
        share = seconds / found["seconds_per_iteration"]
        yield f"  {stage:<28} {seconds:>9.4f} s {share:>5.0%}"
    yield f"  {'iteration (median)':<28} {found['seconds_per_iteration']:>9.4f} s"
    gflops = found["gflops"]
    yield (
        f"  {'arithmetic floor, float32':<28} {found['floor_seconds']:>9.4f} s        "
        f"{found['gflop']:.1f} GFLOP at {gflops['matmul']:.0f} (matrices) and "
        f"{gflops['convolution']:.0f} (convolutions) GFLOP/s"
    )
    if "mixed" in found["floors"]:
        lower = f"all in {found['precision']}"
        yield f"  {lower:<28} {found['floors']['mixed']:>9.4f} s"
    yield f"  {'floor of the iteration':<28} {found['floor_share']:>9.0%}"
    yield f"  {'first iteration':<28} {found['first_iteration_seconds']:>9.4f} s"
    yield f"  {'recording an iteration':<28} {1000 * found['recording_seconds']:>9.2f} ms"
    if found["start_seconds"] is not None:
        yield f"  {'start to first iteration':<28} {found['start_seconds']:>9.2f} s"
    yield f"  {'peak memory':<28} {_memory(found['peak_memory_bytes']):>11}"
    if found["against"] is not None:
        yield ""
        yield from _race(found["against"])


def _race(against: dict[str, Any]) -> Iterator[str]:
    rows = {name: row for name, row in against.items() if isinstance(row, dict)}
    yield f"  in turns with {Path(against['program']).name}, in its way of painting"
    yield (
        f"  {'':<12} {'seconds':>9} {'':>7} {'user':>9} {'':>7} {'memory':>10} {'':>5} "
        f"{'floor':>9} {'first':>9}"
    )
    for name, row in rows.items():
        memory, floor = _share(row.get("memory_share")), _share(row.get("floor_share"))
        yield (
            f"  {name:<12} {row['seconds']:>9.4f} {_times(row.get('times_as_fast')):>7} "
            f"{row['user_seconds']:>9.4f} {_times(row.get('times_as_fast_user')):>7} "
            f"{_memory(row['peak_memory_bytes']):>10} {memory:>5} "
            f"{floor:>9} {row['first_seconds']:>9.4f}"
        )


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f}x"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _memory(size: int | None) -> str:
    return "unknown" if size is None else answer.megabytes(size)

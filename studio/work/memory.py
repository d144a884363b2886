"""How much memory there is and the program has, of the computer or a graphics card."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from studio.work.facts import Memory

if TYPE_CHECKING:
    import torch

CONTAINER = Path("/sys/fs/cgroup")
"""Where Linux tells what a container may have."""


def seen(device: torch.device | None) -> Memory | None:
    """The memory of a device, without one of the computer; None where the system does not say."""
    if device is not None and device.type == "cuda":
        import torch

        free, total = torch.cuda.mem_get_info(device)
        return Memory(total - free, total, free + torch.cuda.memory_reserved(device))
    try:
        resident = int(Path("/proc/self/statm").read_text().split()[1])
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError, IndexError):
        return None
    there = _free_of_computer()
    own = resident * size
    return None if there is None else Memory(own, pages * size, own + there)


def free(device: torch.device) -> int | None:
    """Bytes that can still be taken; None where the system does not say."""
    if device.type == "cuda":
        import torch

        return torch.cuda.mem_get_info(device)[0]
    return _free_of_computer()


def _free_of_computer() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    kilobytes = (line.split()[1] for line in lines if line.startswith("MemAvailable:"))
    available = next((int(each) * 1024 for each in kilobytes), None)
    within = _free_in_container()
    return min((each for each in (available, within) if each is not None), default=None)


def _free_in_container() -> int | None:
    try:
        most = int((CONTAINER / "memory.max").read_text())
        taken = int((CONTAINER / "memory.current").read_text())
        stat = (CONTAINER / "memory.stat").read_text().splitlines()
    except (OSError, ValueError):  # there is none, or it may have all
        return None
    cached = (int(line.split()[1]) for line in stat if line.startswith("inactive_file "))
    return most - taken + next(cached, 0)

"""How much memory painting takes, of the graphics card or of the computer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def in_use(device: torch.device) -> tuple[int, int] | None:
    """Bytes in use and bytes there are; None where the system does not say."""
    if device.type == "cuda":
        import torch

        free, total = torch.cuda.mem_get_info(device)
        return total - free, total
    try:
        resident = int(Path("/proc/self/statm").read_text().split()[1])
        pages = os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError, AttributeError, IndexError):
        return None
    size = os.sysconf("SC_PAGE_SIZE")
    return resident * size, pages * size


def free(device: torch.device) -> int | None:
    """Bytes that can still be taken; None where the system does not say."""
    if device.type == "cuda":
        import torch

        return torch.cuda.mem_get_info(device)[0]
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    available = (line.split()[1] for line in lines if line.startswith("MemAvailable:"))
    return next((int(kilobytes) * 1024 for kilobytes in available), None)

"""Where torch computes, and how to tell that its memory has run out."""

from __future__ import annotations

import torch

from studio.errors import RequestError

CHOICES = ("auto", "cpu", "cuda", "mps")


def choose(name: str) -> torch.device:
    """The device of a name; "auto" takes the fastest there is.

    Raises RequestError for a device that this machine does not have.
    """
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        name = next((device for device, there in present.items() if there), "cpu")
    if name != "cpu" and not present.get(name, False):
        raise RequestError(f"This machine has no {name} device; use --device cpu or auto.")
    return torch.device(name)


def describe(device: torch.device) -> str:
    """The device in words a person knows."""
    if device.type == "cuda":
        return f"cuda ({torch.cuda.get_device_name(device)})"
    if device.type == "cpu":
        return f"cpu ({torch.get_num_threads()} threads)"
    return device.type


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception means that memory, of the GPU or the computer, ran out."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    # the CPU's allocator has no exception class of its own
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)


def free_cache(device: torch.device) -> None:
    """Give cached blocks back, so that a smaller step finds room."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()

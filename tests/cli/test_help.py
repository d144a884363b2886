"""Help: complete, with an example for each command, and quick because it imports little."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studio import __version__
from studio.cli import parser
from studio.core.settings import OPTIMIZERS, PRESETS
from studio.project import preferences
from tests.cli.conftest import Result

COMMANDS = [
    (),
    ("paint",),
    ("info",),
    ("models",),
    ("models", "list"),
    ("models", "download"),
    ("models", "import"),
    ("models", "verify"),
    ("models", "remove"),
    ("train",),
    ("train", "starter"),
    ("train", "judge"),
    ("bench",),
    ("doctor",),
]
HEAVY = ("torch", "torchvision", "numpy", "PIL", "PySide6", "clip", "taming")


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_has_an_example_and_imports_nothing_heavy(
    command: tuple[str, ...], process: Callable[..., Result], forbid: Callable[..., None]
) -> None:
    forbid(*HEAVY)
    result = process(*command, "--help")
    assert (result.status, result.err) == (0, "")
    assert "example" in result.out
    assert f"main.py {' '.join(command)}".strip() in result.out.split("example")[1]


@pytest.mark.slow
def test_version(process: Callable[..., Result], forbid: Callable[..., None]) -> None:
    forbid(*HEAVY)
    assert process("--version").out == f"vqgan-clip-studio {__version__}\n"


def test_the_devices_are_those_of_the_preferences_and_of_the_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torch

    from studio.engine import device

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert parser.DEVICES == preferences.DEVICES
    named = parser.DEVICES[1:]
    assert tuple(device.choose(name).type for name in named) == named


def test_every_choice_is_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser.command_parser().parse_args(["paint", "--help"])
    text = capsys.readouterr().out
    assert all(choice in text for choice in (*OPTIMIZERS, *PRESETS, "fractal", "gradient"))

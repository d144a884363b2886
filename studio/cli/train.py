"""`train`: a model on a person's own pictures, or the shipped ones and their judge from nothing."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from studio.cli import answer
from studio.cli.outputs import make_folder
from studio.errors import RequestError

if TYPE_CHECKING:
    from studio.training.starter import Starter

FINAL = {"vqgan": "vqgan", "clip": "clip-denoising"}
"""The stage whose weights become each of the two starter models."""


def run(arguments: argparse.Namespace) -> int:
    """Train what the words say."""
    if arguments.what == "starter":
        return _starter(arguments)
    from studio.cli import train_clip, train_judge, train_own

    commands = {"vqgan": train_own.run, "clip": train_clip.run, "judge": train_judge.run}
    return commands[arguments.what](arguments)


def _starter(arguments: argparse.Namespace) -> int:
    out: Path = arguments.out
    if out.exists() and not out.is_dir():
        raise RequestError(f"--out {out} is a file; name a folder.")
    from studio.engine import device as devices
    from studio.training.starter import STAGES, Recipe, Starter

    stages = tuple(arguments.stage or STAGES)
    for stage in stages:
        if stage not in STAGES:
            raise RequestError(f"There is no stage {stage!r}; there are: {', '.join(STAGES)}.")
    accelerator = devices.choose(arguments.device).type
    make_folder(out)
    _trained(Starter(out, Recipe(seed=arguments.seed), accelerator=accelerator), stages)
    made = _collected(out)
    found = {"out": str(out), "stages": list(stages), "device": accelerator, "models": made}
    lines = [f"model    {path}" for path in made] or [f"stages   {', '.join(stages)} in {out}"]
    answer.give(found, lines, as_json=arguments.json)
    return 0


def _trained(starter: Starter, stages: tuple[str, ...]) -> None:
    try:
        starter.run(stages)
    except SystemExit as ended:  # what Lightning makes of Ctrl-C
        raise KeyboardInterrupt from ended


def _collected(out: Path) -> list[str]:
    """Copy the finished models to where the program finds them when it is pointed at `out`."""
    made = []
    for kind, stage in FINAL.items():
        weights = out / f"{stage}.safetensors"
        if weights.exists():
            folder = out / "starter"
            folder.mkdir(exist_ok=True)
            for suffix in (".safetensors", ".json"):
                shutil.copyfile(weights.with_suffix(suffix), folder / f"{kind}{suffix}")
            made.append(str(folder / f"{kind}.safetensors"))
    return made

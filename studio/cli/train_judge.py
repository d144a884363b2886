"""`train judge`: the CLIP that `bench --pictures` judges by, from nothing."""

from __future__ import annotations

import argparse
from dataclasses import replace

import msgspec

from studio.cli import answer
from studio.cli.outputs import make_folder
from studio.models import store


def run(arguments: argparse.Namespace) -> int:
    """Train it, or go on where it was interrupted."""
    from studio.engine import device as devices
    from studio.training.judge import Judge, JudgeRecipe

    accelerator = devices.choose(arguments.device).type
    vqgan = store.find("starter", "vqgan")
    make_folder(arguments.out)
    recipe = replace(JudgeRecipe(), seed=arguments.seed)
    judge = Judge(arguments.out, recipe, accelerator=accelerator)
    try:
        found = judge.run(vqgan.weights)
    except SystemExit as ended:  # what Lightning makes of Ctrl-C
        raise KeyboardInterrupt from ended
    lines = [
        f"own caption first  {found.first:.1%} of {found.pictures} scenes, among 128",
        f"near misses told   {found.near:.1%} of {found.near_misses}",
        f"model              {judge.weights}",
    ]
    told = {"out": str(arguments.out), "weights": str(judge.weights), "device": accelerator}
    answer.give(told | msgspec.structs.asdict(found), lines, as_json=arguments.json)
    return 0

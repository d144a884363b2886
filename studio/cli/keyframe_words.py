"""The words of `keyframe`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.cli import motion, values
from studio.core.easing import EASES
from studio.core.knobs import KNOBS

Add = Callable[[argparse.ArgumentParser], None]

SET_HELP = """What is not given stays as it is at a keyframe that is there. A value travels from one
keyframe that sets it to the next, and stays from the last one on; prompts cross over without a
jump. Painted iterations stay as they are: there a keyframe counts for what is painted from now on.

examples:
  %(prog)s 100 --prompt "birds | sunset:0.5" --ease in-out
  %(prog)s 150 --zoom 1.02 --angle 0.5 --ease-of motion=linear --hold 2"""


def add(commands: Any, add_json: Add) -> None:
    """Add the command and its verbs."""
    keyframe = commands.add_parser(
        "keyframe",
        help="list, set and remove the keyframes of a project",
        description="Keyframes steer a painting while it is painted, and films stop at them.",
        epilog='example:\n  %(prog)s painting.vqproj set 100 --prompt "birds | sunset:0.5"',
    )
    keyframe.add_argument("project", type=Path, metavar="FILE.vqproj")
    verbs = keyframe.add_subparsers(
        dest="verb", metavar="VERB", required=True, parser_class=type(keyframe)
    )
    for add_verb in (_add_list, _add_set, _add_remove):
        verb = add_verb(verbs)
        verb.add_argument(
            "--take", type=values.whole, metavar="N", help="the take (default: the newest)"
        )
        add_json(verb)


def _add_list(verbs: Any) -> argparse.ArgumentParser:
    listing: argparse.ArgumentParser = verbs.add_parser(
        "list",
        help="the keyframes that count from now on",
        description="List the keyframes that count for what is painted from now on.",
        epilog="example:\n  %(prog)s --json",
    )
    return listing


def _add_set(verbs: Any) -> argparse.ArgumentParser:
    setting: argparse.ArgumentParser = verbs.add_parser(
        "set",
        help="set a keyframe, or some values of one",
        description="Set a keyframe at an iteration, or some values of the one that is there.",
        epilog=SET_HELP,
    )
    setting.add_argument("iteration", type=values.whole, metavar="ITERATION", help="from 0 up")
    _add_values(setting.add_argument_group("what it sets"))
    motion.add(setting.add_argument_group("motion of each iteration"))
    _add_ways(setting.add_argument_group("how it goes on"))
    return setting


def _add_remove(verbs: Any) -> argparse.ArgumentParser:
    removing: argparse.ArgumentParser = verbs.add_parser(
        "remove",
        help="remove a keyframe",
        description="Remove the keyframe at an iteration. Nothing painted changes.",
        epilog="example:\n  %(prog)s 100",
    )
    removing.add_argument("iteration", type=values.whole, metavar="ITERATION")
    return removing


def _add_values(group: Any) -> None:
    group.add_argument(
        "--prompt", metavar="PROMPT", help='as for paint: "text:weight:stop", several joined by |'
    )
    group.add_argument(
        "--image-prompt",
        action="append",
        default=[],
        metavar="IMG[:WEIGHT]",
        help="a picture it should resemble (may be repeated)",
    )
    group.add_argument(
        "--negative",
        action="append",
        default=[],
        metavar="TEXT",
        help="what it should not show (may be repeated)",
    )
    for knob in KNOBS:
        if knob.travel:
            group.add_argument(
                knob.flag,
                dest=knob.field,
                type=int if knob.whole else float,
                metavar="N" if knob.whole else "X",
                help=knob.help,
            )
    group.add_argument("--seed", type=values.whole, metavar="S", help="of the views; it steps")


def _add_ways(group: Any) -> None:
    group.add_argument(
        "--ease",
        choices=EASES,
        help="how values travel to the next keyframe; step stays and then jumps (default: in-out)",
    )
    group.add_argument(
        "--ease-of",
        action="append",
        default=[],
        type=values.named,
        metavar="FIELD=NAME",
        help="the same for one value alone, such as prompts or learning_rate (may be repeated)",
    )
    group.add_argument(
        "--hold", type=float, metavar="S", help="seconds that a film rests here (default: 0)"
    )

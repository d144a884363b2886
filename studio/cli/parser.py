"""The words of the command line. Imports neither torch nor Qt nor numpy, so that help is quick."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NoReturn

from studio import __version__
from studio.cli import export_words, keyframe_words, models_words, motion, train_words, values
from studio.core.efforts import EFFORTS
from studio.core.knobs import COLOURS, KNOBS
from studio.core.settings import DEFAULTS, OPTIMIZERS, PRESETS, STARTS
from studio.errors import RequestError

DEVICES = ("auto", "cpu", "cuda", "mps")
NAME = "vqgan-clip-studio"

EXAMPLES = """examples:
  %(prog)s paint "a red circle on a blue background" --seed 1
  %(prog)s info painting.vqproj
  %(prog)s keyframe painting.vqproj set 100 --prompt "birds" --zoom 1.01
  %(prog)s export painting.vqproj film.mp4
  %(prog)s models list
  %(prog)s doctor

`COMMAND --help` tells all about a command. Results go to standard output, progress, log and errors
to standard error. Exit status: 0 done, 2 the request was wrong, 1 it failed for another reason,
130 interrupted with everything painted so far kept.

VQGAN_CLIP_STUDIO_MODELS names a folder of models (NAME/vqgan.safetensors, NAME/clip.safetensors,
each with its .json) that is searched before the shipped ones."""

PROMPT_HELP = r"""how a prompt is written:
  "text:weight:stop"       weight and stop may be left out; other colons are text
  "sky | sea:0.5"          several prompts at once
  "dawn ^ noon | birds"    a story: every 100 iterations it has come to the next step
  "at 12:30", "a 16:9"     clocks, ratios and addresses are text; "1984 :2" has a weight
  "Apollo\:13"             a backslash makes : | ^ = plain text

examples:
  %(prog)s "a red circle on a blue background" --seed 1 --out circle.png
  %(prog)s "a lighthouse | storm:0.5" --negative blurry --size 384x256 --project light.vqproj
  %(prog)s --project light.vqproj --resume --iterations 100"""


class Parser(argparse.ArgumentParser):
    """An argparse parser whose errors are requests refused in one sentence."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **options
        )

    def error(self, message: str) -> NoReturn:
        """Refuse the words."""
        if message.startswith("unrecognized arguments: "):
            message += " (put a prompt or name of several words in quotes)"
        raise RequestError(f"{message.removeprefix('argument ')}; see `{self.prog} --help`.")


def command_parser() -> Parser:
    """The parser of the whole command line; `command` in what it returns names the module."""
    parser = Parser(
        description="Paint pictures from prompts with VQGAN+CLIP. No word opens the window.",
        epilog=EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=f"{NAME} {__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, parser_class=Parser
    )
    _add_paint(commands)
    _add_info(commands)
    keyframe_words.add(commands, _add_json)
    export_words.add(commands, _add_device, _add_json)
    models_words.add(commands, _add_json)
    train_words.add(commands, _add_device, _add_json)
    _add_bench(commands)
    _add_doctor(commands)
    return parser


def _add_paint(commands: Any) -> None:
    paint = commands.add_parser(
        "paint",
        help="paint a picture from a prompt",
        description="Paint a picture from a prompt, and record every iteration in a project.",
        epilog=PROMPT_HELP,
    )
    paint.add_argument("prompt", nargs="?", metavar="PROMPT", help="what the picture should show")
    _add_prompts(paint.add_argument_group("more prompts"))
    _add_outputs(paint.add_argument_group("what is written"))
    _add_settings(paint.add_argument_group("how it is painted"))
    motion.add(paint.add_argument_group("motion of each iteration"))
    _add_device(paint)
    _add_json(paint)


def _add_prompts(group: Any) -> None:
    group.add_argument(
        "--negative",
        action="append",
        default=[],
        metavar="TEXT",
        help="what it should not show; TEXT:0.5 for half as much (may be repeated)",
    )
    group.add_argument(
        "--image-prompt",
        action="append",
        default=[],
        metavar="IMG[:WEIGHT]",
        help="a picture it should resemble (may be repeated)",
    )
    group.add_argument(
        "--noise-prompt",
        action="append",
        default=[],
        metavar="SEED[:WEIGHT]",
        help="a random direction for CLIP (may be repeated)",
    )
    group.add_argument(
        "--region",
        action="append",
        default=[],
        metavar="MASK:PROMPT",
        help="a prompt that counts, and paints, only where a picture is white (may be repeated)",
    )


def _add_outputs(group: Any) -> None:
    group.add_argument(
        "--out",
        type=Path,
        metavar="IMG.png",
        help="the picture, .png, .jpg or .webp (default: named after prompt and seed, here)",
    )
    group.add_argument(
        "--project",
        type=Path,
        metavar="FILE.vqproj",
        help="the project with every iteration (default: a new one in the projects folder)",
    )
    group.add_argument(
        "--resume",
        action="store_true",
        help="paint the project on; prompt and settings given now count from the next iteration",
    )
    group.add_argument(
        "--why",
        type=Path,
        metavar="FOLDER",
        help="pictures of where each prompt is answered, warm where it is most",
    )
    group.add_argument("--force", action="store_true", help="replace a project that exists")


def _add_settings(group: Any) -> None:
    efforts = "; ".join(f"{name} {work.in_words}" for name, work in EFFORTS.items())
    group.add_argument(
        "--size", type=values.size, metavar="WxH", help="in pixels (default: 256x256)"
    )
    group.add_argument(
        "--effort",
        choices=EFFORTS,
        help=f"how much work it is given: {efforts}; --cutouts, --learning-rate and --iterations "
        "win over it (default: balanced)",
    )
    group.add_argument(
        "--iterations",
        type=values.count,
        metavar="N",
        help="how many (default: what the effort says, 200)",
    )
    group.add_argument(
        "--seed", type=values.whole, metavar="S", help="default: random, and printed"
    )
    group.add_argument("--model", metavar="NAME", help="the VQGAN (default: starter)")
    group.add_argument(
        "--clip",
        type=values.clips,
        metavar="NAME[:WEIGHT][,NAME[:WEIGHT]]",
        help="the CLIPs, and how much each counts (default: the model's own, or starter)",
    )
    group.add_argument(
        "--start",
        choices=_STARTS,
        help="what it begins with (default: imagined, where the model can)",
    )
    group.add_argument("--init", type=Path, metavar="IMG", help="a picture to begin with")
    group.add_argument(
        "--keep",
        metavar="MASK",
        help="a picture that is white where the painting stays as it is; none: nowhere",
    )
    for knob in KNOBS:
        group.add_argument(
            knob.flag,
            dest=knob.field,
            type=int if knob.whole else float,
            metavar="N" if knob.whole else "X",
            help=f"{knob.help} (default: {DEFAULTS[knob.field]:g})",
        )
    for colours in COLOURS:
        group.add_argument(
            colours.flag,
            dest=colours.field,
            type=values.colours,
            metavar="COLOURS" if colours.most > 1 else "COLOUR",
            help=f"{colours.help} (default: {','.join(DEFAULTS[colours.field])})",
        )
    group.add_argument("--optimizer", choices=OPTIMIZERS, help="default: adam")
    group.add_argument(
        "--cutout-preset", choices=PRESETS, help="how views are chosen (default: studio)"
    )


def _add_info(commands: Any) -> None:
    info = commands.add_parser(
        "info",
        help="tell what a project holds",
        description="Tell what a project holds; needs no model.",
        epilog="example:\n  %(prog)s painting.vqproj --json",
    )
    info.add_argument("project", type=Path, metavar="FILE.vqproj")
    _add_json(info)


def _add_bench(commands: Any) -> None:
    bench = commands.add_parser(
        "bench",
        help="measure how fast this machine paints",
        description="Seconds per iteration by stage, peak memory, what recording costs, and this "
        "machine's arithmetic floor: how long the multiplications alone would take at its full "
        "speed. In a checkout also how many times as fast as the plain reference loop it is.",
        epilog="examples:\n  %(prog)s --size 256x256 --cutouts 32\n"
        "  %(prog)s --model imagenet-f16-random --json\n  %(prog)s --ui\n"
        "  %(prog)s --pictures --out pictures\n"
        "  %(prog)s --efforts --prompt-count 4 --seed-count 1",
    )
    bench.add_argument(
        "--ui",
        action="store_true",
        help="measure the window instead, for about two minutes: how soon it is there, how quick "
        "a long project opens and scrubs, and how long a click waits while it paints",
    )
    bench.add_argument(
        "--size",
        type=values.size,
        metavar="WxH",
        help="in pixels (default: 256x256, with --efforts 128x128)",
    )
    bench.add_argument(
        "--cutouts",
        type=values.count,
        default=32,
        metavar="N",
        help="views per iteration, with --efforts those of the reference loop (default: 32)",
    )
    bench.add_argument(
        "--model",
        default="starter",
        metavar="NAME",
        help="a VQGAN with a CLIP of the same name; imagenet-f16-random builds the published "
        "architectures with random weights, for timing alone (default: starter)",
    )
    bench.add_argument(
        "--iterations",
        type=values.count,
        metavar="N",
        help="default: 5, of the random model 3, of pictures 150, with --efforts 200 of the "
        "reference loop and each effort's own; at most N of all when given",
    )
    _add_pictures(bench.add_argument_group("how well it paints"))
    bench.add_argument(
        "--against",
        type=Path,
        metavar="FILE.py",
        help="the reference loop that takes turns with ours (default: tests/reference_loop.py of "
        "the checkout)",
    )
    _add_device(bench)
    _add_json(bench)


def _add_pictures(group: Any) -> None:
    group.add_argument(
        "--pictures",
        dest="command",
        action="store_const",
        const="bench_pictures",
        default=argparse.SUPPRESS,
        help="instead paint 48 prompts as usual, for hours, and let a judge CLIP say which of the "
        "pictures is most like each; pictures that are there already are not painted again",
    )
    group.add_argument(
        "--efforts",
        dest="command",
        action="store_const",
        const="bench_efforts",
        default=argparse.SUPPRESS,
        help="instead paint some prompts with each effort and with the reference loop, for an hour "
        "or two, and let a judge CLIP say how like the prompts they are after how many seconds; "
        "paintings that are there already are not painted again",
    )
    group.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="where the pictures go (default: bench-pictures, or bench-efforts)",
    )
    group.add_argument(
        "--seed", type=values.whole, default=1, metavar="S", help="the first one (default: 1)"
    )
    group.add_argument(
        "--seed-count",
        type=values.count,
        default=3,
        metavar="N",
        help="seeds with --efforts (default: 3)",
    )
    group.add_argument(
        "--prompt-count",
        type=values.count,
        default=12,
        metavar="N",
        help="prompts with --efforts, from all over the list (default: 12)",
    )
    group.add_argument(
        "--judge",
        type=Path,
        metavar="FOLDER",
        help="the CLIP that judges, as `train judge` makes it (default: that of a checkout)",
    )
    group.add_argument(
        "--prompts",
        type=Path,
        metavar="FILE.json",
        help='other prompts: {"pairs": [["TEXT", "NEAR MISS"]], "others": ["TEXT"]}',
    )


def _add_doctor(commands: Any) -> None:
    doctor = commands.add_parser(
        "doctor",
        help="check this installation",
        description="Check versions, devices, memory, ffmpeg, models and folders, with a remedy "
        "for each problem.",
        epilog="example:\n  %(prog)s --json",
    )
    _add_json(doctor)


def _add_device(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--device", choices=DEVICES, default="auto", help="default: auto, the fastest there is"
    )


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object on standard output"
    )


_STARTS = tuple(start for start in STARTS if start != "picture")

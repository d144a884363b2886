"""The words of `train`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from studio.cli import values
from studio.training.order import (
    CHANGES,
    PARTS,
    PRECISIONS,
    SCRATCH,
    STEPS,
    CLIPOrder,
    Order,
    Weights,
)

Add = Callable[[argparse.ArgumentParser], None]

VQGAN_EXAMPLES = """examples:
  %(prog)s --images photos --check
  %(prog)s --images photos --out models/photos --minutes 10
  %(prog)s --out models/photos --resume
  VQGAN_CLIP_STUDIO_MODELS=models vqgan-clip-studio paint "a lake" --model photos

The folder and those in it are searched for PNG, JPEG, WebP, TIFF, BMP and GIF. A caption is a .txt
of the same name, or an IPTC or XMP description. About a tenth of the pictures is held out: never
trained on, and what the verdict at the end is about. Ctrl-C stops after a step; --resume goes on
exactly as if nothing had happened. OUT/training/losses.jsonl has every loss of every step, and
OUT/training/pictures.png shows how held-out pictures are given back by now."""

CLIP_EXAMPLES = """examples:
  %(prog)s --images photos --check
  %(prog)s --images photos --out models/photos-clip --minutes 10
  VQGAN_CLIP_STUDIO_MODELS=models vqgan-clip-studio paint "a lake" --clip photos-clip

A caption is a .txt of the same name, or an IPTC or XMP description. A CLIP made from nothing knows
the words of these captions and no others."""

LOSSES = {
    "l1": "difference of pixels",
    "perceptual": "difference of what all layers of the CLIP make of it",
    "codebook": "draws codebook vectors to the latents",
    "commitment": "beta: holds latents to their codebook vectors",
    "adversarial": "a patch-GAN takes it for real, times the adaptive weight",
    "clip": "CLIP finds the caption in it, or else the original",
    "variation": "total variation: smooths",
}


def add(commands: Any, add_device: Add, add_json: Add) -> None:
    """Add the command."""
    train: argparse.ArgumentParser = commands.add_parser(
        "train",
        help="train a model on your own pictures",
        description="Make models: from pictures of your own, or the starter models again.",
        epilog="examples:\n  %(prog)s vqgan --images photos --out models/photos --minutes 10\n"
        "  %(prog)s clip --images photos --out models/photos-clip --minutes 10\n"
        "  %(prog)s starter --out runs/starter",
    )
    kinds = train.add_subparsers(
        dest="what", metavar="vqgan|clip|starter|judge", required=True, parser_class=type(train)
    )
    _add_vqgan(kinds, add_device, add_json)
    _add_clip(kinds, add_device, add_json)
    _add_starter(kinds, add_device, add_json)
    _add_judge(kinds, add_device, add_json)


def _add_vqgan(kinds: Any, add_device: Add, add_json: Add) -> None:
    vqgan: argparse.ArgumentParser = kinds.add_parser(
        "vqgan",
        help="a VQGAN on a folder of your pictures",
        description="Train a VQGAN on a folder of your pictures, then say honestly how well it "
        "gives back pictures it has not seen.",
        epilog=VQGAN_EXAMPLES,
    )
    _add_folders(vqgan)
    _add_order(vqgan.add_argument_group("how it is trained"))
    _add_weights(vqgan.add_argument_group("how much each loss counts (0 turns it off)"))
    add_device(vqgan)
    add_json(vqgan)


def _add_clip(kinds: Any, add_device: Add, add_json: Add) -> None:
    clip: argparse.ArgumentParser = kinds.add_parser(
        "clip",
        help="a small CLIP on a folder of your captioned pictures",
        description="Train a small CLIP on a folder of your captioned pictures, so that it guides "
        "by their words, then say how well it tells captions of pictures it has not seen.",
        epilog=CLIP_EXAMPLES,
    )
    _add_folders(clip)
    usual = CLIPOrder()
    group = clip.add_argument_group("how it is trained")
    group.add_argument(
        "--from",
        dest="source",
        metavar="NAME",
        help=f"the CLIP it begins with, whose words it keeps (default: {usual.source}, none)",
    )
    _add_length(group)
    group.add_argument(
        "--batch",
        type=values.count,
        metavar="N",
        help=f"captions told apart at once (default: {usual.batch}, or as many as there are)",
    )
    group.add_argument("--seed", type=values.whole, metavar="S", help=f"default: {usual.seed}")
    group.add_argument("--rate", type=float, metavar="X", help="learning rate")
    group.add_argument(
        "--attack",
        type=float,
        metavar="X",
        help="adversarial change to each picture while it learns, such as 1.5; slower, and its "
        "gradient then guides better (default: 0)",
    )
    add_device(clip)
    add_json(clip)


def _add_folders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--images", type=Path, metavar="FOLDER", help="your pictures")
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="the model; the folder's name is the model's"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="only say which pictures are usable and why others are not (and, of a VQGAN, how much "
        "time and memory training would take)",
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on with the training in OUT, as it was begun"
    )


def _add_length(group: Any) -> None:
    long = group.add_mutually_exclusive_group()
    long.add_argument("--steps", type=values.count, metavar="N", help=f"default: {STEPS}")
    long.add_argument("--minutes", type=float, metavar="M", help="as many steps as fit into it")


def _add_order(group: Any) -> None:
    usual = Order()
    group.add_argument(
        "--from",
        dest="source",
        metavar="NAME",
        help=f"the VQGAN it begins with, or {SCRATCH} for none (default: {usual.source})",
    )
    group.add_argument(
        "--clip", metavar="NAME", help="the CLIP that looks at pictures (default: as for painting)"
    )
    _add_length(group)
    group.add_argument(
        "--size",
        dest="side",
        type=values.count,
        metavar="PX",
        help=f"side of the squares it learns from (default: {usual.side})",
    )
    group.add_argument(
        "--batch", type=values.count, metavar="N", help=f"squares at once (default: {usual.batch})"
    )
    group.add_argument(
        "--accumulate",
        type=values.count,
        metavar="N",
        help="batches for one step, where memory has no room for a larger one (default: 1)",
    )
    group.add_argument(
        "--devices",
        type=values.count,
        metavar="N",
        help="GPUs that train together, each on batches of its own (default: 1)",
    )
    group.add_argument(
        "--precision",
        choices=PRECISIONS,
        help="of the arithmetic, in bits (default: auto, bf16 where the device is quick at it)",
    )
    group.add_argument("--seed", type=values.whole, metavar="S", help=f"default: {usual.seed}")
    group.add_argument(
        "--part", choices=PARTS, help=f"what of it is trained (default: {usual.part})"
    )
    group.add_argument(
        "--augment",
        dest="changes",
        type=some_of(CHANGES),
        metavar="LIST",
        help=f"how pictures are varied: {','.join(CHANGES)} or none; captions with left or right "
        "are never flipped (default: all)",
    )
    group.add_argument(
        "--rate", type=float, metavar="X", help="learning rate (default: by the network)"
    )
    group.add_argument(
        "--gan-start",
        type=float,
        metavar="SHARE",
        help="share of the steps after which the discriminator joins in "
        f"(default: {usual.gan_start})",
    )


def _add_weights(group: Any) -> None:
    usual = msgspec.structs.asdict(Weights())
    for name, told in LOSSES.items():
        word = "--clip-score" if name == "clip" else f"--{name}"  # --clip names a CLIP
        group.add_argument(
            word,
            dest=f"weight_{name}",
            type=float,
            metavar="X",
            help=f"{told} (default: {usual[name]:g})",
        )


def _add_starter(kinds: Any, add_device: Add, add_json: Add) -> None:
    starter: argparse.ArgumentParser = kinds.add_parser(
        "starter",
        help="the shipped starter models, from nothing",
        description="Make the shipped starter models again from nothing: drawn scenes, a CLIP, a "
        "VQGAN. Takes hours; what was interrupted goes on where it stopped.",
        epilog="example:\n  %(prog)s --out runs/starter --seed 1",
    )
    starter.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    starter.add_argument(
        "--stage",
        action="append",
        metavar="NAME",
        help="only this stage (may be repeated; default: all in order)",
    )
    starter.add_argument("--seed", type=values.whole, default=1, metavar="S", help="default: 1")
    add_device(starter)
    add_json(starter)


def _add_judge(kinds: Any, add_device: Add, add_json: Add) -> None:
    judge: argparse.ArgumentParser = kinds.add_parser(
        "judge",
        help="the CLIP that `bench --pictures` judges by, from nothing",
        description="Train the judge of `bench --pictures`: a small CLIP on scenes and captions "
        "that the starter models never meet. Takes half an hour; what was interrupted goes on "
        "where it stopped.",
        epilog="example:\n  %(prog)s --out runs/judge",
    )
    judge.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    judge.add_argument("--seed", type=values.whole, default=1000, metavar="S", help="default: 1000")
    add_device(judge)
    add_json(judge)


def some_of(words: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """What reads a list of different words with commas between them, or "none"."""

    def chosen(text: str) -> tuple[str, ...]:
        found = () if text.strip() == "none" else tuple(each.strip() for each in text.split(","))
        if len(set(found)) != len(found) or not set(found) <= set(words):
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a list out of {','.join(words)}, or none"
            )
        return found

    return chosen

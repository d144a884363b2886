"""The words of `models`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

Add = Callable[[argparse.ArgumentParser], None]


def add(commands: Any, add_json: Add) -> None:
    """Add the command and its verbs."""
    models = commands.add_parser(
        "models",
        help="list, download, import, verify and remove models",
        description="The models on this machine, and the published ones.",
        epilog="examples:\n  %(prog)s list\n  %(prog)s download imagenet-f16-16384 ViT-B/32\n"
        "  %(prog)s import last.ckpt --config model.yaml --name mine\n\n"
        "VQGAN_CLIP_STUDIO_CATALOGUE names a catalogue to use instead of the program's own, such "
        "as\none with mirrors of your own.",
    )
    verbs = models.add_subparsers(
        dest="verb", metavar="VERB", required=True, parser_class=type(models)
    )
    for add_verb in (_add_list, _add_download, _add_import, _add_verify, _add_remove):
        add_json(add_verb(verbs))


def _add_list(verbs: Any) -> argparse.ArgumentParser:
    listing: argparse.ArgumentParser = verbs.add_parser(
        "list",
        help="name, size, state, and what each can and cannot draw",
        description="List the models on this machine, then the published ones.",
        epilog="example:\n  %(prog)s --json",
    )
    return listing


def _add_download(verbs: Any) -> argparse.ArgumentParser:
    download: argparse.ArgumentParser = verbs.add_parser(
        "download",
        help="fetch published models",
        description="Fetch published models, check them and convert them. What is broken off, by "
        "Ctrl-C too, goes on where it was the next time. Proxies are taken from the environment.",
        epilog="example:\n  %(prog)s imagenet-f16-16384 ViT-B/32",
    )
    download.add_argument("names", nargs="+", metavar="NAME", help="as `models list` names them")
    download.add_argument(
        "--trust", action="store_true", help="also what nobody has published a sha256 of"
    )
    download.add_argument(
        "--keep", action="store_true", help="keep the checkpoint beside what is made of it"
    )
    return download


def _add_import(verbs: Any) -> argparse.ArgumentParser:
    bring: argparse.ArgumentParser = verbs.add_parser(
        "import",
        help="add weights that you have",
        description="Add weights that you have: checkpoints of taming's VQGANs, OpenAI's CLIPs, or "
        "safetensors of either. They are recognised by their sha256 or by what is inside; of a "
        "folder all that are recognised are added. Your files stay as they are.",
        epilog="examples:\n  %(prog)s ViT-B-32.pt\n"
        "  %(prog)s last.ckpt --config model.yaml --name mine",
    )
    bring.add_argument("path", type=Path, metavar="PATH", help="a file, or a folder of files")
    bring.add_argument(
        "--config",
        type=Path,
        metavar="YAML",
        help="of a VQGAN (default: the one beside it, or what the weights themselves tell)",
    )
    bring.add_argument("--name", metavar="NAME", help="default: the published one, or the file's")
    return bring


def _add_verify(verbs: Any) -> argparse.ArgumentParser:
    verify: argparse.ArgumentParser = verbs.add_parser(
        "verify",
        help="check that weights are still what was installed",
        description="Compare the sha256 of weights with what it was when they were installed.",
        epilog="example:\n  %(prog)s ViT-B/32",
    )
    verify.add_argument("name", nargs="?", metavar="NAME", help="default: all on this machine")
    return verify


def _add_remove(verbs: Any) -> argparse.ArgumentParser:
    remove: argparse.ArgumentParser = verbs.add_parser(
        "remove",
        help="delete a model and what a download left of it",
        description="Delete a model of yours, and what a download left of it.",
        epilog="example:\n  %(prog)s ViT-B/32",
    )
    remove.add_argument("name", metavar="NAME", help="as `models list` names it")
    return remove

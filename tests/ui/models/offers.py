"""A small catalogue of tiny models, served by this machine."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import msgspec
import torch
from torch import nn

from tests.engine import formats, tiny
from tests.ui.models.server import Server

VQGAN, CLIP, UNKNOWN = "tiny-f2", "tiny/clip", "unknown-f2"


def offer(server: Server, folder: Path) -> None:
    """Serve a VQGAN, a CLIP, and a VQGAN nobody can check; the catalogue goes into a folder."""
    vqgan = checkpoint(formats.filled(lambda: formats.VQModel(formats.SMALL)))
    config = formats.vqgan_yaml(folder / "offer.yaml", formats.SMALL).read_bytes()
    clip = saved(tiny.vision_transformer(transformer_width=64).clip.half().state_dict())
    server.files |= {"vqgan.ckpt": vqgan, "vqgan.yaml": config, "clip.pt": clip}
    entries = [
        entry(server, VQGAN, "vqgan", "vqgan.ckpt", factor=2, codes=24, recommended=True),
        entry(server, UNKNOWN, "vqgan", "vqgan.ckpt", factor=2, codes=24, sha256=None),
        entry(server, CLIP, "clip", "clip.pt", input_size=32, recommended=True),
    ]
    (folder / "catalogue.json").write_bytes(msgspec.json.encode(entries))


def entry(server: Server, name: str, kind: str, file: str, **more: Any) -> dict[str, Any]:
    data = server.files[file]
    config = server.files["vqgan.yaml"]
    return {
        "name": name,
        "kind": kind,
        "title": f"The {name}",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "urls": [server.url(file)],
        "config": {
            "urls": [server.url("vqgan.yaml")],
            "bytes": len(config),
            "sha256": hashlib.sha256(config).hexdigest(),
        }
        if kind == "vqgan"
        else None,
        "architecture": "As small as they come",
        "factor": None,
        "codes": None,
        "input_size": None,
        "memory": {"at_256": 10_000_000, "at_512": 40_000_000},
        "licence": "Made by a test",
        "draws": "Next to nothing",
        **more,
    }


def checkpoint(model: nn.Module) -> bytes:
    """A VQGAN as others publish it."""
    return saved({"state_dict": model.state_dict()})


def saved(tensors: Any) -> bytes:
    """What torch writes."""
    buffer = io.BytesIO()
    torch.save(tensors, buffer)
    return buffer.getvalue()

"""Small pictures of a style that no model has seen: threads woven in a few colours."""

from __future__ import annotations

import random
from pathlib import Path

import torch
from PIL import Image, ImageDraw

from studio.engine.vqgan import VQGAN, VQGANConfig
from studio.training.album import Album, make
from studio.training.own_pictures import look_at


def draw_threads(folder: Path, *, count: int = 20, side: int = 48) -> None:
    """Draw pictures 0..count-1, always the same."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        rng = random.Random(number)
        colours = [(rng.randrange(90), rng.randrange(120, 256), rng.randrange(90)) for _ in "123"]
        image = Image.new("RGB", (side * 4 // 3, side), colours[0])
        draw = ImageDraw.Draw(image)
        for _ in range(10):
            x, y = rng.randrange(side), rng.randrange(side)
            ends = (x - side // 2, y - side // 2, x + side // 2, y + side // 2)
            draw.line(ends, fill=rng.choice(colours), width=rng.randrange(3, 9))
        image.save(folder / f"{number:03}.png")


def threads(folder: Path, *, count: int = 20, side: int = 48) -> Album:
    """Those pictures made ready for training, in a folder of their own."""
    draw_threads(folder / "pictures", count=count, side=side)
    album, refused = make(folder, look_at(folder / "pictures").usable, side)
    assert not refused
    return album


def vqgan() -> VQGAN:
    """A VQGAN of factor 2 as slight as they come, always the same."""
    shape = VQGANConfig(
        ch=32,
        ch_mult=(1, 1),
        num_res_blocks=1,
        attn_resolutions=(),
        resolution=32,
        z_channels=8,
        embed_dim=8,
        codes=16,
        norm_groups=4,
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return VQGAN(shape)

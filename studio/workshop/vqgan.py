"""The starter VQGAN: an autoencoder first, then its codebook, then the patch-GAN against it.

    python -m studio.workshop.vqgan --material FOLDER --out FOLDER --steps N

Losses: pixels, features of the ImageNet eyes, commitment, and from `gan_from` on the adversary. The
codebook follows the mean of the latents that chose each code (van den Oord et al. 2017, appendix A)
and has few numbers a code, as in ViT-VQGAN (arXiv:2110.04627). Everything random in a step is drawn
from (seed, step), so that a run that is stopped goes on exactly.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from taming.modules.discriminator.model import NLayerDiscriminator, weights_init
from torch import Tensor

from studio.atomic import whole_file
from studio.engine.vqgan import VQGAN, VQGANConfig, straight_through
from studio.engine.weights import save
from studio.log import log
from studio.pictures.decoder import kept, rgb
from studio.training import scenes
from studio.training.losses import adaptive_weight, hinge_loss, perplexity, pixel_loss
from studio.training.pictures import render
from studio.training.stage import cosine, set_rate
from studio.training.vqgan_stage import codebook_from, psnr
from studio.workshop.composites import pool
from studio.workshop.eyes import Eyes, perceptual_distance
from studio.workshop.material import Material, cut_out

CONFIG = VQGANConfig(
    ch=32,
    ch_mult=(2, 3, 8),
    num_res_blocks=1,
    attn_resolutions=(),
    resolution=128,
    z_channels=64,
    embed_dim=8,
    codes=4096,
    norm_groups=8,
    patch=2,
)
SIDE = 128


@dataclass(frozen=True)
class Plan:
    """The numbers of a run; a step learns from `batch` pictures of SIDE pixels."""

    steps: int
    seed: int = 1
    batch: int = 16
    warm_up: int = 400
    gan_from: int = 2000
    encoder_until: int = 2000
    """From then on only the decoder learns, so that codes keep their meaning."""
    rate: float = 8e-4
    squares: float = 6.0
    perceptual: float = 1.0
    adversarial: float = 0.06
    commitment: float = 0.5
    decay: float = 0.98
    """Of the codebook's running means."""


class Sources:
    """Crops of composites, scenes, photographs and clip art."""

    def __init__(self, material: Path, folder: Path) -> None:
        told: Material = cut_out(material)
        self.small = pool(material, seed=1, count=16_000, side=SIDE).pixels
        self.large = pool(material, seed=2, count=3_000, side=256).pixels
        self.scenes = render(folder / "scenes", seed=1, count=12_000, size=SIDE).pixels
        self.photographs = [
            rgb(material / each.file) for each in told.photographs if not _judged(each.file)
        ]
        self.judged = [rgb(material / each.file) for each in told.photographs if _judged(each.file)]
        self.clip_art = [material / t.file for t in told.things if t.look == "clip art"]
        self.held = pool(material, seed=9, count=400, side=SIDE, held_out=True).pixels

    def batch(self, rng: np.random.Generator, count: int) -> Tensor:
        """Pictures of SIDE pixels, (count, 3, SIDE, SIDE) in -1..1."""
        return _tensor(np.stack([self._one(rng) for _ in range(count)]))

    def _one(self, rng: np.random.Generator) -> NDArray[np.uint8]:
        kind = rng.random()
        if kind < 0.36:
            picture = self.small[rng.integers(len(self.small))]
        elif kind < 0.58:
            picture = self.scenes[rng.integers(len(self.scenes))]
        elif kind < 0.72:
            picture = _window(self.large[rng.integers(len(self.large))], rng, SIDE)
        elif kind < 0.92:
            picture = _detail(self.photographs[rng.integers(len(self.photographs))], rng)
        else:
            picture = self._clip_art(rng)
        return picture[:, ::-1] if rng.random() < 0.5 else picture

    def _clip_art(self, rng: np.random.Generator) -> NDArray[np.uint8]:
        path = self.clip_art[rng.integers(len(self.clip_art))]
        image = Image.fromarray(kept(path.read_bytes(), "RGBA"))
        edge = SIDE * rng.uniform(0.8, 1.7) / max(image.size)
        image = image.resize([max(4, round(length * edge)) for length in image.size])
        ground = Image.new("RGB", (SIDE, SIDE), tuple(int(c) for c in rng.integers(0, 256, 3)))
        left, top = (int(rng.normal(SIDE / 2, 10) - length / 2) for length in image.size)
        ground.paste(image, (left, top), image)
        return np.asarray(ground)

    def judging(self) -> Tensor:
        """500 pictures that no step sees: things, photographs and scenes."""
        rng = np.random.default_rng(500)
        photographs = [_detail(self.judged[i % len(self.judged)], rng) for i in range(120)]
        unseen = [scenes.draw(1, 60_000 + i, SIDE).picture for i in range(130)]
        return _tensor(np.concatenate([self.held[:250], np.stack(photographs), np.stack(unseen)]))


def _judged(file: str) -> bool:
    return zlib.crc32(file.encode()) % 8 == 0


def _tensor(pictures: NDArray[np.uint8]) -> Tensor:
    batch = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2)
    return batch.float().div_(127.5).sub_(1)


def _window(picture: NDArray[np.uint8], rng: np.random.Generator, side: int) -> NDArray[np.uint8]:
    top, left = (rng.integers(length - side + 1) for length in picture.shape[:2])
    return picture[top : top + side, left : left + side]


def _detail(picture: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A square of a photograph between SIDE pixels and all of its height, at SIDE pixels."""
    shortest = min(picture.shape[:2])
    edge = int(np.exp(rng.uniform(np.log(min(SIDE, shortest)), np.log(shortest))))
    square = _window(picture, rng, edge)
    if edge == SIDE:
        return square
    image = Image.fromarray(square).resize((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=2)
    return np.asarray(image)


class Training:
    """A VQGAN, its adversary and their optimizers, step by step."""

    def __init__(self, plan: Plan, eyes: Eyes, sources: Sources) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.eyes, self.sources = plan, eyes, sources
        self.vqgan = VQGAN(CONFIG).to(memory_format=torch.channels_last)
        self.adversary = NLayerDiscriminator(ndf=48, n_layers=3).apply(weights_init)
        self.adversary.to(memory_format=torch.channels_last)
        self.vqgan.quantize.requires_grad_(False)
        learned = [p for p in self.vqgan.parameters() if p.requires_grad]
        self.painter = torch.optim.AdamW(learned, plan.rate, (0.9, 0.98), weight_decay=1e-4)
        self.critic = torch.optim.AdamW(
            self.adversary.parameters(), plan.rate / 2, (0.5, 0.9), weight_decay=1e-4
        )
        self.mean = {name: p.detach().clone() for name, p in self.vqgan.named_parameters()}
        self.counts = torch.ones(CONFIG.codes)
        self.sums = torch.zeros(CONFIG.codes, CONFIG.embed_dim)
        self.done = 0

    def step(self) -> dict[str, float]:
        """Learn from one batch; figures for the log."""
        plan, step = self.plan, self.done
        batch = self.sources.batch(np.random.default_rng((plan.seed, step)), plan.batch)
        batch = batch.to(memory_format=torch.channels_last)
        if step == plan.warm_up:
            self._start_codebook()
        if step == plan.encoder_until:
            self._settle_encoder()
        set_rate(self.painter, plan.rate * cosine(step, plan.steps, warm_up=100, floor=0.03))
        set_rate(self.critic, plan.rate / 2 * cosine(step, plan.steps, floor=0.03))
        figures = self._learn(batch, quantized=step >= plan.warm_up)
        self.done += 1
        with torch.no_grad():
            share = min(0.999, 1 - 1 / (1 + self.done / 8))
            for name, parameter in self.vqgan.named_parameters():
                self.mean[name].lerp_(parameter, 1 - share)
        return {name: float(value) for name, value in figures.items()}

    def _learn(self, batch: Tensor, *, quantized: bool) -> dict[str, Tensor]:
        plan = self.plan
        with torch.autocast("cpu", torch.bfloat16):
            z = self.vqgan.encode(batch).float()
            given, figures = z, {}
            if quantized:
                codes = self.vqgan.nearest_codes(z.detach())
                vectors = self.vqgan.vectors_of(codes)
                given = straight_through(vectors, z)
                figures["perplexity"] = perplexity(codes, CONFIG.codes)
            made = self.vqgan.decode(given).float()
            with torch.no_grad():
                real = self.eyes.features(batch)
            perceptual = perceptual_distance(self.eyes.features(made), real)
        squares = F.mse_loss(made, batch)
        reconstruction = (
            pixel_loss(made, batch) + plan.squares * squares + plan.perceptual * perceptual
        )
        held = F.mse_loss(z, vectors) * plan.commitment if quantized else 1e-3 * z.square().mean()
        loss = reconstruction + held
        figures |= {"db": 10 * torch.log10(4 / squares), "perceptual": perceptual, "held": held}
        fooled = self.done >= plan.gan_from
        if fooled:
            self.adversary.requires_grad_(False)
            with torch.autocast("cpu", torch.bfloat16):
                fooling = -self.adversary(made).float().mean()
            weight = adaptive_weight(reconstruction, fooling, self.vqgan.decoder.conv_out.weight)
            rise = min(1.0, (self.done - plan.gan_from) / 200)
            loss = loss + weight.clamp(max=10) * plan.adversarial * rise * fooling
            figures["weight"] = weight
        self.painter.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.vqgan.parameters(), 1.0)
        self.painter.step()
        if quantized and self.done < plan.encoder_until:
            self._move_codes(z.detach(), codes)
        if fooled or self.done >= plan.gan_from - 100:
            figures["critic"] = self._criticise(made.detach(), batch)
        return {name: value.detach() for name, value in figures.items()}

    def _criticise(self, made: Tensor, batch: Tensor) -> Tensor:
        self.adversary.requires_grad_(True)
        with torch.autocast("cpu", torch.bfloat16):
            real, fake = self.adversary(batch).float(), self.adversary(made).float()
        loss = hinge_loss(real, fake)
        self.critic.zero_grad(set_to_none=True)
        loss.backward()
        self.critic.step()
        return loss

    def _start_codebook(self) -> None:
        rng = np.random.default_rng((self.plan.seed, self.done, 1))
        codebook_from(self.vqgan, lambda: self.sources.batch(rng, 32), rng)
        # the scale went from the latents into the layers beside the codebook
        self.sums.copy_(self.vqgan.quantize.vectors)
        self.counts.fill_(1)

    @torch.no_grad()
    def _settle_encoder(self) -> None:
        """Stop the encoder where the mean of its weights is."""
        for name, parameter in self.vqgan.named_parameters():
            if name.startswith(("encoder.", "quant_conv.")):
                parameter.copy_(self.mean[name])
                parameter.requires_grad_(False)

    @torch.no_grad()
    def _move_codes(self, z: Tensor, codes: Tensor) -> None:
        flat, chosen = z.movedim(1, -1).flatten(0, 2), codes.flatten()
        decay = self.plan.decay
        self.counts.mul_(decay).index_add_(0, chosen, torch.full((len(chosen),), 1 - decay))
        self.sums.mul_(decay).index_add_(0, chosen, flat * (1 - decay))
        vectors = self.vqgan.quantize.vectors
        alive = self.counts > 0.01
        vectors.data[alive] = self.sums[alive] / self.counts[alive, None]
        if self.done % 10 == 0 and self.done < 0.8 * self.plan.steps:
            dead = (~alive).nonzero().flatten()
            dice = torch.Generator().manual_seed(self.plan.seed * 1_000_003 + self.done)
            fresh = flat[torch.randint(len(flat), (len(dead),), generator=dice)]
            vectors.data[dead] = fresh
            self.sums[dead], self.counts[dead] = fresh * 0.2, 0.2

    def state(self) -> dict[str, Any]:
        """All that going on exactly needs."""
        parts = ("vqgan", "adversary", "painter", "critic")
        state = {part: getattr(self, part).state_dict() for part in parts}
        return state | {
            "mean": self.mean,
            "counts": self.counts,
            "sums": self.sums,
            "done": self.done,
        }

    def load(self, state: dict[str, Any]) -> None:
        """Go on from `state`."""
        for part in ("vqgan", "adversary", "painter", "critic"):
            getattr(self, part).load_state_dict(state[part])
        self.mean, self.counts, self.sums = state["mean"], state["counts"], state["sums"]
        self.done = state["done"]
        if self.done > self.plan.encoder_until:
            self._settle_encoder()

    def averaged(self) -> VQGAN:
        """The running mean of the weights, with the codebook as it is."""
        made = VQGAN(CONFIG)
        tensors = self.vqgan.state_dict() | self.mean
        tensors |= {n: t for n, t in self.vqgan.state_dict().items() if n.startswith("quantize.")}
        made.load_state_dict(tensors)
        return made.eval().requires_grad_(False)


@torch.no_grad()
def judged(vqgan: VQGAN, eyes: Eyes, pictures: Tensor) -> tuple[dict[str, float], Tensor]:
    """PSNR in dB (mean over pictures), distance in features, codes in use; and what was made."""
    made, found, codes = [], [], []
    for part in pictures.split(20):
        z, used = vqgan.quantized(vqgan.encode(part))
        made.append(vqgan.decode(z).clamp(-1, 1))
        found.append(perceptual_distance(eyes.features(made[-1]), eyes.features(part)))
        codes.append(used.flatten())
    whole, all_codes = torch.cat(made), torch.cat(codes)
    each = [psnr(one, real) for one, real in zip(whole, pictures, strict=True)]
    figures = {
        "psnr": float(np.mean(each)),
        "pooled_psnr": psnr(whole, pictures),
        "distance": float(torch.stack(found).mean()),
        "used": float(len(all_codes.unique())),
        "perplexity": float(perplexity(all_codes, vqgan.config.codes)),
    }
    return figures, whole


def sheet(path: Path, rows: list[Tensor]) -> None:
    """Rows of pictures in one file."""
    lines = [torch.cat(list(row), 2) for row in rows]
    pixels = torch.cat(lines, 1).clamp(-1, 1).add(1).mul(127.5).byte().permute(1, 2, 0)
    Image.fromarray(pixels.numpy()).save(path)


def main() -> None:
    """Train to the end, from the checkpoint where there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--material", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--gan-from", type=int, default=1600)
    parser.add_argument("--encoder-until", type=int, default=1600)
    parser.add_argument("--threads", type=int, default=1)
    words = parser.parse_args()
    torch.set_num_threads(words.threads)
    words.out.mkdir(parents=True, exist_ok=True)
    sources = Sources(words.material, words.out)
    plan = Plan(words.steps, gan_from=words.gan_from, encoder_until=words.encoder_until)
    training = Training(plan, Eyes(words.material, 0), sources)
    checkpoint = words.out / "vqgan.ckpt"
    if checkpoint.exists():
        training.load(torch.load(checkpoint, weights_only=True))
        log.info("goes on at step %d", training.done)
    judge, pictures = Eyes(words.material, 2), sources.judging()
    shown = torch.cat([pictures[:8], pictures[250:254], pictures[370:376]])
    running: dict[str, float] = {}
    while training.done < plan.steps:
        began = time.monotonic()
        for name, value in training.step().items():
            running[name] = 0.95 * running.get(name, value) + 0.05 * value
        running["seconds"] = time.monotonic() - began
        if training.done % 25 == 0:
            told = "  ".join(f"{name} {value:.4g}" for name, value in running.items())
            log.info("%d/%d  %s", training.done, plan.steps, told)
        if training.done % 250 == 0 or training.done == plan.steps:
            with whole_file(checkpoint) as unfinished:
                torch.save(training.state(), unfinished)
        due = training.done % 500 == 0 or training.done == plan.steps
        if due and training.done > plan.warm_up:
            made = training.averaged()
            save(words.out / "vqgan.safetensors", made)
            figures, _ = judged(made, judge, pictures)
            log.info("judged %d: %s", training.done, json.dumps(figures))
            _, row = judged(made, judge, shown)
            sheet(words.out / f"vqgan-{training.done}.png", [shown, row])


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    main()

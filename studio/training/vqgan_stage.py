"""Training a VQGAN: as a plain autoencoder, then with its codebook, then against a patch-GAN.

A codebook started from random vectors collapses on small data; started by k-means from the latents
of a trained autoencoder it does not (measured in our first experiments).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from taming.modules.discriminator.model import NLayerDiscriminator, weights_init
from torch import Tensor

from studio.engine.perceptor import Perceptor
from studio.engine.vqgan import VQGAN, Codebook, VQGANConfig, straight_through
from studio.log import log
from studio.training.losses import (
    adaptive_weight,
    codebook_loss,
    hinge_loss,
    perceptual_loss,
    pixel_loss,
)
from studio.training.pictures import ScenePictures
from studio.training.stage import Stage, cosine, set_rate

CROPS = ((64, 16), (64, 16), (128, 5))
"""Side in pixels and number of the crops of a step; one of these is drawn each time."""
CODEBOOK_RATE = 10.0
"""How much faster than the networks the codebook learns."""
BANK = 40_000
"""Latents that k-means starts the codebook from."""


@dataclass(frozen=True)
class VQGANPlan:
    """How the stages train; numbers are steps."""

    warm_up: int
    steps: int
    gan_from: int
    warm_up_rate: float = 8e-4
    rate: float = 1e-3
    adversarial: float = 0.2
    perceptual: float = 0.6
    revive_until: float = 0.6
    """Share of the steps during which codes that nothing uses are moved onto real latents."""


class Autoencoder(Stage):
    """The warm-up: encoder and decoder without a codebook."""

    def __init__(
        self, vqgan: VQGAN, sources: tuple[ScenePictures, ...], plan: VQGANPlan, *, seed: int
    ) -> None:
        super().__init__(name="vqgan-warm", steps=plan.warm_up, seed=seed)
        self.vqgan, self.sources, self.plan = vqgan, sources, plan

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """AdamW over everything."""
        return torch.optim.AdamW(
            self.vqgan.parameters(), lr=self.plan.warm_up_rate, betas=(0.9, 0.99), weight_decay=1e-4
        )

    def batch(self, rng: np.random.Generator) -> Tensor:
        """Random crops of scenes, (B, 3, side, side) in -1..1."""
        return random_crops(self.sources, rng)

    def learn(self, batch: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        """One step towards the same picture through unquantized latents."""
        optimizer: Any = self.optimizers()
        set_rate(optimizer, self.plan.warm_up_rate * cosine(self.step, self.steps, floor=0.3))
        z = self.vqgan.encode(batch)
        made = self.vqgan.decode(z).float()
        # the small pull to zero keeps the latents, and so the later codebook, in one place
        loss = pixel_loss(made, batch) + 1e-3 * z.float().square().mean()
        optimizer.zero_grad(set_to_none=True)
        self.manual_backward(loss)
        torch.nn.utils.clip_grad_norm_(self.vqgan.parameters(), 1.0)
        optimizer.step()
        return {"loss": loss.detach(), "l1": (made - batch).abs().mean().detach()}


class Quantized(NamedTuple):
    """What one pass through the whole VQGAN gives."""

    made: Tensor
    z: Tensor
    codes: Tensor
    codebook: Tensor


class VQGANStage(Stage):
    """Codebook, perceptual and (from `gan_from`) adversarial training."""

    usage: Tensor

    def __init__(
        self,
        vqgan: VQGAN,
        perceptor: Perceptor,
        sources: tuple[ScenePictures, ...],
        plan: VQGANPlan,
        *,
        seed: int,
    ) -> None:
        super().__init__(name="vqgan", steps=plan.steps, seed=seed)
        self.vqgan, self.sources, self.plan = vqgan, sources, plan
        self.discriminator = NLayerDiscriminator(ndf=32, n_layers=2).apply(weights_init)
        self._perceptor = [perceptor.eval().requires_grad_(False)]  # kept out of the checkpoint
        self.register_buffer("usage", torch.ones(vqgan.config.codes))

    def configure_optimizers(self) -> list[torch.optim.Optimizer]:
        """AdamW for the VQGAN, Adam for the discriminator."""
        codebook = list(self.vqgan.quantize.parameters())
        rest = [p for name, p in self.vqgan.named_parameters() if not name.startswith("quantize.")]
        return [
            torch.optim.AdamW(
                [{"params": rest, "weight_decay": 1e-4}, {"params": codebook, "weight_decay": 0.0}],
                lr=self.plan.rate,
                betas=(0.9, 0.99),
            ),
            torch.optim.Adam(
                self.discriminator.parameters(), lr=self.plan.rate / 2, betas=(0.5, 0.9)
            ),
        ]

    def batch(self, rng: np.random.Generator) -> Tensor:
        """Random crops of scenes, (B, 3, side, side) in -1..1."""
        return random_crops(self.sources, rng)

    def learn(self, batch: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        """One step of the VQGAN and, once it has started, one of the discriminator."""
        optimizers: Any = self.optimizers()
        factor = cosine(self.step, self.steps)
        set_rate(optimizers[0], self.plan.rate * factor)
        set_rate(optimizers[1], self.plan.rate / 2 * factor)
        # the codebook has to keep up with latents that all of the encoder moves
        optimizers[0].param_groups[1]["lr"] *= CODEBOOK_RATE
        passed = self._through(batch)
        figures = self._learn_pictures(optimizers[0], passed, batch)
        if self.step >= self.plan.gan_from:
            figures |= self._learn_to_tell(optimizers[1], passed.made.detach(), batch)
        self._revive(passed, generator)
        return figures

    def _through(self, batch: Tensor) -> Quantized:
        z = self.vqgan.encode(batch).float()
        codes = self.vqgan.nearest_codes(z.detach())
        vectors = self.vqgan.vectors_of(codes)
        made = self.vqgan.decode(straight_through(vectors.detach(), z)).float()
        return Quantized(made, z, codes, codebook_loss(z, vectors))

    def _learn_pictures(
        self, optimizer: Any, passed: Quantized, batch: Tensor
    ) -> dict[str, Tensor]:
        (perceptor,) = self._perceptor
        perceptual = perceptual_loss(perceptor, passed.made, batch)
        reconstruction = pixel_loss(passed.made, batch) + self.plan.perceptual * perceptual
        loss = reconstruction + passed.codebook
        figures = {
            "l1": (passed.made - batch).abs().mean().detach(),
            "perceptual": perceptual.detach(),
            "codebook": passed.codebook.detach(),
        }
        if self.step >= self.plan.gan_from:
            fooling = -self.discriminator(passed.made).float().mean()
            last = self.vqgan.decoder.conv_out.weight
            weight = adaptive_weight(reconstruction, fooling, last) * self.plan.adversarial
            loss = loss + weight * fooling
            figures["weight"] = weight
        optimizer.zero_grad(set_to_none=True)
        self.manual_backward(loss)
        torch.nn.utils.clip_grad_norm_(self.vqgan.parameters(), 1.0)
        optimizer.step()
        return figures

    def _learn_to_tell(self, optimizer: Any, made: Tensor, batch: Tensor) -> dict[str, Tensor]:
        real_score, made_score = self.discriminator(batch), self.discriminator(made)
        loss = hinge_loss(real_score.float(), made_score.float())
        optimizer.zero_grad(set_to_none=True)
        self.manual_backward(loss)
        optimizer.step()
        return {"discriminator": loss.detach()}

    @torch.no_grad()
    def _revive(self, passed: Quantized, generator: torch.Generator) -> None:
        """Move codes that nothing uses onto latents of this batch."""
        counts = torch.bincount(passed.codes.flatten(), minlength=len(self.usage)).float()
        self.usage.mul_(0.99).add_(counts, alpha=0.01)
        if self.step % 20 or self.step > self.plan.revive_until * self.steps:
            return
        dead = (self.usage < 0.03).nonzero().flatten()
        latents = passed.z.movedim(1, -1).flatten(0, 2)
        chosen = torch.randint(len(latents), (len(dead),), generator=generator)
        self.vqgan.quantize.vectors.data[dead] = latents[chosen]
        self.usage[dead] = 1


def start_codebook(
    vqgan: VQGAN, sources: tuple[ScenePictures, ...], *, seed: int, rounds: int = 12
) -> None:
    """Set the codebook by k-means over the latents of random crops, see `codebook_from`."""
    rng = np.random.default_rng((seed, 0))
    codebook_from(vqgan, lambda: random_crops(sources, rng), rng, rounds=rounds)


@torch.no_grad()
def codebook_from(
    vqgan: VQGAN, pictures: Callable[[], Tensor], rng: np.random.Generator, *, rounds: int = 12
) -> None:
    """Set the codebook by k-means over the latents of real pictures, scaled to deviation 1.

    `pictures` gives (B, 3, H, W) in -1..1, others each time. The scale is moved into the
    convolutions beside the codebook, so the pictures stay as they are and a learning rate means the
    same for every model made here.
    """
    found: list[Tensor] = []
    while sum(map(len, found)) < max(BANK, vqgan.config.codes):
        z = vqgan.encode(pictures()).float()
        found.append(z.movedim(1, -1).flatten(0, 2))
    latents = torch.cat(found)
    scale = float(latents.std())
    vqgan.quant_conv.weight.div_(scale)
    if vqgan.quant_conv.bias is not None:
        vqgan.quant_conv.bias.div_(scale)
    vqgan.post_quant_conv.weight.mul_(scale)
    latents = latents / scale
    assert isinstance(vqgan.quantize, Codebook)
    chosen = torch.from_numpy(rng.permutation(len(latents))[: vqgan.config.codes])
    vectors = latents[chosen.to(latents.device)]
    for _ in range(rounds):
        nearest = torch.cdist(latents, vectors).argmin(1)
        counts = torch.bincount(nearest, minlength=len(vectors))
        sums = torch.zeros_like(vectors).index_add_(0, nearest, latents)
        vectors = torch.where(counts[:, None] > 0, sums / counts.clamp(min=1)[:, None], vectors)
    vqgan.quantize.embedding.weight.copy_(vectors)
    log.info("k-means started %d codes from %d latents", len(vectors), len(latents))


def random_crops(sources: tuple[ScenePictures, ...], rng: np.random.Generator) -> Tensor:
    """Crops at full resolution from one of the sources, (B, 3, side, side) in -1..1."""
    side, count = CROPS[rng.integers(len(CROPS))]
    pixels = sources[rng.integers(len(sources))].pixels
    size = pixels.shape[1]
    crops = []
    for index in rng.integers(len(pixels), size=count):
        top, left = rng.integers(size - side + 1, size=2)
        crop = pixels[index, top : top + side, left : left + side]
        crops.append(crop[:, ::-1] if rng.random() < 0.5 else crop)
    batch = torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2)
    return batch.float() / 127.5 - 1


def new_vqgan() -> VQGAN:
    """The starter VQGAN's architecture, untrained."""
    return VQGAN(
        VQGANConfig(
            ch=32,
            ch_mult=(1, 1, 2, 4),
            num_res_blocks=1,
            attn_resolutions=(),
            resolution=128,
            z_channels=64,
            embed_dim=64,
            codes=1024,
            norm_groups=4,
        )
    )


def psnr(made: Tensor, real: Tensor) -> float:
    """Peak signal-to-noise ratio in dB of pictures in -1..1."""
    return float(10 * torch.log10(4 / F.mse_loss(made.clamp(-1, 1), real)))

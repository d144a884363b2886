"""Training a VQGAN on a person's own pictures, from a model that is there or from nothing.

Terms of the loss (Esser et al. 2021, arXiv:2012.09841, sections 3.1 and 3.2), each with a weight:
pixels, perception, codebook, commitment, a hinge patch-GAN with the adaptive weight of equation 7,
a CLIP score, total variation. Perception compares the places of a picture in every layer of the
CLIP at hand, as LPIPS does with VGG's: the shallow layers hold edges and grain, the deep ones what
things are, and none of them alone does both. What CLIP makes of the picture as a whole, its
embedding, is the CLIP score's.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np
import torch
from taming.modules.discriminator.model import NLayerDiscriminator, weights_init
from torch import Tensor

from studio.engine.perceptor import Perceptor
from studio.engine.vqgan import VQGAN, straight_through
from studio.training import losses
from studio.training.album import Album
from studio.training.augment import square
from studio.training.caption_aims import read
from studio.training.captions import has_sides
from studio.training.code_use import CodeUse
from studio.training.order import LEARNS
from studio.training.stage import Stage, cosine, set_rate
from studio.training.tuning_plan import Lesson, Seen, TuningPlan, parts_of
from studio.training.vqgan_stage import CODEBOOK_RATE, codebook_from

REVIVED_UNTIL = 0.7
"""Share of the steps after which the dead are left alone, so that the codebook settles."""
MEMORY = 0.999
"""Decay of the moving average of the weights, once it has steps enough to look back on."""
SMALL_LATENTS = 1e-3
"""Pull of latents to zero while there is no codebook that would hold them together."""


class VQGANTuning(Stage):
    """One training; `kept` is the moving average of `vqgan`'s weights, and what it is for."""

    free = True
    wanted: Tensor
    """(pages, embed_dim): what CLIP makes of each caption."""
    captioned: Tensor
    """(pages,): which pages have a caption that the CLIP knows."""

    def __init__(
        self, vqgan: VQGAN, perceptor: Perceptor, album: Album, plan: TuningPlan, *, seed: int
    ) -> None:
        super().__init__(name="vqgan-own", steps=plan.steps, seed=seed)
        self.album, self.plan = album, plan
        self.precision, self.devices = plan.precision, plan.devices
        self.kept = copy.deepcopy(vqgan).requires_grad_(False)
        self.vqgan = vqgan.requires_grad_(False)
        for parameter in parts_of(vqgan, plan.part):
            parameter.requires_grad_(True)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.discriminator = NLayerDiscriminator(ndf=32, n_layers=2).apply(weights_init)
        self._perceptor = [perceptor.eval().requires_grad_(False)]  # kept out of the checkpoint
        self._weights = {
            name: getattr(plan.weights, name)
            for name in LEARNS[plan.part]
            if getattr(plan.weights, name)
        }
        wanted, captioned = read(perceptor, [page.caption for page in album.pages])
        self.register_buffer("wanted", wanted, persistent=False)
        self.register_buffer("captioned", captioned, persistent=False)
        self.code_use = CodeUse(vqgan.config.codes)

    def configure_optimizers(self) -> list[torch.optim.Optimizer]:
        """AdamW for the VQGAN, Adam for the discriminator."""
        learning = [p for p in self.vqgan.parameters() if p.requires_grad]
        codebook = {id(p) for p in self.vqgan.quantize.parameters()}
        groups = [
            {"params": [p for p in learning if id(p) not in codebook], "weight_decay": 1e-4},
            {"params": [p for p in learning if id(p) in codebook], "weight_decay": 0.0},
        ]
        return [
            torch.optim.AdamW(groups, lr=self.plan.rate, betas=(0.9, 0.99)),
            torch.optim.Adam(
                self.discriminator.parameters(), lr=self.plan.rate / 2, betas=(0.5, 0.9)
            ),
        ]

    def on_fit_start(self) -> None:
        """The perceptor follows to where the rest computes."""
        self._perceptor[0].to(self.device)

    def batch(self, rng: np.random.Generator) -> Lesson:
        """Squares of pictures that are not held out, each as the changes have it."""
        return self._lesson(rng, self.rank)

    def _lesson(self, rng: np.random.Generator, rank: int) -> Lesson:
        """The share of one process; together they are as one that takes `ranks` times as many."""
        plan, learned = self.plan, np.array(self.album.learned)
        shape = (plan.accumulate, self.ranks, plan.batch)
        count = math.prod(shape)
        pages = np.concatenate(
            [rng.permutation(learned) for _ in range(-(-count // len(learned)))]
        )[:count].reshape(shape)[:, rank]
        keys = rng.integers(2**63, size=shape)[:, rank]
        squares = [
            self._square(int(page), np.random.default_rng(key))
            for page, key in zip(pages.flat, keys.flat, strict=True)
        ]
        return Lesson(
            torch.from_numpy(np.stack(squares)).unflatten(0, pages.shape),
            torch.from_numpy(pages.copy()),
        )

    def _square(self, page: int, rng: np.random.Generator) -> Any:
        changes = self.plan.changes
        if has_sides(self.album.pages[page].caption):
            changes = tuple(change for change in changes if change != "flip")
        return square(self.album.pixels(page), self.plan.side, changes, rng)

    def learn(self, batch: Lesson, generator: torch.Generator) -> dict[str, Tensor]:
        """One step of the VQGAN and, once it has started, one of the discriminator."""
        optimizers: Any = self.optimizers()
        if self.plan.warm_up and self.step == 0:
            self._even_out(batch.pictures.flatten(0, 1))
        if self.plan.warm_up and self.step == self.plan.warm_up:
            self._begin_codebook(optimizers[0])
        self._set_rates(optimizers)
        optimizers[0].zero_grad(set_to_none=True)
        passed, told = [], []
        for pictures, pages in zip(batch.pictures, batch.pages, strict=True):
            seen = self._through(pictures)
            loss, figures = self._loss(seen, pictures, pages)
            self.manual_backward(loss / self.plan.accumulate)
            passed.append(seen.apart())
            told.append(figures)
        torch.nn.utils.clip_grad_norm_(self.vqgan.parameters(), 1.0)
        optimizers[0].step()
        figures = {name: torch.stack([each[name] for each in told]).mean() for name in told[0]}
        if self._fools():
            made = torch.stack([seen.made for seen in passed])
            figures["discriminator"] = self._learn_to_tell(optimizers[1], made, batch.pictures)
        if passed[0].codes is not None:
            figures |= self._mind_codes(passed, generator)
        self._remember()
        return figures

    def _set_rates(self, optimizers: Any) -> None:
        plan = self.plan
        rise = max(1, min(60, plan.steps // 10))
        rate = plan.rate * cosine(self.step, self.steps, warm_up=rise)
        if self.step >= plan.warm_up > 0:  # a new codebook is approached with care
            rate *= min(1.0, (self.step - plan.warm_up + 1) / rise)
        set_rate(optimizers[0], rate)
        set_rate(optimizers[1], rate / 2)
        # the codebook has to keep up with latents that all of the encoder moves
        optimizers[0].param_groups[1]["lr"] *= CODEBOOK_RATE

    def _through(self, pictures: Tensor) -> Seen:
        z = self.vqgan.encode(pictures).float()
        if self.step < self.plan.warm_up:
            return Seen(self.vqgan.decode(z).float(), z, z, None)
        codes = self.vqgan.nearest_codes(z.detach())
        vectors = self.vqgan.vectors_of(codes)
        # the codebook alone learns nothing from pictures, so none need be kept for its gradient
        with torch.no_grad() if self.plan.part == "codebook" else nullcontext():
            made = self.vqgan.decode(straight_through(vectors.detach(), z)).float()
        return Seen(made, z, vectors, codes)

    def _loss(self, seen: Seen, real: Tensor, pages: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """The weighted sum, and each of its terms before it is weighted."""
        terms = self._terms(seen, real, pages)
        total = sum(
            (self._weights[name] * term for name, term in terms.items()), real.new_zeros(())
        )
        figures = {"l1": (seen.made - real).abs().mean()} | terms
        if seen.codes is None:
            total = total + SMALL_LATENTS * seen.z.square().mean()
        if self._fools():
            fooling = -self.discriminator(seen.made).float().mean()
            weight = self._adversarial_weight(terms, fooling)
            total = total + weight * fooling
            figures |= {"adversarial": fooling, "adversarial_weight": weight}
        return total, {"loss": total.detach()} | {
            name: figure.detach() for name, figure in figures.items()
        }

    def _terms(self, seen: Seen, real: Tensor, pages: Tensor) -> dict[str, Tensor]:
        """All terms that count, but the adversarial one."""
        (perceptor,) = self._perceptor
        makers = {
            "l1": lambda: (seen.made - real).abs().mean(),
            "perceptual": lambda: losses.perceived(perceptor, seen.made, real),
            "codebook": lambda: losses.codebook_term(seen.z, seen.vectors),
            "commitment": lambda: losses.commitment_term(seen.z, seen.vectors),
            "clip": lambda: losses.likeness_loss(perceptor, seen.made, self._wanted(real, pages)),
            "variation": lambda: losses.total_variation(seen.made),
        }
        if seen.codes is None:
            del makers["codebook"], makers["commitment"]
        return {name: make() for name, make in makers.items() if name in self._weights}

    @torch.no_grad()
    def _wanted(self, real: Tensor, pages: Tensor) -> Tensor:
        """What CLIP should make of each picture: its caption, or else the original."""
        originals = losses.embedded(self._perceptor[0], real)
        return torch.where(self.captioned[pages, None], self.wanted[pages], originals)

    def _fools(self) -> bool:
        return "adversarial" in self._weights and self.step >= self.plan.gan_from

    def _adversarial_weight(self, terms: dict[str, Tensor], fooling: Tensor) -> Tensor:
        shown = [self._weights[n] * terms[n] for n in ("l1", "perceptual") if n in terms]
        weight = torch.as_tensor(self._weights["adversarial"], device=fooling.device)
        if not shown:  # nothing to be in proportion to
            return weight
        last = self.vqgan.decoder.conv_out.weight
        return losses.adaptive_weight(torch.stack(shown).sum(), fooling, last) * weight

    def _learn_to_tell(self, optimizer: Any, made: Tensor, real: Tensor) -> Tensor:
        optimizer.zero_grad(set_to_none=True)
        told = []
        for ours, theirs in zip(made, real, strict=True):
            loss = losses.hinge_loss(
                self.discriminator(theirs).float(), self.discriminator(ours).float()
            )
            self.manual_backward(loss / len(made))
            told.append(loss.detach())
        optimizer.step()
        return torch.stack(told).mean()

    def _mind_codes(self, passed: Sequence[Seen], generator: torch.Generator) -> dict[str, Tensor]:
        """Count what is used, and move codes that nothing uses onto latents of this step."""
        codes = torch.stack([seen.codes for seen in passed if seen.codes is not None])
        figures = self.code_use.count(self.of_all_ranks(codes))
        codebook_learns = self.plan.part != "decoder"
        if codebook_learns and self.step <= REVIVED_UNTIL * self.steps:
            latents = torch.stack([seen.z.movedim(1, -1).flatten(0, 2) for seen in passed])
            self.code_use.revive(
                (self.vqgan, self.kept), self.of_all_ranks(latents).flatten(0, 2), generator
            )
        return figures

    @torch.no_grad()
    def _even_out(self, pictures: Tensor) -> None:
        """Let an untrained encoder give latents of deviation 1, as the decoder's layers expect."""
        own = self.vqgan.encode(pictures).float().std()
        deviation = self.of_all_ranks(own).mean().clamp(min=1e-6)
        for vqgan in (self.vqgan, self.kept):
            for parameter in vqgan.quant_conv.parameters():
                parameter.div_(deviation)

    @torch.no_grad()
    def _begin_codebook(self, optimizer: Any) -> None:
        rng = np.random.default_rng((self.seed, self.step, 1))
        codebook_from(  # of the same pictures in all processes
            self.vqgan, lambda: self._lesson(rng, 0).pictures.flatten(0, 1).to(self.device), rng
        )
        self.kept.load_state_dict(self.vqgan.state_dict())
        optimizer.optimizer.state.clear()  # it was about weights of another scale

    @torch.no_grad()
    def _remember(self) -> None:
        """Exponential moving average; short-sighted at first, when there is little to remember."""
        decay = min(MEMORY, (1 + self.step) / (10 + self.step))
        for kept, new in zip(self.kept.parameters(), self.vqgan.parameters(), strict=True):
            kept.lerp_(new.detach(), 1 - decay)

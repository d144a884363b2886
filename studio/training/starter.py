"""Making the starter models from nothing: scenes, a CLIP, a VQGAN, the CLIP again on its output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.engine.perceptor import Perceptor
from studio.engine.weights import load_perceptor, load_vqgan, save
from studio.log import log
from studio.training import scenes
from studio.training.clip_stage import CLIPPlan, CLIPStage, new_perceptor
from studio.training.denoise_stage import DenoisePlan, DenoisingStage, random_pictures
from studio.training.pictures import ScenePictures, parts, reconstruct, render
from studio.training.stage import fit
from studio.training.vocabulary import kept_tokens
from studio.training.vqgan_stage import (
    Autoencoder,
    VQGANPlan,
    VQGANStage,
    new_vqgan,
    start_codebook,
)

STAGES = ("scenes", "clip", "vqgan-warm", "vqgan", "clip-robust", "clip-painting", "clip-denoising")


@dataclass(frozen=True)
class Recipe:
    """The numbers of a run.

    What the shipped models had instead, their card tells (resources/models/starter/CARD.md).
    """

    seed: int = 1
    small_scenes: int = 60_000
    """Scenes drawn at 128 pixels."""
    large_scenes: int = 10_000
    """Scenes drawn at 256 pixels, for the VQGAN's crops."""
    reconstructed: int = 3_000
    """Scenes that the last stage also sees as the VQGAN makes them."""
    captions: int = 150_000
    """Captions read to find the words that occur."""
    clip: CLIPPlan = field(default_factory=lambda: CLIPPlan(steps=600))
    vqgan: VQGANPlan = field(
        default_factory=lambda: VQGANPlan(warm_up=600, steps=5800, gan_from=2800)
    )
    clip_robust: CLIPPlan = field(
        default_factory=lambda: CLIPPlan(steps=1200, batch=96, rate=8e-4, attack=1.5, painted=32)
    )
    clip_painting: CLIPPlan = field(
        default_factory=lambda: CLIPPlan(
            steps=500, batch=96, rate=6e-4, attack=2.0, painted=40, reconstructed=0.5
        )
    )
    clip_denoising: DenoisePlan = field(default_factory=lambda: DenoisePlan(steps=3000))
    random_pictures: int = 1_500
    """Decoded random codes that the last stage corrupts scenes with."""


class Starter:
    """The stages of one run in one folder. Each leaves its weights there and is made only once."""

    def __init__(self, folder: Path, recipe: Recipe, *, accelerator: str = "cpu") -> None:
        self.folder, self.recipe, self.accelerator = folder, recipe, accelerator

    def run(self, stages: tuple[str, ...] = STAGES) -> None:
        """Go through the stages in order; each one that is interrupted goes on where it stopped."""
        makers: dict[str, Callable[[], None]] = {
            "scenes": lambda: self._render_all() and None,
            "clip": self._clip,
            "vqgan-warm": self._vqgan_warm,
            "vqgan": self._vqgan,
            "clip-robust": self._clip_robust,
            "clip-painting": self._clip_painting,
            "clip-denoising": self._clip_denoising,
        }
        for stage in stages:
            if self._weights(stage).exists():
                log.info("%s is there already", stage)
                continue
            log.info("%s begins", stage)
            makers[stage]()

    def _weights(self, stage: str) -> Path:
        return self.folder / f"{stage}.safetensors"

    def _render_all(self) -> tuple[ScenePictures, ScenePictures]:
        folder, recipe = self.folder / "scenes", self.recipe
        return (
            render(folder, seed=recipe.seed, count=recipe.small_scenes, size=128),
            render(folder, seed=recipe.seed, count=recipe.large_scenes, size=256),
        )

    def _clip(self) -> None:
        perceptor = new_perceptor(kept_tokens(self.folder / "tokens.json", self._words))
        self._train_clip(perceptor, self.recipe.clip, "clip")

    def _clip_robust(self) -> None:
        perceptor = load_perceptor(self._weights("clip")).requires_grad_(True)
        self._train_clip(perceptor, self.recipe.clip_robust, "clip-robust")

    def _clip_painting(self) -> None:
        perceptor = load_perceptor(self._weights("clip-robust")).requires_grad_(True)
        self._train_clip(
            perceptor, self.recipe.clip_painting, "clip-painting", self._reconstructed()
        )

    def _clip_denoising(self) -> None:
        perceptor = load_perceptor(self._weights("clip-painting"))
        small, _large = self._render_all()
        stage = DenoisingStage(
            perceptor,
            small,
            self._random_pictures(small.pixels.shape[1]),
            self.recipe.clip_denoising,
            name="clip-denoising",
            seed=self.recipe.seed,
        )
        fit(stage, self.folder, accelerator=self.accelerator)
        save(self._weights("clip-denoising"), stage.finish())

    def _random_pictures(self, side: int) -> NDArray[np.uint8]:
        path = self.folder / "scenes" / "random.npy"
        if not path.exists():
            vqgan = load_vqgan(self._weights("vqgan"))
            np.save(
                path, random_pictures(vqgan, self.recipe.random_pictures, side, self.recipe.seed)
            )
        pictures: NDArray[np.uint8] = np.load(path, mmap_mode="r")
        return pictures

    def _train_clip(
        self,
        perceptor: Perceptor,
        plan: CLIPPlan,
        name: str,
        reconstructed: ScenePictures | None = None,
    ) -> None:
        small, _large = self._render_all()
        stage = CLIPStage(
            perceptor, small, plan, name=name, seed=self.recipe.seed, reconstructed=reconstructed
        )
        fit(stage, self.folder, accelerator=self.accelerator)
        save(self._weights(name), perceptor)

    def _vqgan_warm(self) -> None:
        vqgan, sources = new_vqgan(), self._render_all()
        fit(
            Autoencoder(vqgan, sources, self.recipe.vqgan, seed=self.recipe.seed),
            self.folder,
            accelerator=self.accelerator,
        )
        start_codebook(vqgan, sources, seed=self.recipe.seed)
        save(self._weights("vqgan-warm"), vqgan)

    def _vqgan(self) -> None:
        vqgan = load_vqgan(self._weights("vqgan-warm")).requires_grad_(True)
        perceptor = load_perceptor(self._weights("clip"))
        sources = self._render_all()
        stage = VQGANStage(vqgan, perceptor, sources, self.recipe.vqgan, seed=self.recipe.seed)
        fit(stage, self.folder, accelerator=self.accelerator)
        save(self._weights("vqgan"), vqgan)

    def _reconstructed(self) -> ScenePictures:
        small, _large = self._render_all()
        path = self.folder / "scenes" / "reconstructed.npy"
        if not path.exists():
            vqgan = load_vqgan(self._weights("vqgan"))
            first = small.pixels[: self.recipe.reconstructed]
            log.info("reconstructing %d scenes", len(first))
            np.save(path, np.concatenate([reconstruct(vqgan, part) for part in parts(first)]))
        return ScenePictures(small.seed, np.load(path, mmap_mode="r"))

    def _words(self) -> Iterator[str]:
        rng = np.random.default_rng((self.recipe.seed, 0))
        for index in range(self.recipe.captions):
            yield scenes.describe(self.recipe.seed, index).caption(rng)

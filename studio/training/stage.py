"""One stage of training: numbered steps that can stop after any epoch and go on exactly."""

from __future__ import annotations

import logging
import os
import warnings
from abc import abstractmethod
from pathlib import Path
from typing import Any

import numpy as np
import pytorch_lightning as lightning
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from studio.log import log

EPOCH = 50
"""Steps between two checkpoints."""


class Stage(lightning.LightningModule):
    """Training that draws everything random in a step from (seed, step).

    That makes resuming exact: no generator's state has to be kept.
    """

    done: Tensor

    def __init__(self, *, name: str, steps: int, seed: int) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.name, self.steps, self.seed = name, steps, seed
        self.figures: dict[str, float] = {}
        self.register_buffer("done", torch.tensor(0))

    @property
    def step(self) -> int:
        """The number of the step at work, from 0."""
        return int(self.done)

    @abstractmethod
    def batch(self, rng: np.random.Generator) -> Any:
        """What the step at work learns from."""

    @abstractmethod
    def learn(self, batch: Any, generator: torch.Generator) -> dict[str, Tensor]:
        """Take one step and return figures for the log."""

    def training_step(self, batch: Any, _: int) -> None:
        """Lightning's entry to `learn`."""
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + self.step)
        figures = self.learn(batch, generator)
        for name, value in figures.items():
            before = self.figures.get(name, float(value))
            self.figures[name] = 0.95 * before + 0.05 * float(value)
        self.done += 1
        if self.step % 25 == 0:
            shown = "  ".join(f"{name} {value:.4g}" for name, value in self.figures.items())
            log.info("%s %d/%d  %s", self.name, self.step, self.steps, shown)


class _Batches(Dataset[Any]):
    """The batches of one epoch, made when they are asked for."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def __len__(self) -> int:
        return EPOCH

    def __getitem__(self, _: int) -> Any:
        return self.stage.batch(np.random.default_rng((self.stage.seed, self.stage.step)))


class _Checkpoint(lightning.Callback):
    """Replaces the checkpoint whole after every epoch."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def on_train_epoch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        beside = self.path.with_suffix(".part")
        trainer.save_checkpoint(beside)
        os.replace(beside, self.path)


def fit(stage: Stage, folder: Path, *, accelerator: str = "cpu") -> None:
    """Train a stage to its end, from its checkpoint in the folder where there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / f"{stage.name}.ckpt"
    if checkpoint.exists():
        log.info("%s goes on from %s", stage.name, checkpoint)
    logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)  # no hardware lists and tips
    quick_bf16 = accelerator != "cpu" or torch.cpu._is_avx512_bf16_supported()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Lightning advises data loader workers; ours is in memory
        trainer = lightning.Trainer(
            accelerator=accelerator,
            devices=1,
            precision="bf16-mixed" if quick_bf16 else "32-true",
            max_epochs=-(-stage.steps // EPOCH),
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            callbacks=[_Checkpoint(checkpoint)],
        )
        batches = DataLoader(_Batches(stage), batch_size=None, num_workers=0)
        resumed = str(checkpoint) if checkpoint.exists() else None
        trainer.fit(stage, batches, ckpt_path=resumed, weights_only=True)


def cosine(step: int, steps: int, *, warm_up: int = 60, floor: float = 0.02) -> float:
    """Learning-rate factor: linear warm-up, then a half cosine down to `floor`."""
    rise = min(1.0, (step + 1) / warm_up)
    fall = 0.5 * (1 + float(np.cos(np.pi * min(1.0, step / steps))))
    return rise * (floor + (1 - floor) * fall)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Set the learning rate of every parameter group."""
    for group in optimizer.param_groups:
        group["lr"] = rate

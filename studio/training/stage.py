"""One stage of training: numbered steps that can stop after any epoch and go on exactly."""

from __future__ import annotations

import logging
import time
import warnings
from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import pytorch_lightning as lightning
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from studio import leftovers
from studio.atomic import put
from studio.log import log
from studio.training.order import Precision

EPOCH = 50
"""Steps between two checkpoints."""
SAVING = 0.05
"""Share of the time that may go into checkpoints where they are made after any step."""
Told = Callable[[int, dict[str, float]], None]
"""Hears the number of a step, from 0, and its figures, once the step is taken."""


class Stage(lightning.LightningModule):
    """Training that draws everything random in a step from (seed, step).

    That makes resuming exact: no generator's state has to be kept.
    """

    done: Tensor
    free = False
    """Whether batches do not depend on what is learned, so that they can be made ahead."""
    precision: Precision = "auto"
    devices = 1
    rank, ranks = 0, 1
    """Which of how many processes this is, each with a device of its own."""

    def __init__(self, *, name: str, steps: int, seed: int) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.name, self.steps, self.seed = name, steps, seed
        self.figures: dict[str, float] = {}
        self.latest: dict[str, float] = {}
        self.register_buffer("done", torch.tensor(0))

    @property
    def step(self) -> int:
        """The number of the step at work, from 0."""
        return int(self.done)

    def setup(self, stage: str) -> None:
        """Lightning's word that the processes are there."""
        self.rank, self.ranks = self.trainer.global_rank, self.trainer.world_size

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
        means = self._mean_over_ranks(torch.stack([each.float() for each in figures.values()]))
        self.latest = dict(zip(figures, means.tolist(), strict=True))
        for name, value in self.latest.items():
            self.figures[name] = 0.95 * self.figures.get(name, value) + 0.05 * value
        self.done += 1
        if self.step % 25 == 0 and self.rank == 0:
            log.info("%s %d/%d  %s", self.name, self.step, self.steps, self.shown())

    def of_all_ranks(self, values: Tensor) -> Tensor:
        """Values of every process, in order of rank: (...) -> (ranks, ...)."""
        if self.ranks == 1:
            return values[None]
        gathered: Any = self.all_gather(values)
        return cast(Tensor, gathered)

    def _mean_over_ranks(self, values: Tensor) -> Tensor:
        return self.of_all_ranks(values).mean(0)

    def shown(self) -> str:
        """The figures in a line, each smoothed over some twenty steps."""
        return "  ".join(f"{name} {value:.4g}" for name, value in self.figures.items())


class _Batches(Dataset[Any]):
    """The batches of one epoch, made when they are asked for or, if they are free, one ahead."""

    def __init__(self, stage: Stage, epoch: int) -> None:
        self.stage, self.epoch = stage, epoch
        self._maker = ThreadPoolExecutor(1, "batches")
        self._ahead: tuple[int, Future[Any]] | None = None

    def __len__(self) -> int:
        return self.epoch

    def __getitem__(self, _: int) -> Any:
        step = self.stage.step
        if not self.stage.free:
            return self._make(step)
        ready = self._ahead
        self._ahead = step + 1, self._maker.submit(self._make, step + 1)
        return ready[1].result() if ready is not None and ready[0] == step else self._make(step)

    def close(self) -> None:
        """Make no more."""
        self._maker.shutdown(cancel_futures=True)

    def _make(self, step: int) -> Any:
        return self.stage.batch(np.random.default_rng((self.stage.seed, step)))


class _Checkpoint(lightning.Callback):
    """Replaces the checkpoint whole after every epoch, or as often as a share of time allows."""

    def __init__(self, path: Path, share: float | None) -> None:
        self.path, self.share = path, share
        self._next = 0.0

    def on_train_epoch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        began = time.monotonic()
        # what the first process's clock says holds for all
        due = trainer.is_global_zero and (self.share is None or began >= self._next)
        if not _any(trainer, due or self._last(trainer)):
            return
        beside = self.path.with_suffix(".part")
        if trainer.is_global_zero:
            with leftovers.swept(beside):
                trainer.save_checkpoint(beside)
                put(beside, self.path)
        else:
            trainer.save_checkpoint(beside)
        ended = time.monotonic()
        self._next = ended + (ended - began) / (self.share or 1)

    def _last(self, trainer: lightning.Trainer) -> bool:
        return trainer.should_stop or trainer.current_epoch + 1 == trainer.max_epochs


class _Watch(lightning.Callback):
    """Tells of the start and of every step, and ends the training after one when asked to."""

    def __init__(self, told: Told, stop: Callable[[], bool], begun: Callable[[], None]) -> None:
        self.told, self.stop, self.begun = told, stop, begun

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        self.begun()

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, *_: Any
    ) -> None:
        assert isinstance(pl_module, Stage)
        self.told(pl_module.step - 1, pl_module.latest)

    def on_train_epoch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        trainer.should_stop = _any(trainer, trainer.should_stop or self.stop())


def _any(trainer: lightning.Trainer, decision: bool) -> bool:
    """Whether one of the processes says so."""
    return trainer.strategy.reduce_boolean_decision(decision, all=False)


def fit(
    stage: Stage,
    folder: Path,
    *,
    accelerator: str = "cpu",
    told: Told | None = None,
    stop: Callable[[], bool] = lambda: False,
    begun: Callable[[], None] = lambda: None,
) -> None:
    """Train a stage to its end, from its checkpoint in the folder where there is one.

    On several devices Lightning starts this very program once more for each of the others. All of
    them tell and are asked to stop; it is enough that one says so.

    With `told`, every step is told of, may be the last if `stop` says so, and may be followed by a
    checkpoint; without, there is one every EPOCH steps. `begun` is called before the first step,
    when the stage is as the checkpoint has it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / f"{stage.name}.ckpt"
    if checkpoint.exists():
        log.info("%s goes on from %s", stage.name, checkpoint)
    for package in ("pytorch_lightning", "lightning_fabric"):  # no hardware lists and tips
        logging.getLogger(package).setLevel(logging.WARNING)
    epoch = EPOCH if told is None else 1
    callbacks: list[lightning.Callback] = [
        _Checkpoint(checkpoint, None if told is None else SAVING)
    ]
    if told is not None:
        callbacks.insert(0, _Watch(told, stop, begun))
    batches = _Batches(stage, epoch)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Lightning advises data loader workers; ours is in memory
        trainer = lightning.Trainer(
            accelerator=accelerator,
            devices=stage.devices,
            # a step reaches not all of the parameters, and not each time the same
            strategy="auto" if stage.devices == 1 else "ddp_find_unused_parameters_true",
            use_distributed_sampler=False,  # a stage knows which share of a batch is its own
            precision=_precision(stage.precision, accelerator),
            max_epochs=-(-stage.steps // epoch),
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            callbacks=callbacks,
        )
        resumed = str(checkpoint) if checkpoint.exists() else None
        loader = DataLoader(batches, batch_size=None, num_workers=0)
        try:
            trainer.fit(stage, loader, ckpt_path=resumed, weights_only=True)
        finally:
            batches.close()


def _precision(asked: Precision, accelerator: str) -> Literal["bf16-mixed", "32-true"]:
    quick_bf16 = accelerator != "cpu" or torch.cpu._is_avx512_bf16_supported()
    return "bf16-mixed" if asked == "bf16" or (asked == "auto" and quick_bf16) else "32-true"


def cosine(step: int, steps: int, *, warm_up: int = 60, floor: float = 0.02) -> float:
    """Learning-rate factor: linear warm-up, then a half cosine down to `floor`."""
    rise = min(1.0, (step + 1) / warm_up)
    fall = 0.5 * (1 + float(np.cos(np.pi * min(1.0, step / steps))))
    return rise * (floor + (1 - floor) * fall)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Set the learning rate of every parameter group."""
    for group in optimizer.param_groups:
        group["lr"] = rate

"""From what a person asks to networks and numbers of steps, and how long those will take."""

from __future__ import annotations

import copy
import dataclasses
import time

import msgspec
import numpy as np
import torch

from studio import leftovers
from studio.engine.measure import peak_memory
from studio.engine.perceptor import Perceptor
from studio.engine.vqgan import VQGAN
from studio.engine.weights import load_perceptor, load_vqgan
from studio.errors import RequestError
from studio.models import store
from studio.training.album import Album, make
from studio.training.augment import ROOM
from studio.training.order import LEARNS, SCRATCH, Order
from studio.training.own_pictures import FEWEST, Folder
from studio.training.pace import Pace
from studio.training.stage import fit
from studio.training.tuning_plan import TuningPlan
from studio.training.vqgan_stage import new_vqgan
from studio.training.vqgan_tuning import VQGANTuning

RATE = 6e-4
"""Learning rate of a model that is there, for networks as narrow as the starter's."""
SCRATCH_RATE = 1e-3
WARM_UP = 0.15
"""Share of the steps that a VQGAN from nothing learns without a codebook."""


def networks(order: Order) -> tuple[VQGAN, Perceptor]:
    """The VQGAN that an order begins with and the CLIP that it looks with.

    Raises RequestError when one is not on this machine or does not go with the order.
    """
    perceptor = load_perceptor(store.find(order.clip, "clip").weights)
    if order.source == SCRATCH and order.part != "whole":
        raise RequestError("From nothing, the whole has to be trained; leave --part out.")
    vqgan = source_of(order)
    if order.side % vqgan.config.factor:
        raise RequestError(
            f"--size {order.side} is not a multiple of {vqgan.config.factor}, which is how many "
            f"pixels one code of {order.source} stands for."
        )
    return vqgan, perceptor


def source_of(order: Order) -> VQGAN:
    """The VQGAN that an order begins with. Raises RequestError when it is not here."""
    if order.source != SCRATCH:
        return load_vqgan(store.find(order.source, "vqgan").weights)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(order.seed)
        return new_vqgan()


def plan_of(order: Order, steps: int, rate: float) -> TuningPlan:
    """The order in numbers of steps."""
    warm_up = max(1, round(WARM_UP * steps)) if order.source == SCRATCH else 0
    return TuningPlan(
        steps=steps,
        side=order.side,
        batch=order.batch,
        accumulate=order.accumulate,
        rate=rate,
        gan_from=max(warm_up, round(order.gan_start * steps)),
        warm_up=warm_up,
        part=order.part,
        weights=order.weights,
        changes=order.changes,
        precision=order.precision,
        devices=order.devices,
    )


def suitable_rate(order: Order, vqgan: VQGAN) -> float:
    """The wider a network, the smaller its steps have to be."""
    narrow = 32 / max(32, vqgan.config.ch)
    return (SCRATCH_RATE if order.source == SCRATCH else RATE) * narrow


def pace(order: Order, album: Album, vqgan: VQGAN, perceptor: Perceptor, accelerator: str) -> Pace:
    """Take three steps for the clock, on a copy of nothing that is kept."""
    adversarial = bool(order.weights.adversarial) and "adversarial" in LEARNS[order.part]
    plan = msgspec.structs.replace(order, gan_start=2 / 3 if adversarial else 1.0, devices=1)
    tried = dataclasses.replace(plan_of(plan, 3, suitable_rate(order, vqgan)), warm_up=0)
    stage = VQGANTuning(copy.deepcopy(vqgan), perceptor, album, tried, seed=order.seed)
    ends: list[float] = []
    with leftovers.temporary() as folder:
        fit(
            stage,
            folder,
            accelerator=accelerator,
            told=lambda step, figures: ends.append(time.perf_counter()),
        )
        kept = (folder / f"{stage.name}.ckpt").stat().st_size
    plain, full = np.diff(ends)  # the first is slower than those that follow
    return Pace(float(plain), float(full), peak_memory(torch.device(accelerator)), kept)


def estimate(order: Order, folder: Folder, accelerator: str) -> Pace:
    """The pace of a training that has not begun; nothing is left of trying. Raises as `networks`.

    The folder needs pictures enough to train.
    """
    if folder.problem is not None:
        raise RequestError(folder.problem)
    vqgan, perceptor = networks(order)
    with leftovers.temporary() as place:
        album, _refused = make(place, folder.usable[:FEWEST], round(ROOM * order.side))
        return pace(order, album, vqgan, perceptor, accelerator)

"""What tests of several rooms share: tiny models of the real architectures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from studio.log import end_logging

if "PYTEST_XDIST_WORKER" in os.environ:  # there are as many tests at once as cores
    os.environ.setdefault("OMP_NUM_THREADS", "1")
# how long an example takes tells of the machine
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

WORDS = "a red circle on a blue background sea sky dawn noon birds"


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a starter model of the real architecture and next to no size."""
    import torch

    from studio.core import tokens
    from studio.engine.perceptor import CLIPConfig, Perceptor
    from studio.engine.vqgan import VQGAN, VQGANConfig
    from studio.engine.weights import save

    folder = tmp_path_factory.mktemp("models")
    shape = VQGANConfig(
        ch=32,
        ch_mult=(1, 1),
        num_res_blocks=1,
        attn_resolutions=(),
        resolution=32,
        z_channels=16,
        embed_dim=16,
        codes=32,
    )
    clip = CLIPConfig(
        embed_dim=32,
        image_resolution=32,
        vision_layers=1,
        vision_width=64,
        vision_patch_size=8,
        transformer_width=64,
        transformer_layers=1,
        kept_tokens=tuple(sorted(set(tokens.encode(WORDS)))),
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        save(folder / "starter" / "vqgan.safetensors", VQGAN(shape))
        save(folder / "starter" / "clip.safetensors", Perceptor(clip))
    return folder


@pytest.fixture(autouse=True)
def log_ends() -> Iterator[None]:
    """The log does not write to the standard error of a test that is over."""
    yield
    end_logging()


@pytest.fixture
def with_models(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny models as those of the program."""
    monkeypatch.setenv("VQGAN_CLIP_STUDIO_MODELS", str(models))

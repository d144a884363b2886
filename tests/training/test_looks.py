"""Looks at held-out pictures while a training goes on: when, at what, and what is left of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.engine.vqgan import VQGAN
from studio.training import looks
from studio.training.looks import Look, Looks
from studio.training.pictures import reconstruct
from tests.training import tiny


class Clock:
    """Stands in for time, and goes on by `took` with every look."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.took = 0.0
        monkeypatch.setattr(looks.time, "monotonic", lambda: self.now)
        given_back = looks.verdict.given_back

        def slowly(vqgan: VQGAN, pictures: looks.Pictures) -> looks.Pictures:
            self.now += self.took
            return given_back(vqgan, pictures)

        monkeypatch.setattr(looks.verdict, "given_back", slowly)


def test_a_look_is_due_at_first_and_then_by_steps_or_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    vqgan = tiny.vqgan().eval()
    real = tiny.pictures(count=3, size=32).pixels
    seen: list[Look] = []
    looked = Looks(real, reconstruct(vqgan, real), tmp_path / "sheet.png", seen.append)
    assert looked.due(0)
    looked.take(vqgan, 0)
    assert not looked.due(0, last=True)
    assert not looked.due(looks.STEPS - 1)
    assert looked.due(looks.STEPS)
    assert looked.due(1, last=True)
    clock.now += looks.SECONDS
    assert looked.due(1)
    # one that takes long is followed by a longer rest
    clock.took = 10.0
    looked.take(vqgan, 1)
    clock.now += 10 / looks.SHARE - 1
    assert not looked.due(1000)
    clock.now += 1
    assert looked.due(1000)
    assert [look.step for look in seen] == [0, 1]


def test_a_look_shows_what_has_become_of_the_same_pictures(tmp_path: Path) -> None:
    vqgan = tiny.vqgan().eval()
    real = tiny.pictures(count=3, size=32).pixels
    before = reconstruct(vqgan, real)
    seen: list[Look] = []
    looked = Looks(real, before, tmp_path / "sheet.png", seen.append)
    looked.take(vqgan, 0)
    with torch.no_grad():
        vqgan.decoder.conv_out.bias += 0.2
    looked.take(vqgan, 7)
    first, second = seen
    assert np.array_equal(first.now, before)
    assert first.psnr == first.psnr_before == second.psnr_before
    assert np.array_equal(second.now, reconstruct(vqgan, real))
    error = np.square(second.now / 255 - real / 255).mean((1, 2, 3))
    assert second.psnr == pytest.approx(float((-10 * np.log10(error)).mean()), abs=1e-3)
    with Image.open(tmp_path / "sheet.png") as sheet:
        shown = np.asarray(sheet)
    assert any(  # the row of now, at whatever height
        np.array_equal(shown[top : top + 32, 8:40], second.now[0]) for top in range(len(shown) - 32)
    )

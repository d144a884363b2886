"""The figures of a verdict against independent computations, and its words against its figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from studio.training import losses, verdict
from studio.training.pictures import reconstruct
from studio.training.verdict import Figures, contact_sheet, frechet, improved, in_words, judge
from tests.training import own, tiny


def pictures(count: int, *, seed: int = 0, side: int = 32) -> NDArray[np.uint8]:
    """Soft random pictures."""
    coarse = np.random.default_rng(seed).integers(0, 256, (count, 6, 6, 3), np.uint8)
    return np.stack([np.asarray(Image.fromarray(each).resize((side, side))) for each in coarse])


def ssim_in_numpy(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Wang et al. 2004: an 11x11 Gaussian of deviation 1.5, C1 = 0.01^2, C2 = 0.03^2, L = 1."""
    reach = np.arange(11) - 5
    line = np.exp(-(reach**2) / (2 * 1.5**2))
    window = np.outer(line, line) / line.sum() ** 2

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        views = np.lib.stride_tricks.sliding_window_view(values, (11, 11))
        return np.einsum("ijkl,kl->ij", views, window)

    found = []
    for channel in range(3):
        x, y = a[..., channel], b[..., channel]
        mx, my = mean(x), mean(y)
        vx, vy, vxy = mean(x * x) - mx**2, mean(y * y) - my**2, mean(x * y) - mx * my
        top = (2 * mx * my + 0.01**2) * (2 * vxy + 0.03**2)
        found.append((top / ((mx**2 + my**2 + 0.01**2) * (vx + vy + 0.03**2))).mean())
    return float(np.mean(found))


def test_similarity_is_that_of_the_paper() -> None:
    real = pictures(3)
    noise = np.random.default_rng(1).normal(0, 20, real.shape)
    made = (real + noise).clip(0, 255).astype(np.uint8)
    expected = np.mean([ssim_in_numpy(a / 255, b / 255) for a, b in zip(made, real, strict=True)])
    found = verdict.ssim(verdict.as_values(made), verdict.as_values(real))
    assert float(found) == pytest.approx(expected, abs=1e-4)


def test_noise_ratio_is_its_formula_picture_by_picture() -> None:
    real, made = pictures(4), pictures(4, seed=1)
    expected = [
        10 * np.log10(255**2 / np.square(a.astype(float) - b).mean())
        for a, b in zip(made, real, strict=True)
    ]
    found = verdict.psnr(verdict.as_values(made), verdict.as_values(real))
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5)
    same = verdict.as_values(real)
    assert verdict.psnr(same, same).tolist() == [100.0] * 4


def test_frechet_distance_of_gaussians_is_known() -> None:
    rng = np.random.default_rng(0)
    one = rng.standard_normal((4000, 3))
    # of the same shape, only moved: the squared distance of the means
    assert frechet(one, one + np.array([3.0, 0.0, 4.0])) == pytest.approx(25, rel=1e-6)
    assert frechet(one, one) == pytest.approx(0, abs=1e-9)
    # scaled by 3: tr(C + 9C - 6C) = 4 tr(C), and the means differ by twice the mean
    spread = np.trace(np.cov(one, rowvar=False, bias=True))
    expected = 4 * spread + np.square(2 * one.mean(0)).sum()
    assert frechet(one, 3 * one) == pytest.approx(expected, rel=1e-6)


def test_frechet_distance_does_not_need_matrices_that_commute() -> None:
    rng = np.random.default_rng(0)
    one = rng.standard_normal((50, 4)) @ rng.standard_normal((4, 4))
    other = rng.standard_normal((60, 4)) @ rng.standard_normal((4, 4)) + 1
    c1, c2 = (np.cov(each, rowvar=False, bias=True) for each in (one, other))
    values, vectors = np.linalg.eig(c1 @ c2)  # the definition, for a general matrix
    root = (vectors * np.sqrt(values.astype(complex))) @ np.linalg.inv(vectors)
    expected = np.square(one.mean(0) - other.mean(0)).sum() + np.trace(c1 + c2 - 2 * root).real
    assert frechet(one, other) == pytest.approx(expected, rel=1e-6)
    # with fewer than dimensions it is still a number, not below nothing
    assert frechet(one[:2], one[:2]) == pytest.approx(0, abs=1e-6)
    assert np.isfinite(frechet(one[:1], other[:1]))


def test_perplexity_counts_codes_by_how_evenly_they_are_used() -> None:
    assert float(losses.perplexity(torch.arange(8).repeat(5), 16)) == pytest.approx(8)
    assert float(losses.perplexity(torch.zeros(9, dtype=torch.long), 16)) == pytest.approx(1)
    codes = torch.tensor([[0, 0], [0, 1]])
    expected = np.exp(-(0.75 * np.log(0.75) + 0.25 * np.log(0.25)))
    assert float(losses.perplexity(codes, 4)) == pytest.approx(expected, rel=1e-6)


@pytest.mark.slow
def test_a_judgement_is_of_what_the_model_gives_back() -> None:
    vqgan, perceptor, real = own.vqgan().eval(), tiny.perceptor().eval(), pictures(5)
    with torch.no_grad():
        found = judge(vqgan, perceptor, real)
        made = reconstruct(vqgan, real)
        codes = vqgan.nearest_codes(vqgan.encode(verdict.as_values(real) * 2 - 1))
    apart = np.abs(made.astype(float) - real) / 255
    assert found.l1 == pytest.approx(apart.mean(), rel=1e-5)
    assert found.psnr == pytest.approx(
        float(np.mean([-10 * np.log10(np.square(each).mean()) for each in apart])), rel=1e-5
    )
    assert found.codes_used == len(np.unique(codes.numpy()))
    assert 1 <= found.perplexity <= found.codes_used
    assert found.pictures == 5
    with torch.no_grad():
        embedded = [
            perceptor.encode_pictures(verdict.as_values(each)).double().numpy()
            for each in (made, real)
        ]
    assert found.frechet == pytest.approx(frechet(*embedded), rel=1e-4)


def figures(**changes: float) -> Figures:
    fields = {"l1": 0.1, "psnr": 20.0, "ssim": 0.5, "frechet": 0.1, "perplexity": 100.0}
    return Figures(**(fields | {"codes_used": 200, "pictures": 20} | changes))


@pytest.mark.parametrize(
    ("after", "better", "words"),
    [
        (
            {"psnr": 22.0, "ssim": 0.6},
            True,
            ["It improved", "22.00 dB instead of 20.00 dB (+2.00)"],
        ),
        ({}, False, ["It did not improve", "(+0.00)"]),
        ({"psnr": 20.02}, False, ["It did not improve"]),
        ({"psnr": 18.5, "ssim": 0.6}, False, ["It did not improve", "(-1.50)"]),
        ({"psnr": 21.0, "ssim": 0.4}, False, ["It is mixed", "SSIM 0.400 instead of 0.500"]),
        ({"psnr": 21.0, "perplexity": 20.0}, True, ["It improved", "fewer codes"]),
        ({"psnr": 21.0, "pictures": 1}, True, ["Only 1 picture is held out"]),
    ],
)
def test_the_words_are_those_of_the_figures(
    after: dict[str, float], better: bool, words: list[str]
) -> None:
    before, now = figures(), figures(**after)
    assert improved(before, now) is better
    for each in words:
        assert each in in_words(before, now)


def test_the_contact_sheet_shows_three_rows(tmp_path: Path) -> None:
    real = pictures(8)
    rows = (("held out", real), ("before", 255 - real), ("after", real // 2))
    contact_sheet(tmp_path / "sheet.png", rows)
    with Image.open(tmp_path / "sheet.png") as image:
        sheet = np.asarray(image)
    left, top = verdict.GAP, verdict.HEAD
    row = 32 + verdict.HEAD + verdict.GAP
    for number in (0, 7):
        x = left + number * (32 + verdict.GAP)
        assert np.array_equal(sheet[top : top + 32, x : x + 32], real[number])
        assert np.array_equal(sheet[top + row :][:32, x : x + 32], 255 - real[number])
        assert np.array_equal(sheet[top + 2 * row :][:32, x : x + 32], real[number] // 2)

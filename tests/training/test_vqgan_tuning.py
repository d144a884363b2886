"""Training on one's own pictures: what each term reaches, what the codebook does, what is kept."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from studio.engine.vqgan import straight_through
from studio.errors import RequestError
from studio.training import code_use, vqgan_stage, vqgan_tuning
from studio.training.album import Album, Page
from studio.training.augment import middle
from studio.training.caption_aims import read
from studio.training.order import LEARNS, Order, Weights
from studio.training.stage import fit
from studio.training.tuning_plan import TuningPlan, parts_of
from studio.training.verdict import judge
from studio.training.vqgan_tuning import VQGANTuning
from tests.engine import tiny as engine_tiny
from tests.training import own, tiny

pytestmark = pytest.mark.slow
NOTHING = dict.fromkeys(("l1", "perceptual", "codebook", "commitment", "adversarial", "clip"), 0.0)


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Album:
    return own.threads(tmp_path_factory.mktemp("album"))


def plan(**changes: Any) -> TuningPlan:
    fields: dict[str, Any] = {
        "steps": 4,
        "side": 16,
        "batch": 3,
        "accumulate": 1,
        "rate": 1e-3,
        "gan_from": 0,
    }
    return TuningPlan(**(fields | changes))


def tuning(album: Album, **changes: Any) -> VQGANTuning:
    return VQGANTuning(own.vqgan(), tiny.perceptor(), album, plan(**changes), seed=1)


def gradients(training: VQGANTuning) -> dict[str, Tensor | None]:
    """Of the loss of the first batch, by parameter."""
    lesson = training.batch(np.random.default_rng(0))
    seen = training._through(lesson.pictures[0])
    loss, _ = training._loss(seen, lesson.pictures[0], lesson.pages[0])
    named = dict(training.vqgan.named_parameters())
    found = torch.autograd.grad(loss, list(named.values()), allow_unused=True)
    return dict(zip(named, found, strict=True))


def reached(found: dict[str, Tensor | None]) -> set[str]:
    """The parts that a gradient reaches."""
    return {
        name.split(".")[0]
        for name, gradient in found.items()
        if gradient is not None and gradient.any()
    }


ENCODING, DECODING = {"encoder", "quant_conv"}, {"decoder", "post_quant_conv"}


@pytest.mark.parametrize(
    ("term", "parts"),
    [
        ("l1", ENCODING | DECODING),
        ("perceptual", ENCODING | DECODING),
        ("clip", ENCODING | DECODING),
        ("variation", ENCODING | DECODING),
        ("adversarial", ENCODING | DECODING),
        ("codebook", {"quantize"}),
        ("commitment", ENCODING),
    ],
)
def test_each_term_alone_reaches_only_what_it_is_for(
    album: Album, term: str, parts: set[str]
) -> None:
    training = tuning(album, weights=Weights(**(NOTHING | {term: 0.5})))
    assert reached(gradients(training)) == parts


def test_pictures_go_straight_through_the_codebook(album: Album) -> None:
    training = tuning(album, weights=Weights(**(NOTHING | {"l1": 1.0})))
    lesson = training.batch(np.random.default_rng(0))
    real = lesson.pictures[0]
    z = training.vqgan.encode(real).detach().requires_grad_()
    vectors = training.vqgan.vectors_of(training.vqgan.nearest_codes(z.detach())).detach()
    at_decoder = vectors.clone().requires_grad_()
    through = straight_through(vectors, z)
    assert torch.equal(through, vectors)
    (to_z,) = torch.autograd.grad((training.vqgan.decode(through) - real).abs().mean(), z)
    (to_decoder,) = torch.autograd.grad(
        (training.vqgan.decode(at_decoder) - real).abs().mean(), at_decoder
    )
    assert torch.equal(to_z, to_decoder)


def test_the_loss_is_the_sum_of_its_weighted_terms(album: Album) -> None:
    weights = Weights(
        l1=2, perceptual=0.5, codebook=1.5, commitment=0.25, adversarial=0.3, clip=0.7, variation=3
    )
    training = tuning(album, weights=weights)
    lesson = training.batch(np.random.default_rng(0))
    real, pages = lesson.pictures[0], lesson.pages[0]
    seen = training._through(real)
    loss, figures = training._loss(seen, real, pages)
    loss = loss.detach()
    terms = ("l1", "perceptual", "codebook", "commitment", "clip", "variation")
    expected = sum(getattr(weights, name) * float(figures[name]) for name in terms)
    expected += float(figures["adversarial_weight"] * figures["adversarial"])
    assert float(loss) == pytest.approx(expected, rel=1e-5)
    # equation 7, stated again
    last = training.vqgan.decoder.conv_out.weight
    shown = 2 * (seen.made - real).abs().mean() + 0.5 * vqgan_tuning.losses.perceived(
        tiny.perceptor().eval(), seen.made, real
    )
    norms = [
        float(torch.autograd.grad(each, last, retain_graph=True)[0].norm())
        for each in (shown, training.discriminator(seen.made).mean())
    ]
    expected = 0.3 * norms[0] / (norms[1] + 1e-4)
    assert float(figures["adversarial_weight"]) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("term", LEARNS["whole"])
def test_a_weight_of_nothing_turns_a_term_off(
    album: Album, term: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {
        "perceptual": "perceived",
        "codebook": "codebook_term",
        "commitment": "commitment_term",
        "adversarial": "adaptive_weight",
        "clip": "likeness_loss",
        "variation": "total_variation",
    }
    if term in names:

        def never(*_: object) -> None:
            raise AssertionError(f"{term} was computed")

        monkeypatch.setattr(vqgan_tuning.losses, names[term], never)
    everything = dict.fromkeys(LEARNS["whole"], 0.5)
    training = tuning(album, weights=Weights(**(everything | {term: 0.0})))
    lesson = training.batch(np.random.default_rng(0))
    seen = training._through(lesson.pictures[0])
    loss, figures = training._loss(seen, lesson.pictures[0], lesson.pages[0])
    assert (term in figures) is (term == "l1")  # which is always told
    if term == "l1":
        whole = tuning(album, weights=Weights(**everything))
        seen = whole._through(lesson.pictures[0])
        other, told = whole._loss(seen, lesson.pictures[0], lesson.pages[0])
        # the adaptive weight follows what is left
        adversarial = told["adversarial_weight"] * told["adversarial"]
        left = float(other.detach() - adversarial - 0.5 * told["l1"])
        here = float(loss.detach() - figures["adversarial_weight"] * figures["adversarial"])
        assert here == pytest.approx(left, rel=1e-4)


def test_nothing_left_to_learn_from_is_refused() -> None:
    with pytest.raises(RequestError, match="Nothing is left"):
        Order(weights=Weights(**NOTHING))
    with pytest.raises(RequestError, match="give one of codebook a weight"):
        Order(part="codebook", weights=Weights(codebook=0))
    with pytest.raises(RequestError, match="number from 0 up"):
        Weights(l1=-1)


@pytest.mark.parametrize("part", ["whole", "decoder", "codebook"])
def test_only_the_part_that_is_trained_changes(tmp_path: Path, album: Album, part: Any) -> None:
    training = tuning(album, part=part, steps=2)
    before = {name: p.clone() for name, p in training.vqgan.named_parameters()}
    fit(training, tmp_path, told=lambda step, figures: None)
    changed = {
        name.split(".")[0]
        for name, parameter in training.vqgan.named_parameters()
        if not torch.equal(parameter, before[name])
    }
    kept = {
        name.split(".")[0]
        for name, parameter in training.kept.named_parameters()
        if not torch.equal(parameter, before[name])
    }
    expected = {"whole": ENCODING | DECODING | {"quantize"}, "decoder": DECODING}
    assert changed == kept == expected.get(part, {"quantize"})


def test_a_gumbel_model_trains_its_decoder_only() -> None:
    vqgan = engine_tiny.vqgan("gumbel")
    assert parts_of(vqgan, "decoder")
    for part in ("whole", "codebook"):
        with pytest.raises(RequestError, match="add --part decoder"):
            parts_of(vqgan, part)


def test_accumulated_batches_are_one_larger_batch(
    tmp_path: Path, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    weights = Weights(**(NOTHING | {"l1": 1.0, "codebook": 1.0}))
    made = []
    for accumulate, batch in ((1, 4), (2, 2)):
        training = tuning(album, steps=1, accumulate=accumulate, batch=batch, weights=weights)
        fit(training, tmp_path / str(batch), told=lambda step, figures: None)
        made.append(training)
    for one, other in zip(made[0].vqgan.parameters(), made[1].vqgan.parameters(), strict=True):
        torch.testing.assert_close(one, other, atol=2e-4, rtol=0)


def test_held_out_pictures_are_never_learned_from(album: Album) -> None:
    training = tuning(album, batch=7, accumulate=3)
    met: set[int] = set()
    for seed in range(6):
        met |= set(training.batch(np.random.default_rng(seed)).pages.flatten().tolist())
    assert album.held_out
    assert met == set(album.learned)


def test_captions_with_sides_are_never_flipped(
    album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[bool, bool]] = []
    training = tuning(album, batch=6, changes=("crop", "flip"))
    monkeypatch.setattr(vqgan_tuning, "has_sides", lambda caption: caption is None)

    def watched(pixels: Any, side: int, changes: Any, rng: Any) -> Any:
        asked.append(("flip" in changes, "crop" in changes))
        return np.zeros((3, side, side), np.float32)

    monkeypatch.setattr(vqgan_tuning, "square", watched)
    training.batch(np.random.default_rng(0))
    assert set(asked) == {(False, True)}


def test_dead_codes_are_revived_on_latents_in_both_copies(
    tmp_path: Path, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    monkeypatch.setattr(code_use, "IDLE", 2)
    training = tuning(album, steps=20, rate=1e-6, weights=Weights(perceptual=0, adversarial=0))
    with torch.no_grad():
        training.vqgan.quantize.vectors[1:] += 1000  # nothing is near
        training.kept.load_state_dict(training.vqgan.state_dict())
    used: list[float] = []

    def watch(step: int, figures: dict[str, float]) -> None:
        used.append(figures["codes_used"])
        if step == 0:
            assert (training.vqgan.quantize.vectors[1:] > 900).all()

    fit(training, tmp_path, told=watch, stop=lambda: len(used) == 5)
    assert used[0] == 1
    assert used[3] > 4
    for vqgan in (training.vqgan, training.kept):
        assert (vqgan.quantize.vectors.abs() < 100).all()


def test_a_new_codebook_is_kept_in_use(
    tmp_path: Path, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vqgan_stage, "BANK", 1000)
    training = tuning(
        album,
        steps=40,
        warm_up=10,
        batch=2,
        weights=Weights(perceptual=0, adversarial=0, clip=0),
    )
    deviations: list[float] = []
    told: list[dict[str, float]] = []

    def watch(step: int, figures: dict[str, float]) -> None:
        told.append(figures)
        with torch.no_grad():
            seen = training.vqgan.encode(training.batch(np.random.default_rng(0)).pictures[0])
        deviations.append(float(seen.std()))

    fit(training, tmp_path, told=watch)
    assert deviations[0] == pytest.approx(1, abs=0.3)
    before, after = np.mean([each["l1"] for each in told[5:10]]), [each["l1"] for each in told[10:]]
    assert max(after) < 1.5 * before  # the codebook's coming breaks nothing
    assert min(each["perplexity"] for each in told[10:]) > 4


def test_captions_are_read_as_far_as_the_clip_knows_them() -> None:
    perceptor = tiny.perceptor().eval()
    known = "a red circle on a blue sea"
    wanted, captioned = read(
        perceptor, [known, None, "quantum chromodynamics lecture", f"{known} " * 30, ""]
    )
    assert captioned.tolist() == [True, False, False, True, False]
    torch.testing.assert_close(wanted[0], perceptor.encode_text(known)[0].detach())
    torch.testing.assert_close(wanted.norm(dim=1), captioned.float())


def test_a_caption_counts_in_place_of_the_original(album: Album) -> None:
    training = tuning(album)
    real = training.batch(np.random.default_rng(0)).pictures[0]
    pages = torch.tensor([0, 1, 2])
    training.captioned[1] = True
    training.wanted[1] = F.normalize(torch.ones(training.wanted.shape[1]), dim=0)
    wanted = training._wanted(real, pages)
    seen = F.interpolate(real, (32, 32), mode="bilinear")
    originals = tiny.perceptor().eval().encode_pictures(seen / 2 + 0.5)
    torch.testing.assert_close(wanted[[0, 2]], originals[[0, 2]])
    torch.testing.assert_close(wanted[1], training.wanted[1])


def test_it_learns_a_style_that_it_has_not_seen(
    tmp_path: Path, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trained on scenes first, as the starter is; then on threads, judged by others of them."""
    monkeypatch.setattr(vqgan_stage, "BANK", 4000)
    drawn = tiny.pictures(count=12).pixels
    size = drawn[0].size
    scenes = Album(
        tuple(Page(str(n), str(n), None, n * size, 48, 48, n == 0) for n in range(12)),
        drawn.reshape(-1),
    )
    small = {
        "side": 32,
        "batch": 6,
        "gan_from": 10**6,
        "rate": 2e-3,
        "weights": Weights(perceptual=0.0),
    }
    first = VQGANTuning(
        own.vqgan(), tiny.perceptor(), scenes, plan(steps=20, warm_up=8, **small), seed=1
    )
    fit(first, tmp_path / "first", told=lambda step, figures: None)
    start = copy.deepcopy(first.kept).eval()
    second_plan = plan(steps=24, changes=("crop", "flip"), **small)
    second = VQGANTuning(first.kept, tiny.perceptor(), album, second_plan, seed=1)
    fit(second, tmp_path / "second", told=lambda step, figures: None)
    held = np.stack([middle(album.pixels(page), 32) for page in album.held_out])
    perceptor = tiny.perceptor().eval()
    was, now = judge(start, perceptor, held), judge(second.kept.eval(), perceptor, held)
    assert now.psnr > was.psnr + 1.5
    assert now.ssim > was.ssim - 0.02

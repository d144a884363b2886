"""Our VQGAN against taming's own modules with the same weights."""

from __future__ import annotations

from typing import Literal

import pytest
import torch
from torch import Tensor, nn

from studio.engine.vqgan import straight_through
from tests.engine import tiny
from tests.engine.reference import Taming

KINDS = ["vq", "gumbel"]
Kind = Literal["vq", "gumbel"]


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def assert_close(ours: Tensor, theirs: Tensor) -> None:
    assert theirs.std() > 0.01
    scale = theirs.abs().max().clamp(min=1)
    torch.testing.assert_close(ours / scale, theirs / scale, atol=1e-5, rtol=0)


def test_the_tiny_model_attends() -> None:
    model = tiny.vqgan()
    assert [len(level.attn) for level in model.encoder.down] == [0, 1]
    assert [len(level.attn) for level in model.decoder.up] == [0, 2]


@pytest.mark.parametrize("kind", KINDS)
def test_decoding_is_tamings(kind: Kind) -> None:
    ours = tiny.vqgan(kind)
    z = random(2, 6, 7, 12)
    picture = ours.decode(z)
    assert picture.shape == (2, 3, 14, 24)
    assert_close(picture, Taming(ours).decode(z))


def test_attention_over_many_places_keeps_no_matrix_of_them() -> None:
    ours, side = tiny.vqgan(), 48
    z = random(1, 6, side, side).requires_grad_()
    kept: list[int] = []

    def keep(tensor: Tensor) -> Tensor:
        kept.append(tensor.numel())
        return tensor.detach()

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        picture = ours.decode(z)
    assert max(kept) < side**4
    with torch.no_grad():  # Winograd's convolutions, which begin at this size, round more often
        torch.testing.assert_close(picture, Taming(ours).decode(z), atol=1e-4, rtol=0)


def test_a_patch_of_pixels_is_one_place_with_more_channels() -> None:
    ours = tiny.vqgan(patch=2)
    assert ours.config.factor == 4
    theirs, picture = Taming(ours), random(2, 3, 28, 48)
    folded = picture.view(2, 3, 14, 2, 24, 2).permute(0, 1, 3, 5, 2, 4).reshape(2, 12, 14, 24)
    assert_close(ours.encode(picture), theirs.hidden(folded))
    z = random(2, 6, 7, 12)
    made = theirs.decode(z).view(2, 3, 2, 2, 14, 24).permute(0, 1, 4, 2, 5, 3)
    assert_close(ours.decode(z), made.reshape(2, 3, 28, 48))


def test_encoding_is_tamings() -> None:
    ours = tiny.vqgan()
    picture = random(2, 3, 14, 24)
    assert_close(ours.encode(picture), Taming(ours).hidden(picture))


def test_gumbel_encodes_to_its_likeliest_codes() -> None:
    ours = tiny.vqgan("gumbel")
    theirs, picture = Taming(ours), random(2, 3, 14, 24)
    codes = theirs.quantize.proj(theirs.hidden(picture)).argmax(1)
    assert len(codes.unique()) > 1
    expected = theirs.quantize.get_codebook_entry(codes.flatten(), (2, 7, 12, 6))
    assert_close(ours.encode(picture), expected)
    assert torch.equal(ours.nearest_codes(ours.encode(picture)), codes)


def test_quantizing_is_tamings() -> None:
    ours = tiny.vqgan()
    z = random(2, 6, 7, 12)
    quantized, codes = ours.quantized(z)
    expected, _, (_, _, rows) = Taming(ours).quantize(z)
    assert torch.equal(codes, rows.view(2, 7, 12))
    assert_close(quantized, expected)
    assert torch.equal(quantized, ours.vectors_of(codes))


def test_codes_far_from_the_origin_are_told_apart() -> None:
    ours = tiny.vqgan()
    ours.quantize.vectors.add_(100)
    codes = torch.arange(24).view(1, 4, 6)
    z = ours.vectors_of(codes) + 0.05 * random(1, 6, 4, 6)
    assert torch.equal(ours.nearest_codes(z), codes)


def test_half_precision_around_it_mistakes_no_neighbours() -> None:
    ours, z = tiny.vqgan(), random(1, 6, 40, 40)
    expected = ours.nearest_codes(z)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(ours.nearest_codes(z), expected)


def test_the_gradient_passes_straight_through_the_codebook() -> None:
    ours = tiny.vqgan()
    theirs, weights = Taming(ours), random(1, 3, 10, 14, seed=1)
    gradients = []
    for quantize, decode in (
        (ours.quantized, ours.decode),
        (theirs.quantize, theirs.decode),
    ):
        z = random(1, 6, 5, 7).requires_grad_()
        (decode(quantize(z)[0]) * weights).sum().backward()
        gradients.append(z.grad)
    assert_close(*gradients)


def test_straight_through_hands_value_and_gradient_on_unchanged() -> None:
    forward, backward = (random(3, 4, seed=seed).requires_grad_() for seed in (1, 2))
    wanted = random(3, 4, seed=3)
    result = straight_through(forward, backward)
    (result * wanted).sum().backward()
    assert torch.equal(result, forward)
    assert torch.equal(backward.grad, wanted)
    assert forward.grad is None


def test_the_gradient_in_the_picture_is_tamings() -> None:
    ours = tiny.vqgan()
    theirs, weights = Taming(ours), random(1, 6, 5, 7, seed=1)
    gradients = []
    for encode in (ours.encode, theirs.hidden):
        picture = random(1, 3, 10, 14).requires_grad_()
        (encode(picture) * weights).sum().backward()
        gradients.append(picture.grad)
    assert_close(*gradients)


@pytest.mark.parametrize("kind", KINDS)
def test_the_latent_range_is_that_of_the_codebook(kind: Kind) -> None:
    model = tiny.vqgan(kind)
    low, high = model.latent_range()
    assert low.shape == high.shape == (1, 6, 1, 1)
    for channel in range(6):
        values = model.quantize.vectors[:, channel]
        assert (low[0, channel], high[0, channel]) == (values.min(), values.max())


def test_every_norm_has_the_groups_of_the_config() -> None:
    for groups in (32, 8):
        norms = [
            each
            for each in tiny.vqgan(norm_groups=groups).modules()
            if isinstance(each, nn.GroupNorm)
        ]
        assert {norm.num_groups for norm in norms} == {groups}
        assert len(norms) > 10

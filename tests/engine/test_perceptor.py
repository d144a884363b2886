"""Our CLIP against the clip package's own with the same weights."""

from __future__ import annotations

from collections.abc import Callable

import clip
import pytest
import torch
from torch import Tensor, nn

from studio.core import tokens
from studio.engine.perceptor import Perceptor, class_token, features
from studio.errors import RequestError
from tests.engine import tiny
from tests.engine.reference import clips_own, embedded_pictures, embedded_text

CPU = torch.device("cpu")

TEXTS = ["a red circle", "Über den Wolken 雲, 1984!", "word " * 75, ""]


@pytest.fixture(params=[tiny.vision_transformer, tiny.resnet], scope="module")
def perceptor(request: pytest.FixtureRequest) -> Perceptor:
    build: Callable[[], Perceptor] = request.param
    return build()


def random_pictures(perceptor: Perceptor, count: int = 3) -> Tensor:
    side = perceptor.resolution
    return torch.rand(count, 3, side, side, generator=torch.Generator().manual_seed(1))


def test_pictures_are_seen_as_by_clip(perceptor: Perceptor) -> None:
    pictures = random_pictures(perceptor)
    expected = embedded_pictures(clips_own(perceptor), pictures)
    assert (expected[0] - expected[1]).norm() > 0.01
    torch.testing.assert_close(perceptor.encode_pictures(pictures), expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("text", TEXTS)
def test_texts_are_read_as_by_clip(perceptor: Perceptor, text: str) -> None:
    expected = embedded_text(clips_own(perceptor), text)
    torch.testing.assert_close(perceptor.encode_text(text), expected, atol=1e-5, rtol=0)


def test_the_gradient_in_the_picture_is_clips(perceptor: Perceptor) -> None:
    theirs = clips_own(perceptor)
    gradients = []
    for encode in (perceptor.encode_pictures, lambda pictures: embedded_pictures(theirs, pictures)):
        pictures = random_pictures(perceptor).requires_grad_()
        seen = encode(pictures)
        weights = torch.randn(seen.shape, generator=torch.Generator().manual_seed(2))
        (seen * weights).sum().backward()
        gradients.append(pictures.grad)
    ours, expected = gradients
    assert expected.abs().max() > 1e-3
    torch.testing.assert_close(ours, expected, atol=1e-5, rtol=0)


def test_the_class_token_is_clips() -> None:
    perceptor = tiny.vision_transformer()
    pictures = random_pictures(perceptor)
    theirs = clips_own(perceptor).visual
    expected = theirs(pictures)
    torch.testing.assert_close(
        class_token(perceptor.clip.visual, pictures) @ theirs.proj, expected, atol=1e-5, rtol=1e-5
    )


def test_features_are_what_the_layers_of_clip_make(perceptor: Perceptor) -> None:
    theirs, pictures, expected = clips_own(perceptor).visual, random_pictures(perceptor), []

    def keep(_: object, __: object, out: Tensor) -> None:
        # a transformer's layer gives (places, n, channels), the first place being no patch
        places = out.flatten(2).transpose(1, 2) if out.ndim == 4 else out.transpose(0, 1)[:, 1:]
        expected.append(places)

    if hasattr(theirs, "transformer"):
        layers = list(theirs.transformer.resblocks)
    else:
        layers = [theirs.avgpool, theirs.layer1, theirs.layer2, theirs.layer3, theirs.layer4]
    for layer in layers:
        layer.register_forward_hook(keep)
    theirs(pictures)
    found = features(perceptor.clip.visual, pictures)
    assert len(found) == len(expected) == len(layers)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)


def test_a_smooth_resnet_differs_from_a_published_one_in_its_activation_alone() -> None:
    smooth, published = tiny.resnet(activation="gelu"), tiny.resnet()
    smooth.load_state_dict(published.state_dict())
    pictures = random_pictures(smooth)
    assert (smooth.encode_pictures(pictures) - published.encode_pictures(pictures)).norm() > 0.01
    for one, other in zip(_relus(smooth), _relus(published), strict=True):
        setattr(one[0], one[1], getattr(*other))
    assert torch.equal(smooth.encode_pictures(pictures), published.encode_pictures(pictures))


@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_the_gradient_of_a_picture_is_the_same_alone_and_among_others(activation: str) -> None:
    perceptor = tiny.resnet(activation=activation)
    pictures = random_pictures(perceptor)
    weights = torch.randn(24, generator=torch.Generator().manual_seed(2))

    def gradient(pictures: Tensor) -> Tensor:
        pictures = pictures.clone().requires_grad_()
        (perceptor.encode_pictures(pictures) * weights).sum().backward()
        assert pictures.grad is not None
        return pictures.grad

    among, alone = gradient(pictures)[:1], gradient(pictures[:1])
    scale = among.abs().max()
    torch.testing.assert_close(alone / scale, among / scale, atol=1e-4, rtol=0)


def _relus(perceptor: Perceptor) -> list[tuple[nn.Module, str]]:
    modules = perceptor.clip.visual.modules()
    return [(m, name) for m in modules for name, _ in m.named_children() if "relu" in name]


def test_few_words_are_read_as_by_a_clip_that_knows_all() -> None:
    few, all_words = tiny.vision_transformer(**tiny.few_words()), tiny.vision_transformer()
    kept = few.config.kept_tokens
    assert kept is not None
    weights = few.clip.state_dict()
    table = all_words.clip.state_dict()["token_embedding.weight"].clone()
    table[:] = weights["token_embedding.weight"][0]
    table[list(kept)] = weights["token_embedding.weight"][1:]
    all_words.clip.load_state_dict(weights | {"token_embedding.weight": table})
    for text in (tiny.WORDS, "a red zebra at night", "zebra"):
        torch.testing.assert_close(
            few.encode_text(text), embedded_text(clips_own(all_words), text), atol=1e-5, rtol=0
        )


def test_unknown_words_are_named() -> None:
    few = tiny.vision_transformer(**tiny.few_words())
    assert few.unknown_words("A red zebra, at noon") == ["zebra", "noon"]
    assert few.unknown_words(tiny.WORDS) == []
    assert tiny.vision_transformer().unknown_words("zebra") == []


def test_whole_words_are_read_by_their_vectors() -> None:
    worded = tiny.vision_transformer(words=("red", "sea", "boat"), word_width=5)
    assert worded.rows("A red boat, at sea") == [4, 0, 1, 3, 0, 0, 2, 5]
    assert worded.unknown_words("a Red zebra at sea") == ["a", "zebra", "at"]
    vectors, widened = worded.clip.token_embedding
    assert (vectors.weight.shape, widened.weight.shape) == ((6, 5), (128, 5))
    one, other = (worded.encode_text(text) for text in ("red boat", "boat red"))
    assert not torch.allclose(one, other, atol=1e-4)
    torch.testing.assert_close(worded.encode_text("zebra"), worded.encode_text("giraffe"))


def test_a_text_is_as_long_as_clip_reads_and_no_longer(perceptor: Perceptor) -> None:
    longest = "word " * (tokens.CONTEXT - 2)
    assert perceptor.rows(longest) == clip.tokenize(longest)[0].tolist()
    with pytest.raises(RequestError, match="has 78 tokens and CLIP reads 77; shorten it"):
        perceptor.encode_text(longest + "word")
    with pytest.raises(RuntimeError, match="too long"):
        clip.tokenize(longest + "word")


def test_in_half_precision_it_pulls_the_same_way() -> None:
    pictures, gradients = random_pictures(tiny.vision_transformer()), []
    wanted = torch.randn(3, 16, generator=torch.Generator().manual_seed(2))
    for precision in (torch.float32, torch.bfloat16):
        perceptor = tiny.vision_transformer()
        perceptor.see_in(precision, CPU)
        shown = pictures.clone().requires_grad_()
        (perceptor.encode_pictures(shown) * wanted).sum().backward()
        assert shown.grad is not None
        gradients.append(shown.grad.flatten())
    exact, lower = gradients
    assert not torch.equal(exact, lower)
    assert torch.nn.functional.cosine_similarity(exact, lower, dim=0) > 0.99


@pytest.mark.parametrize("published", [True, False])
def test_texts_are_read_the_same_when_pictures_are_seen_in_half_precision(published: bool) -> None:
    perceptor = tiny.vision_transformer()
    if published:
        perceptor.half().float()
    before = perceptor.encode_text(tiny.WORDS)
    perceptor.see_in(torch.bfloat16, CPU)
    kept = torch.float16 if published else torch.float32
    assert {each.dtype for each in perceptor.clip.transformer.parameters()} == {kept}
    assert torch.equal(perceptor.encode_text(tiny.WORDS), before)


def test_a_resnet_sees_in_float32_always() -> None:
    perceptor = tiny.resnet()
    pictures = random_pictures(perceptor)
    before = perceptor.encode_pictures(pictures)
    perceptor.see_in(torch.bfloat16, CPU)
    assert torch.equal(perceptor.encode_pictures(pictures), before)

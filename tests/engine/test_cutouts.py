"""Views: where they fall, what they show, and that the picture learns through them."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import pytest
import torch
import torchvision.transforms.functional as reference  # type: ignore[import-untyped]
from torch import Tensor
from torch.nn.functional import avg_pool2d

from studio.core.settings import PRESETS, Preset
from studio.engine.cutouts import coverage, look
from studio.engine.recipes import RECIPES, Border, Framing, Recipe
from studio.engine.views import Views, draw_views

DRAWN = [each for each in fields(Views) if each.name != "rows"]

SIZES = [(64, 64), (256, 256), (640, 256), (256, 640)]
WHOLE = Recipe(framings=(Framing(),))


def draw(
    recipe: Recipe,
    count: int = 4,
    size: tuple[int, int] = (64, 64),
    resolution: int = 32,
    seed: int = 0,
    veil: float = 0.0,
) -> Views:
    dice = torch.Generator().manual_seed(seed)
    return draw_views(count, size, resolution, recipe, dice, veil=veil)


def framed(framing: Framing) -> Recipe:
    return Recipe(framings=(framing,))


def random_picture(
    width: int, height: int, seed: int = 0, dtype: torch.dtype = torch.float32
) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(1, 3, height, width, generator=generator, dtype=dtype)


def smooth_picture(width: int, height: int) -> Tensor:
    """Slow waves, the same at every size."""
    x = (torch.arange(width) + 0.5) / width
    y = (torch.arange(height)[:, None] + 0.5) / height
    waves = [torch.sin(5 * x + 2 * y), torch.cos(4 * y - x), torch.sin(3 * x * y + 1)]
    return torch.stack([0.5 + 0.4 * wave for wave in waves])[None]


def stripes(width: int, height: int) -> Tensor:
    """One pixel black, one pixel white, from left to right."""
    return (torch.arange(width) % 2).float().expand(1, 3, height, width)


def checkerboard(side: int) -> Tensor:
    along = torch.arange(side)
    return ((along + along[:, None]) % 2).float().expand(1, 3, side, side)


def pixel(picture: Tensor, row: int, column: int, border: Border, shade: float) -> Tensor:
    """(3,): one pixel, also beyond the picture."""
    height, width = picture.shape[-2:]
    if border == "plain":
        if not (0 <= row < height and 0 <= column < width):
            return torch.full((3,), shade)
    elif border == "edge":
        row, column = min(max(row, 0), height - 1), min(max(column, 0), width - 1)
    else:  # columns 2 1 0 are followed by 0 1 2
        row, column = row % (2 * height), column % (2 * width)
        row, column = min(row, 2 * height - 1 - row), min(column, 2 * width - 1 - column)
    return picture[0, :, row, column]


def slow_view(picture: Tensor, views: Views, resolution: int) -> Tensor:
    """The single view of `views`, pixel by pixel."""
    height, width = picture.shape[-2:]
    matrix = views.homography[0].double()
    seen = torch.zeros(3, resolution, resolution)
    for row in range(resolution):
        for column in range(resolution):
            ends = [2 * (place + 0.5) / resolution - 1 for place in (column, row)]
            x, y, w = (matrix @ torch.tensor([*ends, 1.0], dtype=torch.float64)).tolist()
            across, down = (x / w + 1) / 2 * width - 0.5, (y / w + 1) / 2 * height - 0.5
            for r in (math.floor(down), math.floor(down) + 1):
                for c in (math.floor(across), math.floor(across) + 1):
                    share = (1 - abs(down - r)) * (1 - abs(across - c))
                    shown = pixel(picture, r, c, views.border[0], float(views.shade[0]))
                    seen[:, row, column] += share * shown
    return seen


@pytest.mark.parametrize("border", ["reflect", "edge", "plain"])
def test_a_view_shows_the_picture_at_the_points_of_its_homography(border: Border) -> None:
    framing = Framing(
        side=(0.3, 1.6),
        aspect=(0.8, 1.2),
        degrees=(-40.0, 40.0),
        shear=(-10.0, 10.0),
        shift=(0.2, 0.2),
        perspective=(-0.2, 0.3),
        borders=(border,),
    )
    picture = random_picture(11, 9)
    views = draw(Recipe(framings=(framing,), flip=0.5, shade=(0.2, 0.8)), size=(11, 9), count=5)
    seen = look(picture, views, 20)
    for number in range(len(views)):
        expected = slow_view(picture, views.part(number, number + 1), 20)
        torch.testing.assert_close(seen[number], expected, atol=1e-5, rtol=0)


def test_a_view_of_the_whole_is_the_picture() -> None:
    picture = random_picture(32, 32)
    seen = look(picture, draw(WHOLE, size=(32, 32)), 32)
    torch.testing.assert_close(seen, picture.expand(4, 3, 32, 32), atol=1e-6, rtol=0)


def test_a_flip_swaps_left_and_right() -> None:
    picture = random_picture(32, 32)
    seen = look(picture, draw(replace(WHOLE, flip=1.0), size=(32, 32), count=1), 32)
    torch.testing.assert_close(seen, picture.flip(-1), atol=1e-6, rtol=0)


def test_positive_degrees_turn_the_picture_counterclockwise() -> None:
    picture = random_picture(32, 32)
    seen = look(picture, draw(framed(Framing(degrees=(90.0, 90.0))), size=(32, 32), count=1), 32)
    torch.testing.assert_close(seen, torch.rot90(picture, 1, (2, 3)), atol=1e-5, rtol=0)


def test_positive_perspective_moves_the_corners_of_the_picture_inwards() -> None:
    tilted = draw(framed(Framing(perspective=(0.5, 0.5), borders=("plain",))), count=1)
    seen = look(torch.ones(1, 3, 32, 32), tilted, 32)
    expected = torch.zeros(1, 3, 32, 32)
    expected[..., 8:24, 8:24] = 1
    # the picture ends in the middle between two pixels of the view
    torch.testing.assert_close(seen, expected, atol=0.3, rtol=0)
    assert tilted.spans().tolist() == [[2.0, 2.0]]


def test_a_strong_tilt_shows_nothing_from_behind_the_camera() -> None:
    views = draw(framed(Framing(perspective=(0.0, 0.9), borders=("plain",))), count=64)
    seen = look(torch.ones(1, 3, 64, 64), views, 16)
    ends = (torch.arange(16) + 0.5) / 8 - 1
    w = views.homography[:, 2] @ torch.stack(
        (ends.repeat(16), ends.repeat_interleave(16), torch.ones(256))
    )
    behind = (w <= 0).view(64, 1, 16, 16).expand_as(seen)
    assert behind.any()
    assert not seen[behind].any()
    assert seen.isfinite().all()


def test_spans_are_measured_in_the_middle_of_a_tilted_view() -> None:
    views = draw(framed(Framing(side=(0.4, 0.8), perspective=(-0.3, 0.3))), count=6)
    matrices = views.homography.double()

    def seen_at(x: float, y: float) -> Tensor:
        places = matrices @ torch.tensor([x, y, 1.0], dtype=torch.float64)
        return places[:, :2] / places[:, 2:]

    step = 1e-4
    moves = (
        seen_at(step, 0) - seen_at(-step, 0),
        seen_at(0, step) - seen_at(0, -step),
    )
    expected = torch.hypot(*moves) / (2 * step)
    torch.testing.assert_close(views.spans().double(), expected, atol=1e-5, rtol=0)


def test_fine_patterns_turn_grey_when_a_view_shrinks_them() -> None:
    views = draw(framed(Framing(side=(0.9, 1.1), degrees=(-15.0, 15.0))), size=(256, 256), count=8)
    seen = look(checkerboard(256), views, 64)
    torch.testing.assert_close(seen, torch.full_like(seen, 0.5), atol=0.05, rtol=0)


@pytest.mark.parametrize("times", [2, 4, 8])
def test_shrinking_by_an_octave_is_the_mean_over_the_area(times: int) -> None:
    picture = random_picture(16 * times, 16 * times)
    seen = look(picture, draw(WHOLE, size=(16 * times, 16 * times), count=1), 16)
    torch.testing.assert_close(seen, avg_pool2d(picture, times), atol=1e-5, rtol=0)


@pytest.mark.parametrize("side", [48, 60, 75, 110])
def test_shrinking_by_any_amount_is_close_to_the_mean_over_the_area(side: int) -> None:
    picture = smooth_picture(side, side)
    seen = look(picture, draw(WHOLE, size=(side, side), count=1), 20)
    # each pixel as 20 by 20, so that the areas of the view's pixels are whole pixels
    expected = avg_pool2d(picture.repeat_interleave(20, 2).repeat_interleave(20, 3), side)
    # the outermost pixels show the middle of a pixel of the shrunk copy, which may lie further in
    inner = (..., slice(1, -1), slice(1, -1))
    # a wave of this picture bends by 0.4 * 5**2 / 8 / 17**2 = 0.004 between 17 pixels
    torch.testing.assert_close(seen[inner], expected[inner], atol=0.01, rtol=0)


def test_a_squashed_view_keeps_the_detail_of_the_short_side() -> None:
    views = draw(framed(Framing(squashed=1.0)), size=(256, 64), count=1)
    across = stripes(256, 64)
    down = stripes(64, 256).transpose(2, 3)
    torch.testing.assert_close(look(down, views, 64), down[..., :64], atol=1e-5, rtol=0)
    torch.testing.assert_close(
        look(across, views, 64), torch.full((1, 3, 64, 64), 0.5), atol=1e-5, rtol=0
    )


def test_views_fit_pictures_of_any_size() -> None:
    views = draw(replace(RECIPES["studio"], noise=(0.0, 0.0)), count=8, size=(200, 150))
    small, large = (look(smooth_picture(*size), views, 24) for size in ((200, 150), (800, 600)))
    torch.testing.assert_close(small, large, atol=0.02, rtol=0)


@pytest.mark.parametrize("preset", PRESETS)
def test_parts_show_exactly_what_the_whole_shows(preset: Preset) -> None:
    views = draw(RECIPES[preset], count=12, size=(96, 80))
    picture = random_picture(96, 80)
    parts = [look(picture, views.part(*ends), 32) for ends in ((0, 1), (1, 6), (6, 12))]
    assert torch.equal(torch.cat(parts), look(picture, views, 32))


@pytest.mark.parametrize("preset", PRESETS)
def test_a_seed_decides_all_views(preset: Preset) -> None:
    first, again, other = (draw(RECIPES[preset], count=8, seed=seed) for seed in (1, 1, 2))
    for field in DRAWN:
        drawn, repeated = getattr(first, field.name), getattr(again, field.name)
        assert drawn == repeated if field.name == "border" else torch.equal(drawn, repeated)
    assert not torch.equal(first.homography, other.homography)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("size", SIZES)
def test_every_preset_sees_every_size(preset: Preset, size: tuple[int, int]) -> None:
    views = draw(RECIPES[preset], count=6, size=size)
    seen = look(smooth_picture(*size), views, 32)
    assert seen.shape == (6, 3, 32, 32)
    assert seen.isfinite().all()
    assert seen.std() > 0.05


@pytest.mark.parametrize("size", SIZES)
def test_upright_views_lie_within_the_canvas_and_keep_its_proportions(
    size: tuple[int, int],
) -> None:
    views = draw(framed(Framing(side=(0.3, 0.9), overrun=0.3)), count=50, size=size)
    assert (views.centres().abs() + views.spans() <= 1 + 1e-6).all()
    pixels = views.spans() * torch.tensor(size) / min(size)
    torch.testing.assert_close(pixels[:, 0], pixels[:, 1])
    assert pixels.min() >= 0.3
    assert pixels.max() <= 0.9


def test_crops_that_are_never_enlarged_have_as_many_pixels_as_the_view() -> None:
    views = draw(RECIPES["crowson"], count=100, size=(256, 320), resolution=224)
    sides = views.spans() * torch.tensor([256, 320])
    assert sides.min() >= 224 - 1e-3
    assert sides.max() <= 256 + 1e-3
    small = draw(RECIPES["crowson"], count=10, size=(64, 64), resolution=224)
    torch.testing.assert_close(small.spans(), torch.ones(10, 2))


@pytest.mark.parametrize("count", [1, 2, 7, 32])
def test_framings_get_their_shares(count: int) -> None:
    recipe = Recipe(framings=(Framing(share=0.4), Framing(share=0.6, borders=("edge",))))
    wholes = [draw(recipe, count=count, seed=seed).border.count("reflect") for seed in range(200)]
    assert max(abs(whole - 0.4 * count) for whole in wholes) < 1
    assert sum(wholes) / 200 == pytest.approx(0.4 * count, abs=0.1)


def recoloured(recipe: Recipe) -> tuple[Tensor, Tensor, Tensor]:
    """A picture of middling colours, it through one view, and the linear part of its colour."""
    picture = 0.25 + 0.5 * random_picture(32, 32)
    views = draw(recipe, size=(32, 32), count=1, seed=3)
    return picture, look(picture, views, 32), views.colour[0, :, :3]


def test_brightness_is_torchvisions() -> None:
    picture, seen, linear = recoloured(replace(WHOLE, brightness=0.3))
    factor = float(linear.trace()) / 3
    assert abs(factor - 1) > 0.02
    torch.testing.assert_close(
        seen, reference.adjust_brightness(picture, factor), atol=1e-5, rtol=0
    )


def test_contrast_is_torchvisions_about_middle_grey() -> None:
    picture, seen, linear = recoloured(replace(WHOLE, contrast=0.3))
    factor = float(linear.trace()) / 3
    assert abs(factor - 1) > 0.02
    expected = reference.adjust_contrast(picture, factor)
    # torchvision keeps the mean luma of the picture, here within 0.01 of the middle
    torch.testing.assert_close(seen, expected, atol=0.01, rtol=0)


def test_saturation_is_torchvisions() -> None:
    picture, seen, linear = recoloured(replace(WHOLE, saturation=0.5))
    factor = (float(linear.trace()) - 1) / 2
    assert abs(factor - 1) > 0.02
    # torchvision's weight of red is 0.2989 and ours 0.299
    torch.testing.assert_close(
        seen, reference.adjust_saturation(picture, factor), atol=1e-3, rtol=0
    )


@pytest.mark.parametrize("hue", [0.02, 0.1])
def test_hue_turns_as_far_and_the_same_way_as_torchvisions(hue: float) -> None:
    picture = 0.25 + 0.5 * random_picture(32, 32)
    views = draw(replace(WHOLE, hue=hue), size=(32, 32), count=12)
    for view, colour in zip(look(picture, views, 32), views.colour, strict=True):
        turn = math.acos((float(colour[:, :3].trace()) - 1) / 2) / (2 * math.pi)
        way = 1 if colour[1, 0] > colour[2, 0] else -1  # red gets green rather than blue
        alike, opposed = (
            float((view - reference.adjust_hue(picture[0], turn)).abs().max())
            for turn in (way * turn, -way * turn)
        )
        # torchvision keeps the largest and smallest channel, we keep their mean
        assert alike < 2 * turn < opposed


def test_saturation_and_hue_leave_greys_alone() -> None:
    grey = random_picture(32, 32)[:, :1].expand(1, 3, 32, 32)
    seen = look(grey, draw(replace(WHOLE, saturation=0.5, hue=0.5), size=(32, 32)), 32)
    torch.testing.assert_close(seen, grey.expand(4, 3, 32, 32), atol=1e-5, rtol=0)


def test_lift_is_added_to_all_channels() -> None:
    picture = random_picture(32, 32)
    seen = look(picture, draw(replace(WHOLE, lift=0.2), size=(32, 32)), 32)
    added = (seen - picture).flatten(1)
    torch.testing.assert_close(added, added[:, :1].expand_as(added), atol=1e-6, rtol=0)
    assert added.abs().max() <= 0.2
    assert added.std() > 0.02


def test_a_box_takes_its_area_and_shade() -> None:
    recipe = replace(
        WHOLE, erased=1.0, erased_area=(0.25, 0.25), erased_aspect=(1.0, 1.0), shade=(0.4, 0.6)
    )
    picture = 0.01 * random_picture(32, 32)
    views = draw(recipe, size=(32, 32), count=20)
    seen = look(picture, views, 32)
    boxes = seen > 0.3
    assert ((boxes[:, 0].sum((1, 2)) - 256).abs() <= 33).all()
    for view, box, shade in zip(seen, boxes, views.shade, strict=True):
        torch.testing.assert_close(view[box], shade.expand_as(view[box]))
        torch.testing.assert_close(view[~box], picture[0][~box], atol=1e-5, rtol=0)
    assert len({tuple(box) for box in views.erased.tolist()}) == 20


def test_boxes_may_be_the_same_in_all_views() -> None:
    views = draw(replace(WHOLE, erased=1.0, erased_together=True), count=5)
    assert len({tuple(box) for box in views.erased.tolist()}) == 1


def test_no_box_without_a_chance() -> None:
    assert not draw(WHOLE).erased.any()


def test_noise_is_added_last_with_the_deviation_of_its_view() -> None:
    recipe = replace(WHOLE, noise=(0.05, 0.5))
    picture = random_picture(64, 64)
    views = draw(recipe, count=6)
    noise = look(picture, views, 64) - picture
    torch.testing.assert_close(noise.flatten(1).std(1), views.noise, rtol=0.05, atol=0)
    assert noise.flatten(1).mean(1).abs().max() < 0.05
    alike = torch.corrcoef(noise.flatten(1)) - torch.eye(6)
    assert alike.abs().max() < 0.1


def test_a_veil_hides_a_share_of_each_view_behind_colours_of_its_own() -> None:
    picture = random_picture(64, 64)
    views = draw(WHOLE, count=6, veil=0.9)
    share = views.veil[:, None, None, None]
    assert 0 < share.min() < share.max() <= 0.9
    clouds = (look(picture, views, 64) - (1 - share) * picture) / share
    assert clouds.min() > -1e-3
    assert clouds.max() < 1 + 1e-3
    middles = torch.nn.functional.interpolate(clouds, (5, 5), mode="area")
    torch.testing.assert_close(middles, views.cloud, atol=0.25, rtol=0)
    assert not torch.equal(clouds[0], clouds[1])


def test_a_veil_is_lifted_evenly_and_changes_nothing_else() -> None:
    recipe = Recipe(framings=(Framing(),), veil=0.8, veiled=40)
    shares = [recipe.veil_in(number) for number in (0, 10, 40, 1000)]
    assert shares == pytest.approx([0.8, 0.6, 0.0, 0.0])
    bare, veiled = draw(RECIPES["studio"]), draw(RECIPES["studio"], veil=0.5)
    for field in DRAWN:
        if field.name not in ("veil", "cloud", "border"):
            assert torch.equal(getattr(bare, field.name), getattr(veiled, field.name))


def test_the_gradient_is_that_of_the_warp() -> None:
    recipe = replace(RECIPES["studio"], erased=0.5, noise=(0.1, 0.1))
    views = draw(recipe, count=3, size=(9, 8), resolution=4, veil=0.5)
    picture = random_picture(9, 8, dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(lambda canvas: look(canvas, views, 4), (picture,))


@pytest.mark.parametrize("resolution", [16, 48, 64])
def test_whole_views_teach_the_whole_picture(resolution: int) -> None:
    picture = random_picture(96, 64).requires_grad_()
    views = draw(framed(Framing(squashed=1.0)), count=2, size=(96, 64))
    (gradient,) = torch.autograd.grad(look(picture, views, resolution).sum(), picture)
    assert gradient.min() > 0


def test_a_look_without_gradients_does_not_spoil_the_next() -> None:
    picture, views = random_picture(37, 37), draw(RECIPES["studio"], size=(37, 37))
    with torch.inference_mode():
        look(picture, views, 11)
    picture.requires_grad_()
    (gradient,) = torch.autograd.grad(look(picture, views, 11).sum(), picture)
    assert gradient.any()


def test_autocast_does_not_blur_the_places() -> None:
    picture, views = random_picture(64, 64), draw(RECIPES["studio"])
    expected = look(picture, views, 24)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(look(picture, views, 24), expected)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_full_mask_covers_every_view(preset: Preset) -> None:
    views = draw(RECIPES[preset], count=16, size=(96, 64))
    torch.testing.assert_close(coverage(torch.ones(1, 1, 40, 60), views), torch.ones(16))


def test_a_mask_counts_by_its_share_of_the_view() -> None:
    left = torch.zeros(1, 1, 64, 64)
    left[..., :32] = 1
    whole = coverage(left, draw(WHOLE, count=1))
    assert float(whole) == pytest.approx(0.5, abs=0.01)
    views = draw(framed(Framing(side=(0.2, 0.6))), count=30)
    first = views.centres()[:, 0] - views.spans()[:, 0]
    expected = ((0 - first) / (2 * views.spans()[:, 0])).clamp(0, 1)
    torch.testing.assert_close(coverage(left, views), expected, atol=0.03, rtol=0)


def test_what_lies_beyond_the_canvas_does_not_count() -> None:
    views = draw(framed(Framing(side=(2.0, 2.0), borders=("plain",))), count=3)
    middle = torch.zeros(1, 1, 8, 8)
    middle[..., 2:6, 2:6] = 1
    torch.testing.assert_close(coverage(middle, views), torch.full((3,), 0.25), atol=0.06, rtol=0)

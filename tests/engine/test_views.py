"""What holds for the views of every preset, canvas and seed."""

from __future__ import annotations

from dataclasses import fields

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.settings import PRESETS
from studio.engine.recipes import RECIPES
from studio.engine.views import NOISE_ROOM, Views, draw_views

DRAWN = [each for each in fields(Views) if each.name != "rows"]

SIZES = st.tuples(st.integers(32, 1024), st.integers(32, 1024))


@st.composite
def any_views(draw: st.DrawFn) -> Views:
    """Views of one of the presets, as a painter draws them."""
    return draw_views(
        draw(st.integers(1, 40)),
        draw(SIZES),
        draw(st.sampled_from([32, 224, 336])),
        RECIPES[draw(st.sampled_from(PRESETS))],
        torch.Generator().manual_seed(draw(st.integers(0, 2**63 - 1))),
        veil=draw(st.floats(0, 1)),
    )


@given(any_views())
@settings(max_examples=60)
def test_views_lie_within_their_bounds(views: Views) -> None:
    count = len(views)
    for field in DRAWN:
        drawn = getattr(views, field.name)
        assert len(drawn) == count
        if field.name != "border":
            assert drawn.isfinite().all()
            assert drawn.dtype == (torch.int64 if field.name == "noise_at" else torch.float32)
    left, top, right, bottom = views.erased.unbind(1)
    assert ((left >= -1 - 1e-6) & (left <= right) & (right <= 1 + 1e-6)).all()
    assert ((top >= -1 - 1e-6) & (top <= bottom) & (bottom <= 1 + 1e-6)).all()
    assert ((views.shade >= 0) & (views.shade <= 1)).all()
    assert (views.noise >= 0).all()
    assert ((views.veil >= 0) & (views.veil <= 1)).all()
    assert ((views.cloud >= 0) & (views.cloud <= 1)).all()
    assert ((views.noise_at >= 0) & (views.noise_at < NOISE_ROOM)).all()
    assert set(views.border) <= {"reflect", "edge", "plain"}


@given(any_views())
@settings(max_examples=60)
def test_every_view_shows_something_of_the_canvas(views: Views) -> None:
    assert (views.spans() > 0).all()
    assert (torch.linalg.det(views.homography.double()).abs() > 1e-6).all()
    along = torch.linspace(-1, 1, 161)
    x, y = (axis.flatten() for axis in torch.meshgrid(along, along, indexing="xy"))
    places = views.homography @ torch.stack((x, y, torch.ones_like(x)))  # (n, 3, points)
    inside = (places[:, :2] / places[:, 2:]).abs().amax(1) <= 1
    assert (inside & (places[:, 2] > 0)).any(1).all()


@given(any_views())
@settings(max_examples=60)
def test_no_preset_tints_greys(views: Views) -> None:
    greys = torch.linspace(0, 1, 5).expand(3, 5)
    seen = views.colour[:, :, :3] @ greys + views.colour[:, :, 3:]
    torch.testing.assert_close(seen, seen[:, :1].expand_as(seen), atol=1e-5, rtol=0)


@given(any_views(), st.data())
@settings(max_examples=40)
def test_parts_put_together_are_the_whole(views: Views, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(views)))
    first, second = views.part(0, cut), views.part(cut, len(views))
    assert (len(first), len(second)) == (cut, len(views) - cut)
    for field in DRAWN:
        whole, one, other = (getattr(each, field.name) for each in (views, first, second))
        if field.name == "border":
            assert whole == one + other
        else:
            assert torch.equal(whole, torch.cat((one, other)))

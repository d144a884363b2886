"""The pictures of a film's moments, one after the other, whatever they are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from PIL import Image

from studio.core.film import Moment, Place
from studio.core.film_way import still
from studio.film.captions import Captions
from studio.film.sizes import fitted
from studio.filming.measuring import codes_of, preview
from studio.filming.planning import FilmPlan
from studio.filming.words import Prompts
from studio.project.file import Project

if TYPE_CHECKING:
    from studio.engine.morph import Traveller


def frames(project: Project, plan: FilmPlan, travel: Traveller | None = None) -> Iterator[bytes]:
    """Every frame as the film room wants it: RGB row by row, or recorded JPEGs as they are."""
    if plan.as_recorded:
        return (project.proxy(*moment.start) for moment in plan.moments)
    shown = pictures(project, plan, plan.moments, travel)
    return (picture.tobytes() for picture in shown)


def pictures(
    project: Project,
    plan: FilmPlan,
    moments: Iterable[Moment],
    travel: Traveller | None = None,
    size: tuple[int, int] | None = None,
) -> Iterator[Image.Image]:
    """Finished frames (RGB) of these moments of a film, at another size for a preview of it.

    They are made as they are taken, and memory does not grow with their number. Without `travel`
    all are made of recorded previews: what lies between two stops is a dissolve then.
    """
    size = size or plan.size
    captions = Captions(size) if plan.order.captions else None
    prompts = Prompts(project)
    moments = list(moments)
    for moment, picture in zip(moments, _bare(project, plan, moments, travel), strict=True):
        frame = fitted(picture, size, plan.order.fit)
        yield frame if captions is None else captions.write(frame, prompts.at(moment))


def _bare(
    project: Project, plan: FilmPlan, moments: Sequence[Moment], travel: Traveller | None
) -> Iterator[Image.Image]:
    if travel is None or plan.source == "previews":
        return _dissolved(moments, (_preview(project, each) for each in _each_once(moments)))
    codes = codes_of(project)
    if plan.source == "latents":
        return map(Image.fromarray, travel.pictures(moments, codes))
    decoded = travel.pictures(map(still, _each_once(moments)), codes)
    return _dissolved(moments, map(Image.fromarray, decoded))


def _each_once(moments: Iterable[Moment]) -> Iterator[Place]:
    """The places whose pictures are needed, each unless it is one of the two kept."""
    kept: dict[Place, None] = {}
    for moment in moments:
        yield from (place for place in _ends(moment) if place not in kept)
        kept = dict.fromkeys(_ends(moment))


def _dissolved(moments: Iterable[Moment], made: Iterator[Image.Image]) -> Iterator[Image.Image]:
    """The picture of each moment; `made` has those of `_each_once`."""
    kept: dict[Place, Image.Image] = {}
    for moment in moments:
        kept = {place: kept[place] if place in kept else next(made) for place in _ends(moment)}
        start = kept[moment.start]
        yield Image.blend(start, kept[moment.end], moment.share) if moment.share else start


def _ends(moment: Moment) -> tuple[Place, ...]:
    return (moment.start, moment.end) if moment.share else (moment.start,)


def _preview(project: Project, place: Place) -> Image.Image:
    return Image.fromarray(preview(project, place))

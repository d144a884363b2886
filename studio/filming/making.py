"""From a plan to a file: what the file will be, who decodes its frames, and the making itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from studio.core.film import Order, Place
from studio.core.settings import Settings
from studio.errors import RequestError, StudioError
from studio.film import encoder
from studio.film.formats import Kind
from studio.film.spec import Made, Spec
from studio.filming import measuring, ways, words
from studio.filming.pictures import frames
from studio.filming.planning import FilmPlan, plan
from studio.log import log
from studio.models import store
from studio.project.file import Project

if TYPE_CHECKING:
    from studio.engine.morph import Traveller


def spec(project: Project, planned: FilmPlan) -> Spec:
    """What the film room needs to know beside the frames."""
    order = planned.order
    assert order.last is not None
    return Spec(
        format=planned.format,
        size=planned.size,
        frames=planned.frames,
        fps=order.fps,
        quality=order.quality,
        about=words.about(project, order.take, order.last),
        pixels="jpeg" if planned.as_recorded else "rgb",
        repeats=order.loop != "once",
        soundtrack=None if order.soundtrack is None else Path(order.soundtrack),
        room=measuring.room(planned.bytes, planned.frames, planned.size, planned.format),
    )


async def make(
    project: Project,
    planned: FilmPlan,
    out: Path,
    *,
    travel: Traveller | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Made:
    """Make the film at `out`; see `encoder.make`. `travel` is what `traveller` gave."""
    made = frames(project, planned, travel)
    return await encoder.make(made, spec(project, planned), out, progress=progress)


def ready(
    project: Project, order: Order, kind: Kind, device: str = "auto"
) -> tuple[FilmPlan, Traveller | None]:
    """The plan of a film and what decodes its frames, loaded; None where previews serve.

    Raises RequestError or StudioError for a morph through latents whose models are not here. A
    timelapse does with previews then, and says so.
    """
    planned = plan(project, order, kind)
    if planned.source == "previews":
        return planned, None
    try:
        travel = traveller(project, planned.order, device)
    except StudioError as error:
        if planned.source == "latents":
            raise
        log.warning("%s The film is made of the recorded previews instead.", error)
        return planned, None
    if planned.source == "latents" and order.pace == "even":
        planned = plan(project, order, kind, travel=travel)
    return planned, travel


def traveller(project: Project, order: Order, device: str = "auto") -> Traveller:
    """What decodes the frames of a film through latents, or from codes. Imports torch.

    Raises RequestError when the model that painted is not on this machine or there were several,
    StudioError when another one has its name.
    """
    settings = _settings_of_stops(project, order)
    vqgan = store.find(settings[0].model, "vqgan")
    _check_same(project, vqgan)
    from studio.engine.morph import Traveller
    from studio.engine.polish import Polisher
    from studio.painting import load_models

    if order.mode != "morph" or order.path != "polished":
        models = load_models(vqgan.weights, {}, device)
        return Traveller(models.vqgan.to(models.device), requantize=order.requantize)
    names = {name for each in settings for name in each.perceptors}
    clips = {name: store.find(name, "clip").weights for name in sorted(names)}
    models = load_models(vqgan.weights, clips, device)
    changes = [
        each for take in {stop.take for stop in order.stops} for each in project.changes(take)
    ]
    painter = models.painter(project, changes)
    polisher = Polisher(painter, partial(ways.painted_with, project), order.polish)
    return Traveller(painter.vqgan, requantize=order.requantize, polisher=polisher)


def _settings_of_stops(project: Project, order: Order) -> list[Settings]:
    """With which settings each stop was painted; of a film without stops, its first iteration."""
    stops = order.stops if order.mode == "morph" else ()
    places = [Place(stop.take, stop.iteration) for stop in stops]
    settings = [
        ways.painted_with(project, place) for place in places or [Place(order.take, order.first)]
    ]
    models = sorted({each.model for each in settings})
    if len(models) > 1:
        raise RequestError(
            f"The stops were painted by different models ({', '.join(models)}), between whose "
            "latents there is no way; take stops of one model."
        )
    return settings


def _check_same(project: Project, vqgan: store.Installed) -> None:
    known = {(model.name, model.kind): model.sha256 for model in project.models}
    if known.get((vqgan.name, "vqgan")) != store.sha256(vqgan):
        raise StudioError(
            f"{vqgan.weights} is not the {vqgan.name} that {project.path.name} was painted with; "
            "put that one back to decode its pictures."
        )

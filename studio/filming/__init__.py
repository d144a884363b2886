"""One film at work: a project's iterations become the frames of a film, a GIF or a folder."""

from studio.filming.making import make, ready, spec, traveller
from studio.filming.pictures import frames, pictures
from studio.filming.planning import FilmPlan, plan

__all__ = ["FilmPlan", "frames", "make", "pictures", "plan", "ready", "spec", "traveller"]

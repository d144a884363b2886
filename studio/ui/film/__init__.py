"""The film window: what the film shows, how it plays, and the films that are being written."""

from studio.ui.film.desk import FilmDesk

__all__ = ["FilmDesk"]

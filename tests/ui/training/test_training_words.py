"""Every part of the training window has a name, and no word of it misses its translation."""

from __future__ import annotations

from pathlib import Path

from tests.ui.training.conftest import Bench
from tests.ui.training.fake import OTHER, a_look, a_verdict, an_unfinished, some_news, some_pictures
from tests.ui.window.test_accessible import hard_coded, pseudo, unnamed

__all__ = ["pseudo"]
DATA = {"woods", "sunsets", "My woods", "my-woods", "starter", OTHER.title, OTHER.draws}


def fill(bench: Bench) -> None:
    """Show something on every page."""
    window, folder = bench.training, Path("/My woods")
    bench.trainings.resumable.emit((an_unfinished(),))
    window.folder_chosen.emit(folder)
    bench.trainings.looked.emit(a_look(folder))
    window.ordering.form.advanced._title.click()
    bench.trainings.news.emit(some_news(40))
    bench.trainings.pictures.emit(some_pictures(40))
    bench.trainings.ended.emit(a_verdict())


def test_everything_has_a_name(bench: Bench) -> None:
    fill(bench)
    missing = unnamed(bench.training)
    assert not missing, "\n".join(missing)


def test_every_word_can_be_translated(pseudo: None, bench: Bench) -> None:
    fill(bench)
    found = [
        each
        for each in hard_coded(bench.training)
        if not any(each.startswith(repr(name)) for name in DATA)
        and "/My woods" not in each
        and a_verdict().sentence not in each
    ]
    assert not found, "\n".join(found)

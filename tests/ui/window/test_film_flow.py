"""Films through the window: ordered, looked at, written, cancelled, and never lost unasked."""

from __future__ import annotations

import os
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLineEdit, QMessageBox, QPushButton

from studio.project.file import Project
from studio.ui.dialogs.error import ErrorDialog
from studio.ui.film.window import FilmWindow
from studio.work.facts import FilmNews
from tests.ui.window.conftest import Hand

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.slow


def painted(hand: Hand) -> FilmWindow:
    """Six iterations, and the film window by its key."""
    hand.write_prompt("sea")
    hand.paint(6)
    hand.press(Qt.Key.Key_E, CTRL | SHIFT)
    film = hand.window.film.film_window
    assert film is not None
    hand.wait(film.export.isEnabled)
    return film


def shown(hand: Hand, kind: type) -> list:  # type: ignore[type-arg]
    return [each for each in hand.window.findChildren(kind) if each.isVisible()]


def export(hand: Hand, film: FilmWindow, name: str) -> None:
    """Press Export and type a name into the dialog that comes up."""
    hand.wait(film.export.isEnabled)
    hand.click(film.export)
    name_it(hand, name)


def name_it(hand: Hand, name: str) -> None:
    """Type a name into the file dialog that is open, and Enter."""
    hand.wait(lambda: bool(shown(hand, QFileDialog)))
    [dialog] = shown(hand, QFileDialog)
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, name)
    QTest.keyClick(field, Qt.Key.Key_Return)
    hand.wait(lambda: not shown(hand, QFileDialog))


def films(hand: Hand) -> list[FilmNews]:
    return list(hand.window.film.writing.films)


def states(hand: Hand) -> list[str]:
    return [each.state for each in films(hand)]


def choose_kind(film: FilmWindow, kind: str) -> None:
    """As the menu of formats does when a line of it is clicked."""
    film.form.rows["kind"].field.chosen.emit(kind)  # type: ignore[attr-defined]


def button(film: FilmWindow, name: str) -> QAbstractButton:
    buttons = film.findChildren(QAbstractButton)
    return next(each for each in buttons if each.accessibleName() == name)


def choose_sound(hand: Hand, film: FilmWindow, folder: Path) -> None:
    """A tenth of a second of silence, by the dialog."""
    sound = folder / "rain.wav"
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(1600))
    hand.click(button(film, "Choose a sound file"))
    name_it(hand, sound.name)
    assert button(film, "Choose a sound file").text() == "rain.wav"


@pytest.fixture
def ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a script in the place of ffmpeg; it knows its encoders, and then does what is said."""

    def put(then: str) -> None:
        script = tmp_path / "ffmpeg"
        script.write_text(
            "#!/bin/sh\n"
            'case "$*" in *-encoders*) echo " V..... libx264 x"; exit 0;; esac\n'
            f"{then}\n"
        )
        script.chmod(0o755)
        monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(script))

    return put


needs_shell = pytest.mark.skipif(os.name == "nt", reason="the script is for a Unix shell")


def test_a_film_is_played_and_written_also_while_it_paints(hand: Hand, home: Path) -> None:
    film = painted(hand)
    frames = film.preview.bar
    assert film.preview.screen_.picture is not None or hand.wait(
        lambda: film.preview.screen_.picture is not None
    )
    film.preview.setFocus()
    hand.press(Qt.Key.Key_Space)
    hand.wait(lambda: frames.frame > 3)
    hand.press(Qt.Key.Key_Space)
    assert not film.preview.is_playing
    timeline = hand.window.docks.timeline
    for iteration, mark in ((1, timeline.mark_in), (4, timeline.mark_out)):
        timeline.set_position(iteration)
        mark()
    hand.click(button(film, "Take the points in and out"))
    hand.wait(lambda: bool(hand.window.film.facts) and hand.window.film.facts.iterations == 4)
    choose_sound(hand, film, home / "Bilder ünï")
    choose_kind(film, "gif")  # which has none: the sound is left out, not refused
    assert not button(film, "Choose a sound file").isEnabled()
    facts = hand.window.film.facts
    assert facts is not None
    assert f"{facts.frames} frames" in film.sum.text()
    export(hand, film, "sea")
    hand.wait(lambda: states(hand) == ["done"])
    out = home / "Bilder ünï" / "sea.gif"
    with Image.open(out) as image:
        assert image.size == facts.size
        assert image.n_frames == facts.frames  # type: ignore[attr-defined]
    assert b"prompt: sea" in out.read_bytes()
    assert films(hand)[0].bytes == out.stat().st_size
    assert film.exports.open.isVisible()
    assert film.exports.folder.isVisible()
    hand.click(film.exports.cancel)
    assert films(hand) == []
    assert out.exists()
    hand.window.studio.paint(1, 12)
    hand.wait(lambda: hand.window.studio.activity == "painting")
    choose_kind(film, "mp4")
    export(hand, film, "while")
    hand.wait(lambda: states(hand) == ["done"])
    hand.wait(lambda: hand.window.document.length == 18)
    assert out.with_name("while.mp4").read_bytes()[4:8] == b"ftyp"


def test_stops_are_dragged_undone_and_kept(
    hand: Hand, home: Path, open_window: Callable[..., Hand]
) -> None:
    action, timeline = hand.window.actions_["export_film"], hand.window.docks.timeline
    assert not action.isEnabled()
    assert "paint something first" in action.toolTip()
    film = painted(hand)
    assert action.isEnabled()
    for iteration in (0, 3, 5):
        timeline.set_position(iteration)
        hand.press(Qt.Key.Key_A, CTRL | SHIFT)
        if iteration == 0:
            hand.wait(lambda: "two stops" in film.sum.text())
            assert not film.export.isEnabled()
    hand.wait(film.export.isEnabled)
    stops = film.form.stops
    assert [stop.iteration for stop in stops.stops] == [0, 3, 5]
    hand.wait(lambda: not stops.missing())
    view = stops.list.viewport()
    places = [stops.list.visualRect(stops.list.model().index(row, 0)).center() for row in range(3)]
    QTest.mousePress(view, LEFT, pos=places[0])
    QTest.mouseMove(view, places[1])
    QTest.mouseMove(view, places[2] + QPoint(0, 20))
    QTest.mouseRelease(view, LEFT, pos=places[2] + QPoint(0, 20))
    assert [stop.iteration for stop in stops.stops] == [3, 5, 0]
    film.activateWindow()
    QTest.keyClick(film, Qt.Key.Key_Z, CTRL)
    assert [stop.iteration for stop in stops.stops] == [0, 3, 5]
    QTest.keyClick(film, Qt.Key.Key_Z, CTRL | SHIFT)
    path = home / "Bilder ünï" / "kept.vqproj"
    hand.window.studio.save_as(path)
    hand.wait(lambda: not hand.window.document.is_modified and path.exists())
    hand.window._quitting = True
    hand.window.close()
    with Project.open(path, read_only=True) as project:
        assert project.film is not None
        assert [stop.iteration for stop in project.film.stops] == [3, 5, 0]
    again = open_window(path)
    again.wait(lambda: again.window.document.length == 6)
    again.window.activateWindow()
    again.wait(again.window.isActiveWindow)
    again.press(Qt.Key.Key_E, CTRL | SHIFT)
    film = again.window.film.film_window
    assert film is not None
    assert [stop.iteration for stop in film.form.stops.stops] == [3, 5, 0]


@needs_shell
def test_a_cancelled_film_leaves_nothing_and_the_next_one_goes_on(
    hand: Hand, home: Path, ffmpeg: Callable[[str], None]
) -> None:
    ffmpeg("exec sleep 600")
    film = painted(hand)
    folder = home / "Bilder ünï"
    before = set(folder.iterdir())
    export(hand, film, "first")
    hand.wait(lambda: states(hand) == ["working"] and len(set(folder.iterdir()) - before) == 1)
    choose_kind(film, "folder")
    export(hand, film, "second")
    hand.wait(lambda: states(hand) == ["working", "waiting"])
    film.exports.list.setCurrentIndex(film.exports.list.model().index(0, 0))
    assert film.exports.cancel.text() == "Cancel"
    hand.click(film.exports.cancel)
    hand.wait(lambda: states(hand) == ["cancelled", "done"])
    assert set(folder.iterdir()) - before == {folder / "second"}
    assert len(list((folder / "second").iterdir())) == films(hand)[1].count


@needs_shell
def test_a_film_that_fails_says_why_and_closing_asks_about_the_next(
    hand: Hand, home: Path, ffmpeg: Callable[[str], None]
) -> None:
    ffmpeg("cat > /dev/null; echo 'the moon is in the way' >&2; exit 3")
    film = painted(hand)
    path = home / "Bilder ünï" / "sea.vqproj"
    hand.window.studio.save_as(path)
    hand.wait(lambda: not hand.window.document.is_modified)
    export(hand, film, "moon")
    hand.wait(lambda: states(hand) == ["failed"])
    assert things(path.parent) == {path}
    told = films(hand)[0].fault
    assert told is not None
    assert "the moon is in the way" in told.sentence
    hand.click(film.exports.details)
    [dialog] = shown(hand, ErrorDialog)
    dialog.close()
    ffmpeg("exec sleep 600")
    export(hand, film, "film")
    hand.wait(lambda: states(hand) == ["failed", "working"])
    hand.wait(lambda: len(things(path.parent)) == 2)
    for words, stays in (("Go on writing", True), ("Stop and quit", False)):
        hand.window.close()
        [box] = shown(hand, QMessageBox)
        buttons = [each for each in box.findChildren(QPushButton) if each.text() == words]
        hand.click(buttons[0])
        hand.wait(lambda stays=stays: hand.window.isVisible() == stays)  # type: ignore[misc]
    assert things(path.parent) == {path}


def things(folder: Path) -> set[Path]:
    """What lies there, but for the mark of who writes a project."""
    return {each for each in folder.iterdir() if not each.name.endswith("-lock")}

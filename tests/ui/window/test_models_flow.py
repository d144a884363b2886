"""Models are found, fetched, taken in, used and missed, by mouse and keyboard."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox

from studio import installing
from studio.apart import Apart
from studio.models import shelf
from studio.models.fetch import Patience
from studio.ui.models import ModelsWindow
from studio.ui.models.row import ModelRow
from studio.work.stock import Key
from tests.ui.models.offers import CLIP, UNKNOWN, VQGAN, offer
from tests.ui.models.server import Server, serving
from tests.ui.window.conftest import Hand
from tests.ui.window.test_accessible import unnamed

PAINTER: Key = (VQGAN, "vqgan")
JUDGE: Key = (CLIP, "clip")
Open = Callable[..., Hand]


class Here(Apart):
    """In place of a process of its own, which takes seconds to start."""

    async def call(self, _: object, act: Callable[..., Any], *words: Any, **named: Any) -> Any:
        return await asyncio.to_thread(act, *words, **named)


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A catalogue of tiny models that are served on this machine."""
    monkeypatch.setattr(installing, "Apart", Here)
    monkeypatch.setenv("VQGAN_CLIP_STUDIO_CATALOGUE", str(home / "catalogue.json"))
    with serving() as server:
        offer(server, home)
        yield server


@pytest.fixture
def impatient(open_window: Open) -> Open:
    """The program, which waits for no server longer than it must."""

    def start(path: Path | None = None) -> Hand:
        hand = open_window(path)
        hand.window.studio.downloads._patience = Patience(stall=20, attempts=1, pause=0)
        return hand

    return start


@pytest.fixture
def hand(server: Server, impatient: Open) -> Hand:
    """A person at a window that has just come up."""
    hand = impatient()
    hand.window.document.edit({"size": (32, 32), "cutouts": 2}, "small")
    hand.wait(lambda: PAINTER in hand.window.models._models)
    return hand


def models(hand: Hand) -> ModelsWindow:
    """The window of models, opened by its keys unless it is there."""
    shown = hand.window.models.shown
    if shown is None or shown.isHidden():
        keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        hand.press(Qt.Key.Key_M, keys)
    shown = hand.window.models.shown
    assert shown is not None
    hand.wait(lambda: PAINTER in shown.shelves.rows)
    return shown


def leave(hand: Hand) -> None:
    """Close the window of models."""
    shown = hand.window.models.shown
    assert shown is not None
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert shown.isHidden()
    hand.window.activateWindow()
    hand.wait(hand.window.isActiveWindow)


def row(hand: Hand, key: Key = PAINTER) -> ModelRow:
    return models(hand).shelves.rows[key]


def is_in(hand: Hand, key: Key, state: str) -> Callable[[], bool]:
    shown = models(hand)

    def holds() -> bool:
        there = shown.shelves.rows.get(key)  # none for a moment while what was removed goes
        return there is not None and there.model.state == state

    return holds


def answer(hand: Hand, text: str) -> None:
    """Press a button of the question that is asked."""
    boxes = [each for each in hand.window.findChildren(QMessageBox) if each.isVisible()]
    (button,) = [each for each in boxes[-1].buttons() if each.text().replace("&", "") == text]
    hand.click(button)


def notice(hand: Hand, id: str, answer: str) -> QAbstractButton:
    hand.wait(lambda: id in hand.window.notices.bars)
    return hand.window.notices.bars[id].buttons[answer]


def test_a_model_is_got_and_used(hand: Hand) -> None:
    shown = models(hand)
    assert not unnamed(shown)
    assert "Get" in row(hand).get.text()
    hand.click(row(hand).get)
    hand.wait(is_in(hand, PAINTER, "here"))
    assert row(hand).model.disk > 0
    hand.wait(lambda: VQGAN in hand.window.docks.settings._factors)
    hand.click(notice(hand, "arrived", "use"))
    assert hand.window.document.settings.model == VQGAN
    assert not hand.window.notices.bars
    assert row(hand).use.isHidden()


def test_a_download_rests_and_goes_on_where_it_stopped(
    hand: Hand, server: Server, impatient: Open
) -> None:
    half = server.holds_at["vqgan.ckpt"] = len(server.files["vqgan.ckpt"]) // 2
    hand.click(row(hand).get)
    hand.wait(lambda: 0 < row(hand).model.done <= half)
    assert "Getting a model" in hand.window.status.downloads.text()
    hand.click(row(hand).pause)
    hand.wait(is_in(hand, PAINTER, "paused"))
    hand.wait(lambda: hand.window.status.downloads.isHidden())
    hand.window.close()
    server.holds_at.clear()
    again = impatient()
    hand.wait(lambda: PAINTER in again.window.models._models)
    models(again)
    hand.wait(is_in(again, PAINTER, "paused"))
    kept = row(again).model.done
    assert 0 < kept <= half
    again.click(row(again).pause)
    again.wait(is_in(again, PAINTER, "here"))
    assert [start for name, start in server.begun if name == "vqgan.ckpt"] == [0, kept]


def test_closing_while_it_downloads_keeps_what_is_here(hand: Hand, server: Server) -> None:
    half = server.holds_at["vqgan.ckpt"] = len(server.files["vqgan.ckpt"]) // 2
    hand.click(row(hand).get)
    hand.wait(lambda: 0 < row(hand).model.done <= half)
    hand.window.close()
    kept = shelf.folder_of(VQGAN) / "vqgan.ckpt.part"
    assert 0 < kept.stat().st_size <= half


def test_a_cancelled_download_leaves_nothing(hand: Hand, server: Server) -> None:
    server.holds_at["vqgan.ckpt"] = 5000
    hand.click(row(hand).get)
    hand.wait(is_in(hand, PAINTER, "getting"))
    hand.click(row(hand).cancel)
    hand.wait(is_in(hand, PAINTER, "offered"))
    assert not list(shelf.shelf().rglob("vqgan*"))


def test_what_fails_says_why_and_is_tried_again(hand: Hand, server: Server) -> None:
    server.is_out_of_order = True
    hand.click(row(hand).get)
    hand.wait(is_in(hand, PAINTER, "failed"))
    assert "404" in row(hand).model.problem
    assert row(hand).get.text() == "Retry"
    server.is_out_of_order = False
    server.holds_at["vqgan.ckpt"] = 5000
    hand.click(row(hand).get)
    hand.wait(is_in(hand, PAINTER, "getting"))
    assert not row(hand).model.problem


def test_what_nobody_can_check_is_asked_about(hand: Hand, server: Server) -> None:
    key: Key = (UNKNOWN, "vqgan")
    hand.click(row(hand, key).get)
    assert row(hand, key).model.state == "offered"
    answer(hand, "Cancel")
    server.holds_at["vqgan.ckpt"] = 5000
    hand.click(row(hand, key).get)
    answer(hand, "Get it")
    hand.wait(is_in(hand, key, "getting"))


def drop(window: ModelsWindow, *paths: Path) -> None:
    """Files from elsewhere, let go over the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, bare = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    words = Qt.DropAction.CopyAction, data, left, bare
    place = QPointF(window.rect().center())
    QApplication.sendEvent(window, QDragEnterEvent(place.toPoint(), *words))
    QApplication.sendEvent(window, QDropEvent(place, *words, QEvent.Type.Drop))


def test_files_that_are_here_already_are_taken_in(hand: Hand, server: Server) -> None:
    mine = hand.window.files._folder / "mine"
    mine.mkdir(parents=True)
    (mine / "from a friend.ckpt").write_bytes(server.files["vqgan.ckpt"])
    (mine / "notes.bin").write_bytes(b"no weights")
    drop(models(hand), mine)
    hand.wait(is_in(hand, PAINTER, "here"))
    hand.wait(lambda: any(box.isVisible() for box in hand.window.findChildren(QMessageBox)))
    answer(hand, "OK")


def test_taking_in_can_be_stopped(
    hand: Hand, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes = threading.Event(), threading.Event()

    def waits(_: Path) -> None:
        begun.set()
        goes.wait(60)

    monkeypatch.setattr(installing, "kind_of", waits)
    (tmp_path / "v.ckpt").write_bytes(b"numbers")
    window = models(hand)
    assert not window._stop.isVisible()
    drop(window, tmp_path / "v.ckpt")
    hand.wait(begun.is_set)
    hand.wait(window._stop.isVisible)
    assert not window._import.isEnabled()
    hand.click(window._stop)
    hand.wait(window._import.isEnabled)
    assert not window._stop.isVisible()
    goes.set()


def test_a_damaged_model_is_found_and_removed(hand: Hand, server: Server) -> None:
    file = hand.window.files._folder / "last.ckpt"
    file.write_bytes(server.files["vqgan.ckpt"])
    shown = models(hand)
    shown.import_wanted.emit([file])
    hand.wait(is_in(hand, PAINTER, "here"))
    shown.choose(PAINTER)
    hand.click(shown.details.verify)
    hand.wait(lambda: "sound" in hand.window.status.currentMessage())
    hand.wait(is_in(hand, PAINTER, "here"))
    weights = shelf.folder_of(VQGAN) / "vqgan.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    hand.click(shown.details.verify)
    hand.wait(is_in(hand, PAINTER, "damaged"))
    assert "damaged" in row(hand).model.problem
    assert row(hand).get.text() == "Get it again"
    hand.click(shown.details.remove)
    assert weights.exists()
    answer(hand, "Remove")
    hand.wait(is_in(hand, PAINTER, "offered"))
    assert not weights.exists()
    shown.choose(("starter", "vqgan"))
    hand.wait(lambda: shown.details.verify.isVisible())


@pytest.mark.slow
def test_the_first_page_gets_the_recommended_pair_and_painting_goes_on_meanwhile(
    hand: Hand, server: Server
) -> None:
    suggestion = hand.window.welcome.suggestion
    assert suggestion.isVisible()
    server.holds_at["clip.pt"] = 1000
    hand.click(suggestion.get)
    hand.wait(lambda: hand.window.models._use.is_here(PAINTER))
    hand.window.show_empty()
    hand.write_prompt("sea")
    hand.paint(6)
    assert hand.window.document.settings.model == "starter"
    hand.click(hand.window.status.downloads)
    assert hand.window.models.shown is not None
    assert hand.window.models.shown.isVisible()
    server.let_go()
    hand.wait(lambda: "arrived" in hand.window.notices.bars)
    hand.click(notice(hand, "arrived", "new"))
    answer(hand, "Discard")
    hand.wait(lambda: hand.window.document.settings.model == VQGAN)
    assert hand.window.document.settings.perceptors == (CLIP,)
    hand.window.document.edit({"prompts": hand.window.document.prompts}, "")
    hand.paint(6)
    assert not hand.window.notices.bars


def test_the_suggestion_can_be_sent_away(hand: Hand) -> None:
    suggestion = hand.window.welcome.suggestion
    hand.click(suggestion.close_button)
    assert suggestion.isHidden()
    assert not hand.window.preferences.suggest_models


def painted(hand: Hand, server: Server, home: Path) -> Path:
    """A project painted with the tiny VQGAN, which is then removed."""
    file = home / "last.ckpt"
    file.write_bytes(server.files["vqgan.ckpt"])
    models(hand).import_wanted.emit([file])
    hand.wait(is_in(hand, PAINTER, "here"))
    hand.click(row(hand).use)
    leave(hand)
    hand.window.show_empty()
    hand.write_prompt("sea")
    hand.paint(6)
    path = home / "by tiny.vqproj"
    hand.window.studio.save_as(path)
    hand.wait(lambda: (c := hand.window.document.contents) is not None and c.path == path)
    hand.window.files.close()
    hand.wait(lambda: hand.window.document.contents is None)
    models(hand).choose(PAINTER)
    hand.click(models(hand).details.remove)
    answer(hand, "Remove")
    hand.wait(is_in(hand, PAINTER, "offered"))
    return path


@pytest.mark.slow
def test_a_project_whose_model_is_missing_offers_to_get_it_and_paints_on(
    hand: Hand, server: Server, home: Path
) -> None:
    path = painted(hand, server, home)
    leave(hand)
    hand.window.files.open_path(path)
    get = notice(hand, "lacks", "get")
    assert VQGAN in hand.window.notices.bars["lacks"].notice.text
    hand.press(Qt.Key.Key_Home)
    hand.wait(lambda: hand.window.canvas.picture() is not None)
    hand.click(hand.window.docks.bar.paint)
    hand.wait(lambda: hand.window.help._told is not None)
    assert hand.window.help._told is not None
    hand.window.help._told.close()
    server.holds_at["vqgan.ckpt"] = 1000
    hand.click(get)
    hand.wait(lambda: "on its way" in hand.window.notices.bars["lacks"].notice.text)
    server.let_go()
    hand.wait(lambda: not hand.window.notices.bars)
    hand.window.docks.timeline.go_to_end()
    hand.paint(12)
    assert hand.window.document.length == 12


@pytest.mark.slow
def test_a_painting_keeps_its_vqgan_and_another_begins_a_new_one(
    hand: Hand, server: Server, home: Path
) -> None:
    file = home / "last.ckpt"
    file.write_bytes(server.files["vqgan.ckpt"])
    models(hand).import_wanted.emit([file])
    hand.wait(is_in(hand, PAINTER, "here"))
    leave(hand)
    hand.window.show_empty()
    hand.write_prompt("sea")
    hand.paint(6)
    hand.click(row(hand).use)
    answer(hand, "Cancel")
    assert hand.window.document.settings.model == "starter"
    hand.click(row(hand).use)
    answer(hand, "New painting")
    answer(hand, "Discard")
    hand.wait(lambda: hand.window.document.settings.model == VQGAN)
    assert [prompt.text for prompt in hand.window.document.prompts] == ["sea"]
    assert not hand.window.document.has_begun

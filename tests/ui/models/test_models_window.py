"""The window of models on made-up data: what it tells, and what it asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from studio.models.store import Card
from studio.ui import theme
from studio.ui.models import ModelsWindow
from studio.ui.models.fact import Fact
from studio.ui.models.suggestion import Suggestion
from studio.work.stock import Key, Model, State, Stock

STARTER = Model("starter", "vqgan", state="here", disk=30_000_000, is_shipped=True, is_listed=False)
IMAGENET = Model(
    "imagenet-f16-16384",
    "vqgan",
    title="ImageNet, 16384 codes",
    draws="Nearly everything",
    licence="None of its own",
    bytes=980_000_000,
    memory=(1_370_000_000, 4_580_000_000),
    factor=16,
    codes=16384,
    sha256="845a" * 16,
    urls=("https://example.org/imagenet.ckpt",),
    is_recommended=True,
)
UNCHECKED = replace(
    IMAGENET, name="other", title="Other", sha256=None, needs_trust=True, is_recommended=False
)
CLIP = Model(
    "ViT-B/32", "clip", title="OpenAI CLIP", bytes=350_000_000, side=224, is_recommended=True
)
MODELS = (STARTER, IMAGENET, UNCHECKED, CLIP)


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot) -> ModelsWindow:
    theme.apply(qapp, "dark")
    window = ModelsWindow()
    qtbot.addWidget(window)
    window.set_stock(Stock(MODELS, 61_000_000, 110_000_000_000, Path("/models")))
    window.show()
    return window


def shown(window: ModelsWindow) -> list[str]:
    return [key[0] for key, row in window.shelves.rows.items() if row.isVisible()]


def press(window: ModelsWindow, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key)


def test_a_row_tells_what_one_wants_to_know(window: ModelsWindow) -> None:
    row = window.shelves.rows[IMAGENET.key]
    assert "ImageNet" in row.accessibleName()
    for told in ("Nearly everything", "1.4 GB at 256 px", "4.6 GB at 512 px"):
        assert told in row.accessibleDescription()
    assert row.get.text() == "Get 980 MB"
    assert "SHA-256 is not known" not in row.accessibleDescription()
    assert "SHA-256 is not known" in window.shelves.rows[UNCHECKED.key].accessibleDescription()


def test_the_search_looks_at_every_word(window: ModelsWindow) -> None:
    QTest.keyClicks(window.search, "nearly 16384")
    assert shown(window) == [IMAGENET.name, UNCHECKED.name]
    window.search.selectAll()
    QTest.keyClicks(window.search, "clip judges")
    assert shown(window) == [CLIP.name]
    QTest.keyClicks(window.search, " nowhere")
    assert shown(window) == []


def test_arrows_go_from_model_to_model_and_return_acts(window: ModelsWindow, qtbot: QtBot) -> None:
    window.choose(STARTER.key)
    press(window, Qt.Key.Key_Down)
    assert window.shelves.chosen_key == IMAGENET.key
    with qtbot.waitSignal(window.get_wanted) as wanted:
        press(window, Qt.Key.Key_Return)
    assert wanted.args == [IMAGENET.key, False]
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Down)
    assert window.shelves.chosen_key == CLIP.key
    press(window, Qt.Key.Key_Down)
    assert window.shelves.chosen_key == CLIP.key


def test_the_details_are_whole_and_can_be_copied(window: ModelsWindow) -> None:
    window.choose(IMAGENET.key)
    facts = {fact.text: fact for fact in window.details.findChildren(Fact) if fact.isVisible()}
    assert {IMAGENET.sha256, IMAGENET.licence, IMAGENET.urls[0]} <= set(facts)
    facts[IMAGENET.sha256 or ""]._copy.click()
    assert QApplication.clipboard().text() == IMAGENET.sha256


def test_a_model_that_was_trained_here_has_a_card_of_figures(
    window: ModelsWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = Card(
        source="starter",
        learned=176,
        held_out=24,
        steps=77,
        improved=True,
        verdict="It improved.",
        before={"psnr": 23.61, "ssim": 0.72, "pictures": 24},
        after={"psnr": 27.647, "ssim": 0.7911, "pictures": 24},
    )
    mine = replace(STARTER, name="mine", is_shipped=False, card=card, sheet=Path("/m/sheet.png"))
    window.set_stock(Stock((*MODELS, mine), 0, 1, Path("/models")))
    window.choose(mine.key)
    told = {fact.text for fact in window.details.findChildren(Fact) if fact.isVisible()}
    assert "from starter, on 176 pictures in 77 steps" in told
    assert "PSNR 23.61 → 27.65 dB\nSSIM 0.720 → 0.791" in told
    assert window.details.remove.toolTip() == "Remove\nDelete its files for good"
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    window.details.sheet.click()
    assert opened == [QUrl.fromLocalFile("/m/sheet.png")]
    window.choose(IMAGENET.key)
    assert not window.details.sheet.isVisible()


BUTTONS: dict[State, set[str]] = {
    "offered": {"get"},
    "waiting": {"pause", "cancel"},
    "getting": {"pause", "cancel"},
    "paused": {"pause", "cancel"},
    "checking": {"cancel"},
    "converting": {"cancel"},
    "failed": {"get", "cancel"},
    "here": {"use"},
    "damaged": {"get"},
}


def test_each_state_has_its_buttons(window: ModelsWindow) -> None:
    row = window.shelves.rows[IMAGENET.key]
    there = {}
    for state in BUTTONS:
        window.show_model(replace(IMAGENET, state=state, done=400_000_000))
        names = ("get", "use", "pause", "cancel")
        there[state] = {name for name in names if getattr(row, name).isVisible()}
    assert there == BUTTONS
    assert window.shelves.rows[STARTER.key].use.isVisible()


def test_what_came_with_the_program_stays(window: ModelsWindow, qtbot: QtBot) -> None:
    window.choose(STARTER.key)
    assert not window.details.remove.isEnabled()
    assert "stays" in window.details.remove.toolTip()
    qtbot.mouseClick(window.details.remove, Qt.MouseButton.LeftButton)
    assert not window.findChildren(QMessageBox)


def test_what_nobody_can_check_comes_only_after_a_question(
    window: ModelsWindow, qtbot: QtBot
) -> None:
    heard: list[tuple[Key, bool]] = []
    window.get_wanted.connect(lambda *words: heard.append(words))
    window.shelves.rows[UNCHECKED.key].get.click()
    (box,) = window.findChildren(QMessageBox)
    assert not heard
    next(each for each in box.buttons() if each.text() == "Get it").click()
    assert heard == [(UNCHECKED.key, True)]


def test_the_suggestion_gets_smaller_and_goes(qapp: QApplication, qtbot: QtBot) -> None:
    strip = Suggestion(on_first_page=True)
    qtbot.addWidget(strip)
    strip.show_models((IMAGENET, CLIP), in_use=False)
    assert "1.3 GB" in strip._title.text()
    here = replace(IMAGENET, state="here")
    strip.show_models((here, CLIP), in_use=False)
    assert "350 MB" in strip._title.text()
    strip.show_models((here, replace(CLIP, state="getting", done=35_000_000)), in_use=False)
    assert not strip.get.isVisible()
    strip.show_models((here, replace(CLIP, state="here")), in_use=False)
    assert strip.isHidden()

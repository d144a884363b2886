"""The first page: cards by mouse and keyboard, unsaved work, and nothing where there is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from studio.ui.cards import CardButton
from studio.ui.welcome import Card, WelcomePage


def jpeg(colour: str = "red", width: int = 60, height: int = 40) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


RECENT = [
    Card(Path(f"/p/{name}.vqproj"), name, "Yesterday", jpeg() if name != "none" else None, gone)
    for name, gone in [
        ("one", False),
        ("gone", True),
        ("none", False),
        *[(str(n), False) for n in range(9)],
    ]
]
EXAMPLES = [Card(Path("/e/first.vqproj"), "first", "200 iterations", b"no picture")]
LOST = [Card(Path("/r/1.vqproj"), "a vase", "today, 13:58", jpeg())]


@pytest.fixture
def page(qtbot: QtBot) -> WelcomePage:
    page = WelcomePage()
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.set_recent(RECENT)
    page.set_examples(EXAMPLES)
    page.set_recovered(LOST)
    page.show()
    return page


def card(page: WelcomePage, title: str) -> CardButton:
    (found,) = [
        each
        for each in page.findChildren(CardButton)
        if each.card.title == title and each.isVisible()
    ]
    return found


def words(page: WelcomePage) -> list[str]:
    return [each.text() for each in page.findChildren(QLabel) if each.isVisible()]


def drawn(button: CardButton) -> int:
    """How many colours there are in the middle of the picture."""
    image = button.grab().toImage()
    return len({image.pixelColor(x, y).name() for x in range(70, 106) for y in range(60, 92)})


def focused() -> str:
    widget = QApplication.focusWidget()
    assert isinstance(widget, CardButton)
    return widget.card.title


def test_new_and_open(qtbot: QtBot, page: WelcomePage) -> None:
    new, other = [
        each for each in page.findChildren(QPushButton) if each.text() in ("New painting", "Open…")
    ]
    with qtbot.waitSignal(page.new_wanted):
        qtbot.mouseClick(new, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.open_wanted):
        qtbot.keyClick(other, Qt.Key.Key_Space)


def test_a_card_opens_by_mouse_return_and_space(qtbot: QtBot, page: WelcomePage) -> None:
    for title, path in (
        ("one", RECENT[0].path),
        ("gone", RECENT[1].path),
        ("first", EXAMPLES[0].path),
    ):
        for act in ("mouse", Qt.Key.Key_Return, Qt.Key.Key_Space):
            with qtbot.waitSignal(page.card_opened) as told:
                if isinstance(act, str):
                    qtbot.mouseClick(card(page, title), Qt.MouseButton.LeftButton)
                else:
                    qtbot.keyClick(card(page, title), act)
            assert told.args == [path]


def test_recent_cards_are_forgotten_examples_stay(qtbot: QtBot, page: WelcomePage) -> None:
    with qtbot.waitSignal(page.card_forgotten) as told:
        qtbot.keyClick(card(page, "gone"), Qt.Key.Key_Delete)
    assert told.args == [RECENT[1].path]
    with qtbot.assertNotEmitted(page.card_forgotten):
        qtbot.keyClick(card(page, "first"), Qt.Key.Key_Delete)
    remove = card(page, "one").menu().actions()[1]
    with qtbot.waitSignal(page.card_forgotten) as told:
        remove.trigger()
    assert told.args == [RECENT[0].path]
    assert len(card(page, "first").menu().actions()) == 1


def test_arrows_go_from_card_to_card(qtbot: QtBot, page: WelcomePage) -> None:
    page.activateWindow()
    card(page, "one").setFocus()
    rows = {each.y() for each in page.findChildren(CardButton) if each.card in RECENT}
    columns = sum(each.y() == 0 for each in page.findChildren(CardButton) if each.card in RECENT)
    assert len(rows) > 1 < columns
    titles = [each.title for each in RECENT]
    for key, place in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 1 + columns),
        (Qt.Key.Key_Left, columns),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_End, len(titles) - 1),
        (Qt.Key.Key_Down, len(titles) - 1),
        (Qt.Key.Key_Home, 0),
    ):
        qtbot.keyClick(QApplication.focusWidget(), key)
        assert focused() == titles[place]


def test_a_card_reached_by_keys_is_scrolled_into_sight(qtbot: QtBot, page: WelcomePage) -> None:
    page.activateWindow()
    page.resize(500, 300)
    card(page, "one").setFocus()
    qtbot.keyClick(card(page, "one"), Qt.Key.Key_End)
    last = card(page, RECENT[-1].title)
    assert not last.visibleRegion().isEmpty()


def test_cards_tell_what_they_are(page: WelcomePage) -> None:
    assert card(page, "one").accessibleName() == "one, Yesterday"
    assert "not found" in card(page, "gone").accessibleName()
    assert str(RECENT[0].path) in card(page, "one").toolTip()
    assert "Delete" in card(page, "one").toolTip()
    assert "Delete" not in card(page, "first").toolTip()
    for each in page.findChildren(QAbstractButton):
        assert each.accessibleName(), each
        assert each.toolTip(), each


def test_pictures_are_cut_to_the_card_and_missing_ones_fade(page: WelcomePage) -> None:
    def middle(title: str) -> QColor:
        return card(page, title).grab().toImage().pixelColor(40, 40)

    assert middle("one") == QColor("red")
    assert middle("gone") != QColor("red")
    assert middle("gone").red() > middle("gone").green()
    assert middle("none") == middle("first"), "what is no picture is no picture"
    assert drawn(card(page, "none")) > 1, "a card without a picture says so"


def test_unsaved_work_is_opened_or_thrown_away(qtbot: QtBot, page: WelcomePage) -> None:
    assert "Unsaved painting from today, 13:58" in words(page)
    opens, discards = (
        next(each for each in page.findChildren(QPushButton) if each.accessibleName() == name)
        for name in ("Open a vase", "Discard a vase")
    )
    with qtbot.waitSignal(page.card_opened) as told:
        qtbot.mouseClick(opens, Qt.MouseButton.LeftButton)
    assert told.args == [LOST[0].path]
    with qtbot.waitSignal(page.recovered_discarded) as told:
        qtbot.mouseClick(discards, Qt.MouseButton.LeftButton)
    assert told.args == [LOST[0].path]
    page.set_recovered([])
    assert not any("Unsaved" in text for text in words(page))


def test_what_is_not_there_takes_no_room(page: WelcomePage) -> None:
    assert {"Recent", "Examples"} <= set(words(page))
    page.set_recent([])
    page.set_examples([])
    assert not {"Recent", "Examples"} & set(words(page))


def test_the_same_cards_again_leave_the_keyboard_where_it_is(page: WelcomePage) -> None:
    page.activateWindow()
    kept = card(page, "none")
    kept.setFocus()
    page.set_recent(list(RECENT))
    assert card(page, "none") is kept
    assert focused() == "none"
    page.set_recent([each for each in RECENT if each.title != "none"])
    buttons = [each for each in page.findChildren(CardButton) if each.isVisible()]
    places = {each.pos().toTuple() for each in buttons if each.card in RECENT}
    assert len(places) == len(RECENT) - 1
    assert focused() == "0", "the next card has the keyboard when one is forgotten"


def test_cards_flow_with_the_width(page: WelcomePage) -> None:
    def rows() -> int:
        QApplication.sendPostedEvents()
        return len({each.y() for each in page.findChildren(CardButton) if each.card in RECENT})

    page.resize(1280, 720)
    wide = rows()
    page.resize(460, 720)
    assert rows() > wide
    right = max(each.x() + each.width() for each in page.findChildren(CardButton))
    assert right <= page.viewport().width()

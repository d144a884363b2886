"""Keyframes in the window: planned ahead, dragged, eased, recorded, and painted through."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QComboBox, QMenu

from studio.core.schedule import Keyframe, settings_at
from studio.core.settings import Motion, Prompt
from studio.project.file import Project
from studio.ui.dialogs.keyframe import KeyframeCard
from studio.ui.panels.key_mark import KeyMark
from studio.ui.panels.numbers import NumberBox
from studio.ui.timeline.board import Board
from tests.ui.window.conftest import Hand

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def board(hand: Hand) -> Board:
    found = hand.window.docks.timeline.findChild(Board)
    assert found is not None
    return found


def spot(hand: Hand, iteration: int, lane: str = "markers") -> QPoint:
    """Where an iteration lies in a lane."""
    span = getattr(board(hand).rows(), lane)
    return QPoint(round(board(hand).axis().x(iteration)), span.top + span.height // 2)


def go_to(hand: Hand, iteration: int) -> None:
    """A click on the film, painted or not."""
    hand.click(board(hand), spot(hand, iteration, "film"))
    assert hand.window.docks.timeline.position() == iteration


def set_number(hand: Hand, name: str, text: str) -> None:
    """Type into a field of the settings."""
    [box] = [
        each
        for each in hand.window.docks.settings.findChildren(NumberBox)
        if each.accessibleName() == name
    ]
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def mark(hand: Hand, name: str) -> KeyMark:
    """The diamond beside a field."""
    row = hand.window.docks.settings._rows[name]
    assert row.mark is not None
    return row.mark


def planned(hand: Hand) -> dict[int, Keyframe]:
    return {each.iteration: each for each in hand.window.document.keys.planned}


def begun(hand: Hand) -> None:
    """A painting of six iterations, and twenty more planned."""
    hand.write_prompt("sea")
    hand.paint(6)
    hand.window.docks.bar.count.setValue(20)


def visible(hand: Hand, kind: type) -> list:  # type: ignore[type-arg]
    return [each for each in hand.window.findChildren(kind) if each.isVisible()]


@pytest.mark.slow
def test_a_keyframe_ahead_is_planned_by_turning_a_knob_and_painted_through(hand: Hand) -> None:
    begun(hand)
    document = hand.window.document
    go_to(hand, 12)
    assert "planned" in hand.window.canvas._note
    assert mark(hand, "learning_rate").keyed == "no"
    set_number(hand, "Learning rate", "1.6")
    hand.wait(lambda: not document._answers)
    assert {at: each.learning_rate for at, each in planned(hand).items()} == {6: 0.2, 12: 1.6}
    assert mark(hand, "learning_rate").keyed == "here"
    go_to(hand, 9)
    assert mark(hand, "learning_rate").keyed == "elsewhere"
    assert document.settings.learning_rate == pytest.approx((0.2 * 1.6) ** 0.5)

    hand.window.docks.bar.count.setValue(8)
    hand.paint(14)
    assert document.settings.learning_rate == 1.6
    contents = document.contents
    assert contents is not None
    hand.window._quitting = True
    hand.window.close()
    with Project.open(contents.path) as project:
        rates = [settings_at(project.changes(1), at).learning_rate for at in range(14)]
    assert rates[:7] == [0.2] * 7
    assert rates[6:13] == sorted(rates[6:13])
    assert rates[9] == pytest.approx((0.2 * 1.6) ** 0.5)
    assert rates[12:] == [1.6, 1.6]


@pytest.mark.slow
def test_keyframes_are_added_dragged_copied_eased_and_removed_each_as_one_step(hand: Hand) -> None:
    begun(hand)
    document, undo = hand.window.document, hand.window.document.undo
    go_to(hand, 15)
    steps = undo.count()
    hand.window.docks.timeline.setFocus()
    hand.press(Qt.Key.Key_K, SHIFT)
    assert planned(hand)[15].prompts == (Prompt(text="sea"),)
    hand.write_prompt("sky")
    hand.window.docks.prompts.commit()
    assert planned(hand)[15].prompts == (Prompt(text="sky"),)
    assert planned(hand)[6].prompts == (Prompt(text="sea"),)
    assert document.prompts == (Prompt(text="sky"),)
    go_to(hand, 10)
    assert "On the way to “sky”" in hand.window.docks.prompts._crossing.text()

    mouse, start, end = board(hand), spot(hand, 15), spot(hand, 19)
    QTest.mousePress(mouse, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(mouse, end)
    QTest.mouseRelease(mouse, Qt.MouseButton.LeftButton, pos=end)
    assert sorted(planned(hand)) == [6, 19]
    assert undo.count() == steps + 3

    place = spot(hand, 19)
    hand.window.docks.timeline.keyframe_menu_wanted.emit(19, mouse.mapToGlobal(place))
    [menu] = visible(hand, QMenu)
    next(each for each in menu.actions() if each.text() == "Step").trigger()
    menu.close()
    assert planned(hand)[19].ease_of("prompts") == "step"
    hand.press(Qt.Key.Key_Delete)
    assert 19 not in planned(hand)
    hand.press(Qt.Key.Key_Z, CTRL)
    hand.press(Qt.Key.Key_Z, CTRL)
    assert planned(hand)[19].ease_of("prompts") == "in-out"
    hand.press(Qt.Key.Key_Z, CTRL)
    assert sorted(planned(hand)) == [6, 15]
    for _ in range(2):
        hand.press(Qt.Key.Key_Z, CTRL)
    assert not planned(hand)
    hand.press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert planned(hand)[15].prompts == (Prompt(text="sea"),)
    hand.wait(lambda: not document._answers)
    assert document.plan.keyframes == document.changes[-1].keyframes


@pytest.mark.slow
def test_fields_follow_their_keyframes_while_it_paints_but_not_over_what_is_typed(
    hand: Hand,
) -> None:
    window, document = hand.window, hand.window.document
    window.docks.bar.count.setValue(200)
    hand.write_prompt("sea")
    window.docks.prompts.commit()
    go_to(hand, 120)
    set_number(hand, "Learning rate", "1.6")
    [box] = [
        each
        for each in window.docks.settings.findChildren(NumberBox)
        if each.accessibleName() == "Learning rate"
    ]
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: 0.21 < box.value() < 1.6)
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "0.7")
    reached = document.length
    hand.wait(lambda: document.length > reached + 3)
    assert box.text() == "0.7"
    QTest.keyClick(box, Qt.Key.Key_Return)
    hand.click(window.docks.bar.stop)
    hand.wait(lambda: hand.is_at_rest() and not document._answers)
    assert 0.7 in [each.learning_rate for each in document.keys.all]


@pytest.mark.slow
def test_what_is_painted_stays_and_a_keyframe_never_lies_on_another(hand: Hand) -> None:
    begun(hand)
    timeline = hand.window.docks.timeline
    for at in (12, 15):
        go_to(hand, at)
        timeline.setFocus()
        hand.press(Qt.Key.Key_Return)
    for wanted, comes_to in ((15, 14), (2, 6)):
        start = spot(hand, 12 if 12 in planned(hand) else 14)
        QTest.mousePress(board(hand), Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(board(hand), spot(hand, wanted))
        QTest.mouseRelease(board(hand), Qt.MouseButton.LeftButton, pos=spot(hand, wanted))
        assert sorted(planned(hand)) == [comes_to, 15]
    go_to(hand, 3)
    timeline.setFocus()
    hand.press(Qt.Key.Key_K, SHIFT)
    assert "stays as it is" in hand.window.status.currentMessage()
    assert not mark(hand, "seed").isEnabled()
    assert 3 not in planned(hand)


@pytest.mark.slow
def test_recording_writes_keyframes_while_it_paints(hand: Hand) -> None:
    window, document = hand.window, hand.window.document
    hand.write_prompt("sea")
    window.docks.bar.count.setValue(10_000)
    [record] = [
        each
        for each in window.docks.timeline.findChildren(QAbstractButton)
        if each.accessibleName() == "Record keyframes"
    ]
    hand.click(record)
    assert window.actions_["record"].isChecked()
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: document.length > 3)
    for edit in ({"cutouts": 4}, {"cutouts": 8, "smooth": 0.1}):
        document.edit(edit, "Cutouts", "cutouts")
        hand.wait(lambda: not document._answers)
        painted = document.length
        hand.wait(lambda painted=painted: document.length > painted)
    hand.click(window.docks.bar.stop)
    hand.wait(hand.is_at_rest)
    length = document.length
    first, second = (each for each in document.keys.all if each.cutouts is not None)
    assert 3 < first.iteration < second.iteration < length
    assert (first.cutouts, second.cutouts) == (4, 8)
    assert document.plan.settings.smooth == 0.1
    assert not window.docks.timeline._scene.ways  # each jumped when it was recorded
    hand.click(record)
    document.edit({"learning_rate": 0.5}, "Learning rate")
    assert "learning_rate" not in document.keys.values_anywhere()
    document.edit({"cutouts": 2}, "Cutouts")
    assert planned(hand)[length].cutouts == 2


def test_a_painting_that_has_not_begun_is_planned_too(hand: Hand) -> None:
    window, document = hand.window, hand.window.document
    hand.write_prompt("sea")
    window.docks.prompts.commit()
    go_to(hand, 4)
    set_number(hand, "Zoom %", "10")
    hand.write_prompt("sky")
    window.docks.prompts.commit()
    assert planned(hand) == {
        4: Keyframe(iteration=4, prompts=(Prompt(text="sky"),), motion=Motion(zoom=1.1))
    }
    go_to(hand, 0)
    assert hand.fields()[0].toPlainText() == "sea"
    assert document.settings.motion == Motion()
    hand.paint(6)
    [change] = document.changes
    assert change.settings.prompts == (Prompt(text="sea"),)
    assert [each.iteration for each in change.keyframes] == [4]
    at_two = settings_at(document.changes, 2)
    assert at_two.crossing is not None
    assert 1 < at_two.motion.zoom < 1.1
    assert settings_at(document.changes, 5).prompts == (Prompt(text="sky"),)
    assert "sky" in board(hand).tip_at(QPointF(spot(hand, 4)))


def test_a_story_becomes_keyframes_and_one_undo_takes_it_back(hand: Hand) -> None:
    window, document = hand.window, hand.window.document
    hand.write_prompt("sea ^ sky ^ dawn")
    window.docks.prompts.commit()
    row = window.docks.prompts.rows[0]
    hand.click(row.notes.story_button)
    assert document.prompts == (Prompt(text="sea"),)
    texts = {at: each.prompts[0].text for at, each in planned(hand).items() if each.prompts}
    assert texts == {100: "sky", 200: "dawn"}
    assert window.docks.timeline._scene.reach() == 201
    hand.press(Qt.Key.Key_Z, CTRL)
    assert not planned(hand)
    assert document.prompts[0].text == "sea ^ sky ^ dawn"


def test_the_card_of_a_keyframe_sets_frees_eases_and_moves(hand: Hand) -> None:
    hand.write_prompt("sea")
    hand.window.docks.prompts.commit()
    hand.window.docks.bar.count.setValue(20)
    go_to(hand, 10)
    set_number(hand, "Cutouts", "8")
    QTest.mouseDClick(board(hand), Qt.MouseButton.LeftButton, pos=spot(hand, 10))
    [card] = visible(hand, KeyframeCard)
    boxes = {each.text(): each for each in card.findChildren(QCheckBox)}
    assert [name for name, each in boxes.items() if each.isChecked()] == ["Cutouts"]
    hand.click(boxes["Seed"], QPoint(8, boxes["Seed"].height() // 2))
    assert set(planned(hand)[10].values) == {"cutouts", "seed"}
    hand.click(boxes["Seed"], QPoint(8, boxes["Seed"].height() // 2))
    assert set(planned(hand)[10].values) == {"cutouts"}
    [ease] = [
        each for each in card.findChildren(QComboBox) if each.accessibleName() == "Ease of Cutouts"
    ]
    ease.setFocus()
    ease.setCurrentIndex(ease.findData("linear"))
    ease.activated.emit(ease.currentIndex())
    assert planned(hand)[10].ease_of("cutouts") == "linear"
    at, hold = (
        next(each for each in card.findChildren(NumberBox) if each.accessibleName() == name)
        for name in ("Iteration of the keyframe", "Hold in a film")
    )
    for box, text in ((at, "14"), (hold, "2")):
        box.selectAll()
        QTest.keyClicks(box, text)
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert planned(hand)[14].hold == 2
    assert list(planned(hand)) == [14]
    card.close()
    QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete


def test_a_diamond_beside_a_field_adds_and_removes(hand: Hand) -> None:
    hand.window.docks.bar.count.setValue(20)
    go_to(hand, 10)
    hand.click(mark(hand, "motion"))
    assert planned(hand)[10] == Keyframe(iteration=10, motion=Motion())
    assert mark(hand, "motion").keyed == "here"
    hand.click(mark(hand, "motion"))
    assert not planned(hand)
    assert mark(hand, "motion").keyed == "no"


@pytest.mark.slow
def test_a_branch_from_before_keeps_what_was_planned_then(
    hand: Hand, open_window: Callable[..., Hand]
) -> None:
    document = hand.window.document
    hand.window.docks.bar.count.setValue(10)
    hand.write_prompt("sea")
    hand.window.docks.prompts.commit()
    go_to(hand, 8)
    set_number(hand, "Learning rate", "0.9")
    hand.window.docks.bar.count.setValue(6)
    hand.paint(6)
    hand.window.docks.timeline.set_position(2)
    hand.press(Qt.Key.Key_B, CTRL)
    hand.wait(lambda: document.contents is not None and document.take == 2)
    assert [each.iteration for each in document.keys.planned] == [8]
    assert 0.2 < settings_at(document.changes, 5).learning_rate < 0.9

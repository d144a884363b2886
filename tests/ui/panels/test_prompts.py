"""The panel of prompts, by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QSlider, QWidget
from pytestqt.qtbot import QtBot

from studio import places
from studio.core.settings import Prompt
from studio.core.styles import Style, StyleGroup, read_styles
from studio.ui.panels.chips import Chip
from studio.ui.panels.numbers import NumberBox
from studio.ui.panels.prompt_row import PromptRow
from studio.ui.panels.prompts import PromptsPanel
from studio.ui.panels.seeds import SeedEdit
from studio.ui.panels.slider import Slider
from studio.ui.panels.writing import PromptEdit

SKY, SEA, SAND = Prompt(text="sky"), Prompt(text="sea"), Prompt(text="sand")
Edit = tuple[tuple[Prompt, ...], str, str]


class Told:
    """What the panel told, and a window that gives every edit back as the document's."""

    def __init__(self, panel: PromptsPanel) -> None:
        self.edits: list[Edit] = []
        self.readings: list[tuple[int, str]] = []
        self.painted = 0
        self.panel = panel
        panel.prompts_edited.connect(self.edit)
        panel.reading_wanted.connect(self.read)
        panel.paint_wanted.connect(self.paint)

    def edit(self, prompts: tuple[Prompt, ...], words: str, merge: str) -> None:
        self.edits.append((prompts, words, merge))
        self.panel.set_prompts(prompts)

    def read(self, row: int, text: str) -> None:
        self.readings.append((row, text))

    def paint(self) -> None:
        self.painted += 1

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        return self.edits[-1][0]


@pytest.fixture
def panel(qtbot: QtBot) -> PromptsPanel:
    made = PromptsPanel()
    qtbot.addWidget(made)
    made.resize(340, 700)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


@pytest.fixture
def told(panel: PromptsPanel) -> Told:
    return Told(panel)


def writing(row: PromptRow) -> PromptEdit:
    assert row.writing is not None
    return row.writing


def weight_box(row: PromptRow) -> NumberBox:
    return next(box for box in row.findChildren(NumberBox) if box.accessibleName() == "Weight")


def button(parent: QWidget, name: str) -> QAbstractButton:
    found = [each for each in parent.findChildren(QAbstractButton) if each.accessibleName() == name]
    return next(each for each in found if each.isVisible())


def click(qtbot: QtBot, widget: QWidget, at: QPoint | None = None) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())


def test_an_empty_document_shows_one_big_field_and_examples(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    panel.set_examples(["a red circle on a blue background", "sunset over the ocean"])
    (row,) = panel.rows
    tall = row.height()
    chips = panel.findChildren(Chip)
    assert [chip.text() for chip in chips if chip.isVisible()] == [
        "a red circle on a blue background",
        "sunset over the ocean",
    ]
    click(qtbot, chips[1])
    assert told.edits == [
        ((Prompt(text="sunset over the ocean"),), "Text of “sunset over the ocean”", "text:0")
    ]
    assert not chips[1].isVisible()
    assert writing(row).height() < tall
    assert writing(row).hasFocus()


def test_typing_is_told_at_the_pause_as_one_step_of_undo(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    qtbot.keyClicks(writing(panel.rows[0]), "sea")
    assert told.edits == []
    with qtbot.waitSignal(panel.prompts_edited):
        pass
    qtbot.keyClicks(writing(panel.rows[0]), "side ")
    with qtbot.waitSignal(panel.prompts_edited):
        pass
    assert [(edit[0], edit[2]) for edit in told.edits] == [
        ((SEA,), "text:0"),
        ((Prompt(text="seaside"),), "text:0"),
    ]
    assert writing(panel.rows[0]).text == "seaside "


def test_enter_tells_the_text_and_paints(panel: PromptsPanel, told: Told, qtbot: QtBot) -> None:
    field = writing(panel.rows[0])
    qtbot.keyClicks(field, "sea")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told.painted == 1
    assert told.prompts == (SEA,)
    assert field.text == "sea"


def test_leaving_the_field_by_tab_tells_the_text(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    field = writing(panel.rows[0])
    field.setFocus()
    qtbot.keyClicks(field, "sea")
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert not field.hasFocus()
    assert told.prompts == (SEA,)
    assert field.text == "sea"


def test_the_window_takes_over_what_is_still_being_typed(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    panel.set_prompts((SEA,))
    qtbot.keyClicks(writing(panel.rows[0]), "s")
    box = weight_box(panel.rows[0])
    box.selectAll()
    qtbot.keyClicks(box, "0.35")
    panel.commit()
    assert told.prompts == (Prompt(text="seas", weight=0.35),)


def test_setting_prompts_tells_of_no_edit(panel: PromptsPanel, told: Told) -> None:
    panel.set_prompts((SKY, Prompt(picture="a" * 64), Prompt(noise=3, weight=-1)))
    panel.set_prompts((SEA,))
    panel.set_prompts(())
    panel.commit()
    assert told.edits == []
    assert [row.prompt for row in panel.rows] == [None]


def test_the_same_prompts_disturb_neither_cursor_nor_unfinished_rows(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    panel.set_prompts((SKY, SEA))
    click(qtbot, button(panel, "Prompt"), QPoint(8, 8))
    field = writing(panel.rows[0])
    cursor = field.textCursor()
    cursor.setPosition(1)
    field.setTextCursor(cursor)
    panel.set_prompts((SKY, SEA))
    panel.set_prompts((SKY, Prompt(text="sea", weight=0.5)))
    assert field.textCursor().position() == 1
    assert [row.prompt for row in panel.rows] == [SKY, Prompt(text="sea", weight=0.5), None]


def test_undo_of_a_text_keeps_the_cursor_where_it_was(panel: PromptsPanel, qtbot: QtBot) -> None:
    panel.set_prompts((Prompt(text="a red circle"),))
    field = writing(panel.rows[0])
    cursor = field.textCursor()
    cursor.setPosition(5)
    field.setTextCursor(cursor)
    panel.set_prompts((Prompt(text="a red square"),))
    assert field.text == "a red square"
    assert field.textCursor().position() == 5


def test_the_keys_of_undo_are_left_to_the_window(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    from PySide6.QtGui import QKeySequence, QShortcut

    undone: list[int] = []
    shortcut = QShortcut(QKeySequence("Ctrl+Z"), panel)
    shortcut.activated.connect(lambda: undone.append(1))
    panel.set_prompts((SEA,))
    row = panel.rows[0]
    for place, field in enumerate((writing(row), weight_box(row)), start=1):
        field.setFocus()
        qtbot.keyClicks(field, "1")
        qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert len(undone) == place
    assert told.edits[0][0] == (Prompt(text="sea1"),)


@pytest.mark.parametrize(("x", "weight"), [(0.0, -2.0), (1.0, 2.0)])
def test_the_slider_weighs_from_minus_two_to_two(
    panel: PromptsPanel, told: Told, qtbot: QtBot, x: float, weight: float
) -> None:
    panel.set_prompts((SKY, SEA))
    slider = panel.rows[1].findChild(Slider)
    assert slider is not None
    place = QPoint(round(x * (slider.width() - 1)), slider.height() // 2)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=place)
    assert told.edits == [((SKY, Prompt(text="sea", weight=weight)), "Weight of “sea”", "weight:1")]


@pytest.mark.parametrize("mark", [0.0, 1.0])
def test_the_slider_snaps_to_nothing_and_to_one_by_mouse_only(
    panel: PromptsPanel, told: Told, qtbot: QtBot, mark: float
) -> None:
    panel.set_prompts((Prompt(text="sea", weight=-1.5),))
    slider = panel.rows[0].findChild(Slider)
    assert slider is not None
    near = QPoint(round(slider.x_of(mark)) + 4, slider.height() // 2)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=near)
    assert told.prompts[0].weight == mark
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert told.prompts[0].weight == pytest.approx(mark + 0.05)


def test_dragging_the_slider_is_one_step_of_undo(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    panel.set_prompts((SEA,))
    slider = panel.rows[0].findChild(Slider)
    assert slider is not None
    y = slider.height() // 2
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(10, y))
    for x in (20, 30):
        qtbot.mouseMove(slider, QPoint(x, y))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(30, y))
    weights = [edit[0][0].weight for edit in told.edits]
    assert weights == sorted(weights)
    assert len(weights) == 3
    assert {edit[2] for edit in told.edits} == {"weight:0"}


def test_the_box_takes_any_weight_when_it_is_written(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    panel.set_prompts((SEA,))
    box = weight_box(panel.rows[0])
    box.selectAll()
    qtbot.keyClicks(box, "-17.125")
    assert told.edits == []
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert told.prompts == (Prompt(text="sea", weight=-17.125),)
    assert box.text() == "-17.125"
    assert panel.rows[0].findChild(QSlider).value() == 0  # type: ignore[union-attr]


def test_a_weight_finer_than_the_slider_is_not_touched_by_showing_it(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    third = Prompt(text="sea", weight=1 / 3)
    panel.set_prompts((SKY, third))
    click(qtbot, button(panel.rows[0], "Switch off"))
    assert told.prompts[1] == third


def test_the_wheel_scrolls_and_never_weighs(panel: PromptsPanel, told: Told) -> None:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    panel.set_prompts((SEA,))
    for field in (panel.rows[0].findChild(Slider), weight_box(panel.rows[0])):
        assert field is not None
        field.setFocus()
        event = QWheelEvent(
            QPointF(5, 5),
            QPointF(field.mapToGlobal(QPoint(5, 5))),
            QPoint(0, 120),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(field, event)
    assert told.edits == []


def test_a_prompt_can_be_switched_off_and_on(panel: PromptsPanel, told: Told, qtbot: QtBot) -> None:
    panel.set_prompts((SEA,))
    click(qtbot, button(panel, "Switch off"))
    click(qtbot, button(panel, "Switch on"))
    assert [edit[0] for edit in told.edits] == [(Prompt(text="sea", on=False),), (SEA,)]
    assert [edit[1:] for edit in told.edits] == [
        ("Switch off “sea”", ""),
        ("Switch on “sea”", ""),
    ]


def test_the_stop_is_under_more_and_can_be_never(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    panel.set_prompts((SEA,))
    row = panel.rows[0]
    stop = next(box for box in row.findChildren(NumberBox) if box.accessibleName() == "Stop")
    assert not stop.isVisible()
    click(qtbot, button(row, "More"))
    assert stop.isVisible()
    assert stop.text() == "never"
    stop.selectAll()
    qtbot.keyClicks(stop, "0.5")
    qtbot.keyClick(stop, Qt.Key.Key_Return)
    assert told.prompts == (Prompt(text="sea", stop=0.5),)
    stop.selectAll()
    for keys in ("never", "", "0.5"):
        stop.selectAll()
        qtbot.keyClick(stop, Qt.Key.Key_Delete)
        qtbot.keyClicks(stop, keys)
        for _ in range(2):
            qtbot.keyClick(stop, Qt.Key.Key_Return)
            assert told.prompts == ((SEA,) if keys != "0.5" else (Prompt(text="sea", stop=0.5),))


def test_an_added_text_is_no_prompt_before_it_is_written(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    panel.set_prompts((SKY,))
    for _ in range(2):
        click(qtbot, button(panel, "Prompt"), QPoint(8, 8))
    assert [row.prompt for row in panel.rows] == [SKY, None]
    assert told.edits == []
    field = writing(panel.rows[1])
    assert field.hasFocus()
    qtbot.keyClicks(field, "sea\r")
    assert told.prompts == (SKY, SEA)
    assert told.edits[-1][2] == "text:1"


def test_emptying_a_text_takes_the_prompt_away_and_undo_brings_it_back(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    panel.set_prompts((SKY, SEA))
    field = writing(panel.rows[1])
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    field.tell()
    assert told.prompts == (SKY,)
    assert len(panel.rows) == 2
    panel.set_prompts((SKY, SEA))
    assert writing(panel.rows[1]) is field
    assert field.text == "sea"


def test_rows_are_removed_by_button_and_keys(panel: PromptsPanel, told: Told, qtbot: QtBot) -> None:
    panel.set_prompts((SKY, SEA, SAND))
    click(qtbot, button(panel.rows[1], "Remove prompt"))
    assert told.edits == [((SKY, SAND), "Remove “sea”", "")]
    box = weight_box(panel.rows[0])
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert told.prompts == (SAND,)
    assert writing(panel.rows[0]).hasFocus()


def test_control_delete_in_a_text_still_deletes_a_word(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    panel.set_prompts((Prompt(text="red sea"), SKY))
    field = writing(panel.rows[0])
    field.setFocus()
    field.moveCursor(field.textCursor().MoveOperation.Start)
    qtbot.keyClick(field, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert len(panel.rows) == 2
    assert field.text == "sea"
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(field, Qt.Key.Key_Delete, both)
    assert told.prompts == (SKY,)


def test_rows_move_by_keys_and_keep_the_focus(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    panel.set_prompts((SKY, SEA, SAND))
    field = writing(panel.rows[2])
    field.setFocus()
    alt = Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(field, Qt.Key.Key_Up, alt)
    assert told.edits == [((SKY, SAND, SEA), "Move “sand”", "")]
    assert field.hasFocus()
    qtbot.keyClick(field, Qt.Key.Key_Up, alt)
    qtbot.keyClick(field, Qt.Key.Key_Up, alt)
    assert told.prompts == (SAND, SKY, SEA)
    qtbot.keyClick(field, Qt.Key.Key_Down, alt)
    assert told.prompts == (SKY, SAND, SEA)
    panel.set_prompts((SAND, SKY, SEA))
    assert writing(panel.rows[0]) is field


def test_a_row_is_dragged_by_its_handle(panel: PromptsPanel, told: Told, qtbot: QtBot) -> None:
    from studio.ui.panels.grip import Grip

    panel.set_prompts((SKY, SEA, SAND))
    qtbot.wait(1)
    grip = panel.rows[0].findChild(Grip)
    assert grip is not None
    below = panel.rows[2].mapTo(panel, panel.rows[2].rect().bottomLeft())
    target = grip.mapFrom(panel, below)
    qtbot.mousePress(grip, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    qtbot.mouseMove(grip, target)
    qtbot.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=target)
    assert told.edits == [((SEA, SAND, SKY), "Move “sky”", "")]


def test_a_row_that_is_hardly_dragged_stays(panel: PromptsPanel, told: Told, qtbot: QtBot) -> None:
    from studio.ui.panels.grip import Grip

    panel.set_prompts((SKY, SEA))
    grip = panel.rows[0].findChild(Grip)
    assert grip is not None
    qtbot.mousePress(grip, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    qtbot.mouseMove(grip, QPoint(5, 40))
    qtbot.mouseMove(grip, QPoint(5, 6))
    qtbot.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=QPoint(5, 6))
    assert told.edits == []


def test_noise_is_added_from_the_menu_and_its_seed_can_be_written(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    panel.set_prompts((SKY,))
    add_menu(panel, "Noise")
    assert told.prompts[0] == SKY
    assert told.prompts[1].noise is not None
    seed = panel.rows[1].findChild(SeedEdit)
    assert seed is not None
    seed.selectAll()
    qtbot.keyClicks(seed, "9223372036854775807\r")
    assert told.prompts[1].noise == 2**63 - 1
    assert told.edits[-1][2] == "noise:1"


def add_menu(panel: PromptsPanel, words: str) -> None:
    menus = [menu for menu in panel.findChildren(QMenu) if menu.actions()]
    actions = {action.text(): action for menu in menus for action in menu.actions()}
    actions[words].trigger()


def test_pictures_are_asked_for_and_shown(panel: PromptsPanel, qtbot: QtBot) -> None:
    from studio.ui.panels.thumbnail import Thumbnail

    with qtbot.waitSignal(panel.picture_wanted):
        click(qtbot, button(panel, "Picture…"))
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    panel.set_prompts((Prompt(picture="a" * 64), Prompt(picture="b" * 64)))
    panel.set_picture("b" * 64, picture)
    first, second = (row.findChild(Thumbnail) for row in panel.rows)
    assert first is not None
    assert second is not None
    assert first.picture is None
    assert second.grab().toImage().pixelColor(22, 22) == QColor("red")


def test_readings_are_asked_for_and_shown(panel: PromptsPanel, told: Told, qtbot: QtBot) -> None:
    panel.set_prompts((SKY, Prompt(noise=3), SEA))
    assert told.readings == [(0, "sky"), (2, "sea")]
    qtbot.keyClicks(writing(panel.rows[2]), "x\r")
    assert told.readings[2:] == [(2, "seax")]
    panel.set_reading(2, 78, ("seax", "foo"))
    texts = labels(panel.rows[2])
    assert "78 / 77" in texts
    assert "The model never learnt: seax, foo" in texts
    panel.set_reading(2, 3, ())
    assert not any("never learnt" in text for text in labels(panel.rows[2]))
    panel.set_reading(9, 3, ())


def labels(parent: QWidget) -> list[str]:
    from PySide6.QtWidgets import QLabel

    return [label.text() for label in parent.findChildren(QLabel) if label.isVisible()]


def test_a_move_asks_again_as_readings_belong_to_rows(panel: PromptsPanel, told: Told) -> None:
    panel.set_prompts((SKY, SEA))
    panel.set_prompts((SEA, SKY))
    assert told.readings[2:] == [(0, "sea"), (1, "sky")]


def test_too_many_tokens_are_a_warning(panel: PromptsPanel) -> None:
    from studio.ui.panels.labels import Note

    panel.set_prompts((SEA,))

    def warned() -> bool:
        notes = panel.rows[0].findChildren(Note)
        return next(note.warns for note in notes if note.text().endswith("/ 77"))

    panel.set_reading(0, 77, ())
    assert not warned()
    panel.set_reading(0, 78, ())
    assert warned()


def test_similarities_go_to_written_rows_and_grow_a_bounded_line(
    panel: PromptsPanel, qtbot: QtBot
) -> None:
    panel.set_prompts((SKY, SEA))
    for number in range(450):
        panel.set_similarities([0.4 + number / 10000, None])
    first, second = (row.notes for row in panel.rows)
    assert "0.44" in labels(panel.rows[0])
    assert len(first.history) == 400
    assert first.history[-1] == pytest.approx(0.4449)
    assert np.isnan(second.similarity)


def test_histories_replace_lines_and_follow_their_rows(panel: PromptsPanel) -> None:
    panel.set_prompts((SKY, SEA))
    panel.set_similarity_histories([np.array([0.1, 0.2]), np.array([0.3, np.nan, 0.5])])
    panel.set_prompts((SEA, SKY))
    assert [row.notes.similarity for row in panel.rows] == [0.5, 0.2]
    assert len(panel.rows[0].notes.history) == 3


def test_a_text_with_bars_is_split_when_asked_to(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    panel.set_prompts((SAND, SKY))
    field = writing(panel.rows[0])
    field.selectAll()
    qtbot.keyClicks(field, "sea:0.5 | blurry:-1\r")
    assert told.prompts == (Prompt(text="sea:0.5 | blurry:-1"), SKY)
    click(qtbot, button(panel.rows[0], "Split into prompts"))
    assert told.prompts == (
        Prompt(text="sea", weight=0.5),
        Prompt(text="blurry", weight=-1),
        SKY,
    )
    assert told.edits[-1][1:] == ("Split “sea”", "")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("sea", False),
        ("sea:0.5", True),
        ("Blade Runner: the city", False),
        ("sea |", False),
        ("noise=42:0.3", True),
        ("dawn ^ noon", False),
    ],
)
def test_splitting_is_offered_only_where_it_makes_a_difference(
    panel: PromptsPanel, told: Told, qtbot: QtBot, text: str, offered: bool
) -> None:
    qtbot.keyClicks(writing(panel.rows[0]), text + "\r")
    assert panel.rows[0].notes.split_button.isVisible() == offered


def test_story_steps_become_keyframes_among_the_other_prompts(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    panel.set_prompts((Prompt(text="sea"), Prompt(text="fog", weight=-0.5)))
    stories: list[tuple[tuple[Prompt, ...], ...]] = []
    panel.story_wanted.connect(stories.append)
    row = panel.rows[0]
    assert not row.notes.story_button.isVisible()
    row.write("dawn ^ noon:2")
    assert row.notes.story_button.text() == "Make 2 keyframes of the story"
    assert not row.notes.split_button.isVisible()
    qtbot.mouseClick(row.notes.story_button, Qt.MouseButton.LeftButton)
    fog = Prompt(text="fog", weight=-0.5)
    assert stories == [((Prompt(text="dawn"), fog), (Prompt(text="noon", weight=2.0), fog))]


def test_pasted_line_breaks_become_blanks(panel: PromptsPanel, told: Told, qtbot: QtBot) -> None:
    field = writing(panel.rows[0])
    data = QMimeData()
    data.setText("a red\ncircle\t on blue")
    field.insertFromMimeData(data)
    field.tell()
    assert told.prompts == (Prompt(text="a red circle on blue"),)


def test_the_field_grows_with_its_text(panel: PromptsPanel, qtbot: QtBot) -> None:
    panel.set_prompts((SKY, SEA))
    field = writing(panel.rows[0])
    one = field.height()
    field.insertPlainText("a long way to go " * 6)
    three = field.height()
    assert three > one + 2 * field.fontMetrics().lineSpacing() - 4
    field.insertPlainText("a long way to go " * 100)
    assert field.height() < 12 * field.fontMetrics().lineSpacing()


@pytest.fixture
def style_groups(panel: PromptsPanel) -> tuple[StyleGroup, ...]:
    groups = (
        StyleGroup(name="Painted", styles=(Style(name="Watercolour", words="watercolour"),)),
        StyleGroup(name="Light", styles=(Style(name="Night", words="at night"),)),
    )
    panel.set_styles(groups)
    return groups


@pytest.mark.usefixtures("style_groups")
def test_styles_are_appended_to_the_focused_prompt_once(
    panel: PromptsPanel, told: Told, qtbot: QtBot
) -> None:
    panel.set_prompts((SKY, SEA))
    style_action(panel, "Night")
    writing(panel.rows[1]).setFocus()
    style_action(panel, "Watercolour")
    style_action(panel, "Watercolour")
    assert told.prompts == (Prompt(text="sky, at night"), Prompt(text="sea, watercolour"))
    assert len(told.edits) == 2


def style_action(panel: PromptsPanel, name: str) -> None:
    menus = panel.findChildren(QMenu)
    actions = [action for menu in menus for action in menu.actions() if action.text() == name]
    actions[0].trigger()


@pytest.mark.usefixtures("style_groups")
def test_there_is_no_style_for_nothing(panel: PromptsPanel) -> None:
    assert not button(panel, "Style").isEnabled()
    panel.set_prompts((SEA,))
    assert button(panel, "Style").isEnabled()


def test_the_styles_that_come_along_can_be_read() -> None:
    groups = read_styles((places.resources() / "styles.json").read_bytes())
    words = [style.words for group in groups for style in group.styles]
    assert {"watercolour painting", "pixel art", "at night", "at sunset"} <= set(words)
    assert len(words) == len(set(words))


def test_everything_that_takes_keys_has_a_name_and_a_tooltip(panel: PromptsPanel) -> None:
    panel.set_examples(["sea"])
    panel.set_prompts((SKY, Prompt(picture="a" * 64), Prompt(noise=3)))
    nameless(panel)


def nameless(parent: QWidget) -> None:
    takes_keys: Callable[[QWidget], bool] = lambda each: (  # noqa: E731
        each.focusPolicy() != Qt.FocusPolicy.NoFocus and each.focusProxy() is None
    )
    for widget in filter(takes_keys, parent.findChildren(QWidget)):
        if widget.objectName().startswith("qt_") or isinstance(widget, QMenu):
            continue
        if type(widget).__name__ in ("QScrollArea", "QExpandingLineEdit"):
            continue
        assert widget.accessibleName(), widget
        assert widget.toolTip(), (widget, widget.accessibleName())


def test_tab_goes_through_a_row_in_reading_order(panel: PromptsPanel, qtbot: QtBot) -> None:
    panel.set_prompts((SKY, SEA))
    names = []
    writing(panel.rows[0]).setFocus()
    for _ in range(8):
        names.append(panel.focusWidget().accessibleName())
        panel.focusNextChild()
    assert names == [
        "Prompt",
        "Switch off",
        "Remove prompt",
        "Weight slider",
        "Weight",
        "Region",
        "More",
        "Prompt",
    ]


def test_pictures_are_numbered_and_not_named_by_their_bytes(panel: PromptsPanel) -> None:
    def titles() -> list[str]:
        labels = [label for row in panel.rows for label in row.findChildren(QLabel)]
        return [label.text() for label in labels if label.text().startswith("Picture")]

    one, other = (Prompt(picture=letter * 64) for letter in "ab")
    panel.set_prompts((one,))
    assert titles() == ["Picture"]
    panel.set_prompts((one, Prompt(text="sea"), other))
    assert titles() == ["Picture 1", "Picture 2"]
    said = " ".join(label.text() for label in panel.findChildren(QLabel))
    assert "aaaa" not in said + one.label

"""The panel of settings, by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.core.efforts import EFFORTS
from studio.core.settings import LARGEST_SEED, OPTIMIZERS, PRESETS, STARTS, Prompt, Settings
from studio.ui import theme
from studio.ui.panels.colours_field import ColoursField
from studio.ui.panels.numbers import NumberBox
from studio.ui.panels.seeds import SeedEdit
from studio.ui.panels.settings import SettingsPanel
from studio.ui.panels.slider import Slider

SETTINGS = Settings(prompts=(Prompt(text="sea"),), seed=7)
MODELS = [("starter", "Soft colours."), ("wiki", "Paintings.")]
EFFORT_NAMES = ("Draft", "Balanced", "Finest")
CLIPS = [("starter", "A thousand words."), ("ViT-B/32", "English.")]


class Told:
    """What the panel told, and a window that gives every edit back as the document's."""

    def __init__(self, panel: SettingsPanel) -> None:
        self.edits: list[tuple[dict[str, Any], str, str]] = []
        self.settings = SETTINGS
        self.panel = panel
        panel.edited.connect(self.edit)

    def edit(self, fields: dict[str, Any], words: str, merge: str) -> None:
        self.edits.append((fields, words, merge))
        self.settings = msgspec.structs.replace(self.settings, **fields)
        self.panel.set_settings(self.settings)


@pytest.fixture
def panel(qtbot: QtBot) -> SettingsPanel:
    made = SettingsPanel()
    qtbot.addWidget(made)
    made.set_models(MODELS, CLIPS, {"starter": 8, "wiki": 16})
    made.set_settings(SETTINGS)
    made.resize(340, 1200)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


@pytest.fixture
def told(panel: SettingsPanel) -> Told:
    return Told(panel)


def named(panel: QWidget, kind: type[Any], name: str) -> Any:
    """The last of that name, as ones before it may be about to be deleted."""
    return [each for each in panel.findChildren(kind) if each.accessibleName() == name][-1]


def write(qtbot: QtBot, field: Any, text: str) -> None:
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())


def choose(qtbot: QtBot, panel: SettingsPanel, name: str, value: str) -> None:
    box: QComboBox = named(panel, QComboBox, name)
    box.setFocus()
    target = box.findData(value)
    assert target >= 0
    key = Qt.Key.Key_Down if target > box.currentIndex() else Qt.Key.Key_Up
    for _ in range(abs(target - box.currentIndex())):
        qtbot.keyClick(box, key)


def texts(panel: QWidget) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


@pytest.mark.parametrize(
    ("box", "text", "field", "value", "words"),
    [
        ("Learning rate", "0.35", "learning_rate", 0.35, "Learning rate"),
        ("Cutouts", "40", "cutouts", 40, "Cutouts"),
        ("Pull to start", "2.5", "start_weight", 2.5, "Pull to start"),
        ("Smooth", "0", "smooth", 0, "Smooth"),
        ("Average (EMA)", "0.9", "average", 0.9, "Average"),
        ("Even surfaces", "0.5", "smoothness", 0.5, "Even surfaces"),
        ("Saturation", "-0.5", "saturation", -0.5, "Saturation"),
        ("Mirror sides", "2", "symmetry_left_right", 2, "Mirror sides"),
        ("Mirror ends", "2", "symmetry_up_down", 2, "Mirror ends"),
        ("Half turn", "2", "symmetry_rotational", 2, "Half turn"),
        ("Palette", "2", "palette_strength", 2, "Palette"),
        ("Edge", "2", "edge_strength", 2, "Edge"),
    ],
)
def test_a_number_is_told_with_its_field(
    panel: SettingsPanel,
    told: Told,
    qtbot: QtBot,
    box: str,
    text: str,
    field: str,
    value: float,
    words: str,
) -> None:
    write(qtbot, named(panel, NumberBox, box), text)
    assert told.edits == [({field: value}, words, field)]
    assert type(told.edits[0][0][field]) is (int if field == "cutouts" else float)


def test_colours_are_written_and_taken_from_a_picture(
    panel: SettingsPanel, told: Told, qtbot: QtBot, tmp_path: Path
) -> None:
    line = named(panel, QLineEdit, "Colours")
    line.selectAll()
    qtbot.keyClicks(line, "black, #E0B040")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert told.edits.pop()[0] == {"palette": ("#000000", "#e0b040")}
    line.selectAll()
    qtbot.keyClicks(line, "blak")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert told.edits == []
    assert any("'blak' is no colour" in each for each in texts(panel))
    picture = tmp_path / "flag.png"
    flag = Image.new("RGB", (40, 40), (255, 0, 0))
    flag.paste((0, 0, 255), (0, 0, 40, 10))
    flag.save(picture)
    field = panel.findChildren(ColoursField)[0]
    field.take_from(picture)
    assert told.edits.pop()[0] == {"palette": ("#ff0000", "#0000ff")}
    field.take_from(tmp_path)
    assert told.edits == []


def test_setting_the_settings_tells_of_no_edit(panel: SettingsPanel, told: Told) -> None:
    other = Settings(
        prompts=SETTINGS.prompts,
        size=(128, 384),
        seed=2**62,
        model="gone",
        perceptors=("ViT-B/32", "gone"),
        learning_rate=0.123456,
        optimizer="radam",
        cutouts=99,
        preset="pytti",
        start="picture",
        start_picture="a" * 64,
        start_weight=123,
        smooth=1 / 3,
        average=0.995,
    )
    for settings in (other, other, SETTINGS):
        panel.set_settings(settings)
    panel.set_count(300)
    panel.commit()
    assert told.edits == []
    assert named(panel, NumberBox, "Iterations").text() == "300"


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("Model", "wiki", "model"),
        ("Preset of the cutouts", "pytti", "preset"),
        ("Optimizer", "radam", "optimizer"),
        ("Start", "fractal", "start"),
    ],
)
def test_a_choice_is_told_and_never_merged(
    panel: SettingsPanel, told: Told, qtbot: QtBot, name: str, value: str, field: str
) -> None:
    choose(qtbot, panel, name, value)
    assert told.edits[-1][0][field] == value
    assert told.edits[-1][2] == ""


def test_every_value_that_settings_know_is_offered(panel: SettingsPanel) -> None:
    panel.set_models(MODELS, CLIPS, {"starter": 8, "wiki": 16}, {"starter"})
    for name, values in (
        ("Start", STARTS),
        ("Preset of the cutouts", PRESETS),
        ("Optimizer", OPTIMIZERS),
    ):
        box: QComboBox = named(panel, QComboBox, name)
        assert [box.itemData(place) for place in range(box.count())] == list(values)


def test_only_a_model_with_an_imagination_offers_to_start_from_it(panel: SettingsPanel) -> None:
    panel.set_models(MODELS, CLIPS, {"starter": 8, "wiki": 16}, {"starter"})
    box: QComboBox = named(panel, QComboBox, "Start")
    assert box.findData("imagined") == 0
    panel.set_settings(msgspec.structs.replace(SETTINGS, model="wiki"))
    assert box.findData("imagined") == -1


def test_the_chosen_model_tells_what_it_can_draw(panel: SettingsPanel, told: Told) -> None:
    assert "Soft colours." in texts(panel)
    panel.set_settings(msgspec.structs.replace(SETTINGS, model="gone"))
    assert named(panel, QComboBox, "Model").currentText() == "gone"
    assert "Not installed here." in texts(panel)


def test_perceptors_are_ticked_and_the_last_one_stays(
    panel: SettingsPanel, told: Told, qtbot: QtBot
) -> None:
    starter, other = (named(panel, QCheckBox, name) for name, _ in CLIPS)
    qtbot.keyClick(other, Qt.Key.Key_Space)
    assert told.edits == [({"perceptors": ("starter", "ViT-B/32")}, "Perceptors", "")]
    qtbot.keyClick(starter, Qt.Key.Key_Space)
    qtbot.keyClick(other, Qt.Key.Key_Space)
    assert told.settings.perceptors == ("ViT-B/32",)
    assert "Name at least one CLIP." in texts(panel)
    qtbot.keyClick(starter, Qt.Key.Key_Space)
    assert told.settings.perceptors == ("starter",)
    assert "Name at least one CLIP." not in texts(panel)


def test_several_perceptors_have_a_weight_each(
    panel: SettingsPanel, told: Told, qtbot: QtBot
) -> None:
    starter, other = (named(panel, QCheckBox, name) for name, _ in CLIPS)
    weights = [named(panel, NumberBox, f"Weight of {name}") for name, _ in CLIPS]
    assert not any(box.isVisible() for box in weights)
    qtbot.keyClick(other, Qt.Key.Key_Space)
    assert all(box.isVisible() for box in weights)
    write(qtbot, weights[1], "0.5")
    write(qtbot, weights[1], "0.25")
    assert told.edits[1:] == [
        ({"perceptor_weights": (1.0, 0.5)}, "Perceptors", "perceptor_weights"),
        ({"perceptor_weights": (1.0, 0.25)}, "Perceptors", "perceptor_weights"),
    ]
    qtbot.keyClick(starter, Qt.Key.Key_Space)
    assert told.edits[-1][0] == {"perceptors": ("ViT-B/32",), "perceptor_weights": ()}
    assert not any(box.isVisible() for box in weights)
    panel.set_settings(
        msgspec.structs.replace(
            SETTINGS, perceptors=("starter", "ViT-B/32"), perceptor_weights=(3.0, 0.5)
        )
    )
    assert [box.value() for box in weights] == [3, 0.5]
    write(qtbot, weights[0], "0.5")
    assert told.edits[-1][0] == {"perceptor_weights": ()}
    assert [box.value() for box in weights] == [1, 1]


def test_what_settings_refuse_is_said_and_not_told(
    panel: SettingsPanel, told: Told, qtbot: QtBot
) -> None:
    box = named(panel, NumberBox, "Average (EMA)")
    write(qtbot, box, "1")
    assert told.edits == []
    assert "The average (EMA) must be at least 0 and below 1." in texts(panel)
    panel.set_settings(SETTINGS)
    assert box.text() == "0"
    assert not any("must be" in text for text in texts(panel))


def test_the_learning_rate_slides_by_factors(
    panel: SettingsPanel, told: Told, qtbot: QtBot
) -> None:
    slider = named(panel, Slider, "Learning rate slider")
    end = QPoint(slider.width() - 1, slider.height() // 2)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=end)
    assert told.settings.learning_rate == 2
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert told.settings.learning_rate == 0.005
    middle = QPoint(slider.width() // 2, slider.height() // 2)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=middle)
    assert told.settings.learning_rate == pytest.approx(0.1, rel=0.05)
    assert {edit[2] for edit in told.edits} == {"learning_rate"}


def test_fields_that_differ_have_a_way_back(panel: SettingsPanel, told: Told, qtbot: QtBot) -> None:
    resets = [each for each in panel.findChildren(QAbstractButton) if each.isVisible()]
    resets = [each for each in resets if each.accessibleName().startswith("Reset")]
    assert resets == []
    write(qtbot, named(panel, NumberBox, "Cutouts"), "40")
    reset = named(panel, QAbstractButton, "Reset Cutouts")
    assert reset.isVisible()
    click(qtbot, reset)
    assert told.settings == SETTINGS
    assert not reset.isVisible()


def test_an_effort_is_told_and_shown_for_as_long_as_settings_are_its(
    panel: SettingsPanel, told: Told, qtbot: QtBot
) -> None:
    buttons = {name: named(panel, QAbstractButton, name) for name in EFFORT_NAMES}

    def shown() -> list[str]:
        return [name for name, button in buttons.items() if button.isChecked()]

    assert shown() == ["Balanced"]
    with qtbot.waitSignal(panel.effort_chosen) as news:
        click(qtbot, buttons["Draft"])
    assert news.args == ["draft"]
    assert (told.edits, shown()) == ([], ["Balanced"])  # it waits for the settings to change
    panel.set_settings(msgspec.structs.replace(SETTINGS, **EFFORTS["finest"].fields))
    assert shown() == ["Finest"]
    assert any("times as long" in text for text in texts(panel))
    write(qtbot, named(panel, NumberBox, "Cutouts"), "5")
    assert shown() == []
    assert any(text.startswith("Set by hand") for text in texts(panel))
    panel.set_settings(SETTINGS)
    assert shown() == ["Balanced"]


def test_sides_step_by_what_the_model_paints_in(
    panel: SettingsPanel, told: Told, qtbot: QtBot
) -> None:
    width = named(panel, NumberBox, "Width")
    qtbot.keyClick(width, Qt.Key.Key_Up)
    assert told.edits == [({"size": (264, 256)}, "Size", "size")]
    choose(qtbot, panel, "Model", "wiki")
    qtbot.keyClick(width, Qt.Key.Key_Up)
    assert told.settings.size == (280, 256)


def test_a_size_that_is_no_multiple_says_what_it_becomes(
    panel: SettingsPanel, told: Told, qtbot: QtBot
) -> None:
    write(qtbot, named(panel, NumberBox, "Width"), "250")
    assert told.settings.size == (250, 256)
    said = "Becomes 248 x 256: the model paints in squares of 8 pixels."
    assert said in texts(panel)
    write(qtbot, named(panel, NumberBox, "Width"), "248")
    assert said not in texts(panel)


def test_sizes_are_swapped_and_taken_from_the_menu(
    panel: SettingsPanel, told: Told, qtbot: QtBot
) -> None:
    actions = {
        action.text(): action for menu in panel.findChildren(QMenu) for action in menu.actions()
    }
    assert list(actions) == [
        "Small square, 128 x 128",
        "Square, 256 x 256",
        "Wide, 384 x 256",
        "Tall, 256 x 384",
        "Large square, 512 x 512",
    ]
    actions["Wide, 384 x 256"].trigger()
    assert told.settings.size == (384, 256)
    click(qtbot, named(panel, QAbstractButton, "Swap width and height"))
    assert told.settings.size == (256, 384)


def test_seeds_are_written_and_rolled(panel: SettingsPanel, told: Told, qtbot: QtBot) -> None:
    write(qtbot, named(panel, SeedEdit, "Seed"), "99999999999999999999")
    assert told.settings.seed == LARGEST_SEED
    before = told.settings.seed
    click(qtbot, named(panel, QAbstractButton, "Roll a seed"))
    assert told.settings.seed != before
    assert len(told.edits) == 2


def test_the_lock_tells_and_can_be_set(panel: SettingsPanel, qtbot: QtBot) -> None:
    assert panel.seed_locked is False
    with qtbot.waitSignal(panel.seed_lock_changed) as news:
        click(qtbot, named(panel, QAbstractButton, "Lock the seed"))
    assert news.args == [True]
    assert panel.seed_locked is True
    with qtbot.assertNotEmitted(panel.seed_lock_changed):
        panel.seed_locked = False
    assert named(panel, QAbstractButton, "Lock the seed").isVisible()


def test_a_picture_to_start_from_is_asked_for_first(
    panel: SettingsPanel, told: Told, qtbot: QtBot
) -> None:
    box: QComboBox = named(panel, QComboBox, "Start")
    box.setFocus()
    with qtbot.waitSignal(panel.start_picture_wanted):
        qtbot.keyClick(box, Qt.Key.Key_End)
    assert told.edits == []
    assert box.currentData() == "codes"
    told.settings = msgspec.structs.replace(SETTINGS, start="picture", start_picture="a" * 64)
    panel.set_settings(told.settings)
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    panel.set_start_picture(picture)
    with qtbot.waitSignal(panel.start_picture_cleared):
        click(qtbot, named(panel, QAbstractButton, "Clear init image"))
    with qtbot.waitSignal(panel.start_picture_wanted):
        click(qtbot, named(panel, QAbstractButton, "Choose…"))
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert told.edits == [({"start": "gradient", "start_picture": None}, "Start", "")]
    assert not named(panel, QAbstractButton, "Choose…").isVisible()


def test_a_painting_that_has_begun_keeps_what_it_began_with(
    panel: SettingsPanel, told: Told
) -> None:
    panel.set_fixed(True)
    fixed = [named(panel, QComboBox, name) for name in ("Model", "Start")]
    fixed += [named(panel, NumberBox, name) for name in ("Width", "Height")]
    for field in fixed:
        assert not field.isEnabled()
        assert "new painting" in field.toolTip()
    assert named(panel, NumberBox, "Cutouts").isEnabled()
    panel.set_fixed(False)
    for field in fixed:
        assert field.isEnabled()
        assert "new painting" not in field.toolTip()


def test_the_number_of_iterations_is_told(panel: SettingsPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.count_edited) as news:
        write(qtbot, named(panel, NumberBox, "Iterations"), "123")
    assert news.args == [123]


def test_groups_fold_by_key(panel: SettingsPanel, qtbot: QtBot) -> None:
    title = named(panel, QAbstractButton, "Pace")
    field = named(panel, NumberBox, "Learning rate")
    qtbot.keyClick(title, Qt.Key.Key_Space)
    assert not field.isVisible()
    qtbot.keyClick(title, Qt.Key.Key_Space)
    assert field.isVisible()


def test_what_is_still_being_typed_is_taken_over(
    panel: SettingsPanel, told: Told, qtbot: QtBot
) -> None:
    box = named(panel, NumberBox, "Cutouts")
    box.selectAll()
    qtbot.keyClicks(box, "33")
    assert told.edits == []
    panel.commit()
    assert told.settings.cutouts == 33


def test_a_number_that_is_being_typed_is_not_disturbed(
    panel: SettingsPanel, told: Told, qtbot: QtBot
) -> None:
    box = named(panel, NumberBox, "Cutouts")
    box.selectAll()
    qtbot.keyClicks(box, "3")
    other = msgspec.structs.replace(SETTINGS, prompts=(Prompt(text="sky"),))
    panel.set_settings(other)
    assert box.text() == "3"


def test_everything_that_takes_keys_has_a_name_and_a_tooltip(panel: SettingsPanel) -> None:
    for widget in panel.findChildren(QWidget):
        skipped = type(widget).__name__ in ("QScrollArea", "QExpandingLineEdit", "QListView")
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or widget.focusProxy() is not None:
            continue
        if skipped or widget.objectName().startswith("qt_") or isinstance(widget, QMenu):
            continue
        assert widget.accessibleName(), widget
        assert widget.toolTip(), (widget, widget.accessibleName())


@pytest.fixture
def themed(qapp: QApplication) -> Iterator[None]:
    palette = qapp.palette()
    theme.apply(qapp, "dark")
    yield
    qapp.setStyleSheet("")
    qapp.setPalette(palette)


@pytest.mark.usefixtures("themed")
@pytest.mark.parametrize("width", [300, 420])
def test_nothing_is_cut_off_at_the_widths_of_a_dock(
    panel: SettingsPanel, qtbot: QtBot, width: int
) -> None:
    panel.set_settings(
        msgspec.structs.replace(
            SETTINGS, start="picture", start_picture="a" * 64, cutouts=9, size=(250, 250)
        )
    )
    panel.resize(width, 500)
    qtbot.wait(1)
    scroll = panel.findChild(QScrollArea)
    assert scroll is not None
    width = scroll.viewport().width()
    for kind in (NumberBox, QComboBox, QAbstractButton):
        for widget in panel.findChildren(kind):
            right = widget.mapTo(panel, QPoint(widget.width(), 0)).x()
            assert not widget.isVisible() or right <= width, widget.accessibleName()

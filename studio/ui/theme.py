"""The two looks of the window: neutral greys, so that colours can be judged, and one accent."""

from __future__ import annotations

from string import Template

from PySide6.QtCore import QDir, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from studio import places

_Role = QPalette.ColorRole

_DARK = {
    _Role.Window: "#2b2b2b",
    _Role.WindowText: "#dedede",
    _Role.Base: "#1e1e1e",
    _Role.AlternateBase: "#242424",
    _Role.Text: "#e4e4e4",
    _Role.PlaceholderText: "#929292",
    _Role.Button: "#3a3a3a",
    _Role.ButtonText: "#dedede",
    _Role.BrightText: "#ffffff",
    _Role.ToolTipBase: "#161616",
    _Role.ToolTipText: "#e8e8e8",
    _Role.Highlight: "#3b6ea6",
    _Role.HighlightedText: "#ffffff",
    _Role.Accent: "#5f9fe3",
    _Role.Link: "#8abaf0",
    _Role.LinkVisited: "#bba8e6",
    _Role.Light: "#5c5c5c",
    _Role.Midlight: "#4a4a4a",
    _Role.Mid: "#464646",
    _Role.Dark: "#1a1a1a",
    _Role.Shadow: "#0e0e0e",
}
_DARK_DISABLED = {
    _Role.WindowText: "#7c7c7c",
    _Role.Text: "#7c7c7c",
    _Role.ButtonText: "#7c7c7c",
    _Role.PlaceholderText: "#646464",
    _Role.Base: "#262626",
    _Role.Button: "#313131",
    _Role.Highlight: "#4a4a4a",
    _Role.HighlightedText: "#9a9a9a",
    _Role.Accent: "#5e5e5e",
    _Role.Link: "#7c7c7c",
}
_LIGHT = {
    _Role.Window: "#e6e6e6",
    _Role.WindowText: "#222222",
    _Role.Base: "#fafafa",
    _Role.AlternateBase: "#f1f1f1",
    _Role.Text: "#1c1c1c",
    _Role.PlaceholderText: "#696969",
    _Role.Button: "#f5f5f5",
    _Role.ButtonText: "#222222",
    _Role.BrightText: "#ffffff",
    _Role.ToolTipBase: "#fafafa",
    _Role.ToolTipText: "#1c1c1c",
    _Role.Highlight: "#2f6bae",
    _Role.HighlightedText: "#ffffff",
    _Role.Accent: "#2766b0",
    _Role.Link: "#1b5aa6",
    _Role.LinkVisited: "#65489c",
    _Role.Light: "#ffffff",
    _Role.Midlight: "#d6d6d6",
    _Role.Mid: "#bcbcbc",
    _Role.Dark: "#a0a0a0",
    _Role.Shadow: "#707070",
}
_LIGHT_DISABLED = {
    _Role.WindowText: "#8a8a8a",
    _Role.Text: "#8a8a8a",
    _Role.ButtonText: "#8a8a8a",
    _Role.PlaceholderText: "#a2a2a2",
    _Role.Base: "#ededed",
    _Role.Button: "#eaeaea",
    _Role.Highlight: "#c2c2c2",
    _Role.HighlightedText: "#6a6a6a",
    _Role.Accent: "#a8a8a8",
    _Role.Link: "#8a8a8a",
}

_SHEET = Template("""
QMainWindow::separator { background: transparent; width: 6px; height: 6px; }
QMainWindow::separator:hover { background: palette(accent); }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: palette(accent); }
QSplitter::handle:horizontal { width: 6px; }
QSplitter::handle:vertical { height: 6px; }
QDockWidget { titlebar-close-icon: url(icons:marks/close.svg);
    titlebar-normal-icon: url(icons:marks/float.svg); }
QDockWidget::title { text-align: left; padding: 4px 10px; background: $raised; }
QDockWidget::close-button, QDockWidget::float-button { border: none; border-radius: 3px; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: $hover; }
QStatusBar { border-top: 1px solid $hair; }
QStatusBar::item { border: none; }
QToolBar { border: none; spacing: 2px; padding: 3px; }
QToolBar::separator { background: $hair; width: 1px; height: 1px; margin: 5px; }

QTabWidget::pane { border: none; border-top: 1px solid $hair; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { padding: 7px 14px; border: none; border-bottom: 2px solid transparent;
    color: $quiet; background: transparent; }
QTabBar::tab:hover { color: palette(window-text); background: $hover; }
QTabBar::tab:selected { color: palette(window-text); border-bottom-color: palette(accent); }
QTabBar::tab:disabled { color: $off; }
QTabBar::tab:selected:focus { background: $hover; }

QGroupBox { font-weight: 600; border: none; border-top: 1px solid $hair; margin-top: 2em;
    padding: 10px 0 4px 0; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; padding: 2px 0; }

QPushButton { padding: 5px 14px; min-height: 1.35em; border: 1px solid $edge; border-radius: 5px;
    background: palette(button); color: palette(button-text); }
QPushButton:hover { background: $lifted; }
QPushButton:pressed, QPushButton:checked { background: $sunk; }
QPushButton:focus { border-color: palette(accent); }
QPushButton:disabled { border-color: $hair; color: $off; background: $dead; }
QPushButton:default, QPushButton[primary="true"] { background: palette(highlight);
    color: palette(highlighted-text); border-color: palette(highlight); }
QPushButton:default:hover, QPushButton[primary="true"]:hover { background: $primary; }
QPushButton:default:focus, QPushButton[primary="true"]:focus { border-color: $ring; }
QPushButton:default:disabled, QPushButton[primary="true"]:disabled { border-color: $hair;
    color: $off; background: $dead; }
QPushButton:flat { background: transparent; border-color: transparent; }
QPushButton:flat:hover { background: $hover; }
QPushButton:flat:focus { border-color: palette(accent); }

QToolButton { padding: 4px; border: 1px solid transparent; border-radius: 5px;
    background: transparent; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $sunk; border-color: $edge; }
QToolButton:focus { border-color: palette(accent); }
QToolButton[popupMode="1"] { padding-right: 17px; }
QToolButton[popupMode="2"] { padding-right: 15px; }
QToolButton::menu-button { border: none; width: 15px; }
QToolButton::menu-indicator, QToolButton::menu-arrow { image: url(icons:marks/down.svg);
    width: 10px; height: 10px; }
QToolButton::menu-indicator { subcontrol-position: right center; right: 3px; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox, QKeySequenceEdit QLineEdit {
    border: 1px solid $edge; border-radius: 4px; background: palette(base); color: palette(text);
    selection-background-color: palette(highlight);
    selection-color: palette(highlighted-text); }
QLineEdit, QAbstractSpinBox, QComboBox { padding: 3px 7px; min-height: 1.35em; }
QPlainTextEdit, QTextEdit { padding: 3px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
    border-color: palette(accent); }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QAbstractSpinBox:disabled,
QComboBox:disabled { border-color: $hair; color: $off; background: $dead; }
QAbstractSpinBox { padding-right: 2px; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; padding: 0; min-height: 0;
    background: transparent; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 17px;
    background: transparent; border-radius: 2px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-arrow { image: url(icons:marks/up.svg); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow, QComboBox::down-arrow { image: url(icons:marks/down.svg);
    width: 10px; height: 10px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox:hover { background: $field; }
QComboBox QAbstractItemView { border: 1px solid $edge; padding: 3px; background: palette(base); }

QCheckBox, QRadioButton { spacing: 8px; }
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator,
QAbstractItemView::indicator { width: 15px; height: 15px; border: 1px solid $rim;
    border-radius: 4px; background: palette(base); }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: palette(accent); }
QCheckBox:focus, QRadioButton:focus { color: palette(link); }
QCheckBox::indicator:checked, QRadioButton::indicator:checked, QGroupBox::indicator:checked,
QAbstractItemView::indicator:checked, QCheckBox::indicator:indeterminate {
    background: palette(highlight); border-color: palette(highlight); }
QCheckBox::indicator:checked, QGroupBox::indicator:checked,
QAbstractItemView::indicator:checked { image: url(icons:marks/check.svg); }
QCheckBox::indicator:indeterminate { image: url(icons:marks/part.svg); }
QRadioButton::indicator:checked { image: url(icons:marks/dot.svg); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $hair;
    background: $groove; }
QCheckBox:disabled, QRadioButton:disabled { color: $off; }

QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $groove; }
QSlider::sub-page:horizontal { border-radius: 2px; background: palette(highlight); }
QSlider::handle:horizontal { width: 12px; margin: -5px 0; border-radius: 7px;
    border: 1px solid $rim; background: $knob; }
QSlider::groove:vertical { width: 4px; border-radius: 2px; background: $groove; }
QSlider::add-page:vertical { border-radius: 2px; background: palette(highlight); }
QSlider::handle:vertical { height: 12px; margin: 0 -5px; border-radius: 7px;
    border: 1px solid $rim; background: $knob; }
QSlider::handle:focus { border: 2px solid palette(accent); }
QSlider::sub-page:disabled, QSlider::add-page:disabled { background: $groove; }
QSlider::handle:disabled { background: palette(button); border-color: $hair; }

QScrollBar:vertical { width: 12px; background: transparent; }
QScrollBar:horizontal { height: 12px; background: transparent; }
QScrollBar::handle { border-radius: 3px; margin: 3px; background: $bar; }
QScrollBar::handle:vertical { min-height: 30px; }
QScrollBar::handle:horizontal { min-width: 30px; }
QScrollBar::handle:hover { background: $rim; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { border: none; border-radius: 3px; background: $groove; text-align: center;
    min-height: 6px; }
QProgressBar::chunk { border-radius: 3px; background: palette(highlight); }
QHeaderView { background: palette(window); }
QHeaderView::section { border: none; border-bottom: 1px solid $hair; padding: 5px 7px;
    background: palette(window); color: $quiet; }
QAbstractItemView { border: 1px solid $hair; border-radius: 4px; }
QListView::item, QTreeView::item, QTableView::item { min-height: 1.75em; padding: 0 4px; }

QMenuBar { padding: 2px 4px; background: palette(window); }
QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { padding: 5px; border: 1px solid $edge; background: $popup; }
QMenu::item { padding: 5px 26px 5px 10px; border-radius: 4px; background: transparent; }
QMenu::item:selected { background: $lifted; }
QMenu::item:disabled { color: $off; background: transparent; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; margin: 5px 8px; background: $hair; }
QToolTip { padding: 5px 7px; border: 1px solid $edge; background: palette(tool-tip-base);
    color: palette(tool-tip-text); }
""")

_DARK_TONES = {
    "raised": "#303030",
    "popup": "#242424",
    "hover": "#3b3b3b",
    "lifted": "#454545",
    "sunk": "#1f1f1f",
    "field": "#242424",
    "hair": "#3d3d3d",
    "edge": "#4a4a4a",
    "rim": "#7e7e7e",
    "groove": "#474747",
    "knob": "#d2d2d2",
    "bar": "#565656",
    "quiet": "#b0b0b0",
    "off": "#7c7c7c",
    "dead": "#2e2e2e",
    "primary": "#4078b5",
    "ring": "#c4dcf8",
}
_LIGHT_TONES = {
    "raised": "#dedede",
    "popup": "#f8f8f8",
    "hover": "#d6d6d6",
    "lifted": "#ececec",
    "sunk": "#cecece",
    "field": "#ffffff",
    "hair": "#cdcdcd",
    "edge": "#b4b4b4",
    "rim": "#7a7a7a",
    "groove": "#c2c2c2",
    "knob": "#ffffff",
    "bar": "#ababab",
    "quiet": "#505050",
    "off": "#8a8a8a",
    "dead": "#e2e2e2",
    "primary": "#285f9c",
    "ring": "#0c2f5c",
}


def tones(name: str) -> dict[str, str]:
    """The colours between the palette's roles that the style sheet uses, by their names in it."""
    return {"dark": _DARK_TONES, "light": _LIGHT_TONES}[name]


def apply(app: QApplication, name: str) -> None:
    """Give the whole program the look of that name; KeyError for one that there is not."""
    sheet = _SHEET.substitute(tones(name))
    QDir.setSearchPaths("icons", [str(places.resources() / "icons")])
    dark = name == "dark"
    app.styleHints().setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette(name))
    app.setStyleSheet(sheet)


def palette(name: str) -> QPalette:
    """All roles and groups of the look of that name."""
    everywhere, disabled = {"dark": (_DARK, _DARK_DISABLED), "light": (_LIGHT, _LIGHT_DISABLED)}[
        name
    ]
    made = QPalette()
    for role, colour in everywhere.items():
        made.setColor(role, QColor(colour))
    for role, colour in disabled.items():
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colour))
    return made

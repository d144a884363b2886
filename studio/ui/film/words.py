"""The choices of a film in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from studio.film.formats import FORMATS
from studio.film.presets import FilmPreset

Choice = tuple[str, str, str]
"""Value, words, and a line about it."""


class FilmWords(QObject):
    """What there is to choose, translated."""

    def modes(self) -> list[Choice]:
        return [
            ("timelapse", self.tr("Timelapse"), self.tr("How the picture was painted")),
            ("morph", self.tr("Morph"), self.tr("From one picture to the next")),
        ]

    def lengths(self) -> list[tuple[str, str]]:
        return [
            ("auto", self.tr("As it comes")),
            ("speed", self.tr("Iterations a second")),
            ("seconds", self.tr("Seconds in all")),
        ]

    def morph_lengths(self) -> list[tuple[str, str]]:
        return [("auto", self.tr("As the stops say")), ("seconds", self.tr("Seconds in all"))]

    def paces(self) -> list[Choice]:
        return [
            ("iterations", self.tr("Each iteration equally long"), ""),
            (
                "even",
                self.tr("Even change"),
                self.tr("Early iterations change much and late ones little: this evens it out."),
            ),
        ]

    def morph_paces(self) -> list[Choice]:
        return [
            ("iterations", self.tr("As the stops say"), ""),
            (
                "even",
                self.tr("Even change"),
                self.tr("Ways on which much changes take longer than the others."),
            ),
        ]

    def loops(self) -> list[Choice]:
        return [
            ("once", self.tr("Once"), ""),
            ("loop", self.tr("Loop"), self.tr("The end leads back to the start.")),
            ("pingpong", self.tr("There and back"), ""),
        ]

    def paths(self) -> list[Choice]:
        return [
            (
                "along",
                self.tr("Along the painted iterations"),
                self.tr("The way that was painted, from stop to stop."),
            ),
            (
                "straight",
                self.tr("Straight"),
                self.tr("One picture melts into the next, through all that lies between them."),
            ),
            (
                "polished",
                self.tr("Polished"),
                self.tr("Straight, and painted on a little along the way. Takes longer."),
            ),
        ]

    def eases(self) -> list[Choice]:
        return [
            ("in-out", self.tr("Gently"), ""),
            ("linear", self.tr("Evenly"), ""),
            ("in", self.tr("Slow start"), ""),
            ("out", self.tr("Slow end"), ""),
            ("step", self.tr("Cut"), ""),
        ]

    def fits(self) -> list[Choice]:
        return [
            ("whole", self.tr("The whole picture"), ""),
            ("bars", self.tr("Blurred bars"), self.tr("The picture itself, blurred, fills up.")),
            ("crop", self.tr("Cropped"), self.tr("The middle of the picture fills the frame.")),
        ]

    def qualities(self) -> list[Choice]:
        return [
            ("draft", self.tr("Draft"), self.tr("Small and quick.")),
            ("good", self.tr("Good"), ""),
            ("best", self.tr("Best"), self.tr("Large files.")),
        ]

    def formats(self) -> list[Choice]:
        return [(each.kind, self.tr(each.label), self.tr(each.about)) for each in FORMATS]

    def presets(self, presets: Sequence[FilmPreset]) -> list[Choice]:
        return [
            ("", self.tr("As set below"), ""),
            *((each.name, self.tr(each.title), self.tr(each.about)) for each in presets),
        ]

"""The prompt burned into the picture: white on a dark band, below."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image, ImageDraw

from studio.pictures.lettering import Letters

SHARE = 1 / 22
"""Height of a letter in a frame's shorter side."""
SMALLEST = 9
"""Pixels; smaller letters cannot be read."""
DARKNESS = 150
"""Opacity of the band, 0..255: white text on it has a contrast of 4.5 to 1 before any picture."""
TALLEST = 0.5
"""Share of the frame that a caption may cover; what is longer ends in an ellipsis."""


class Captions:
    """Writes captions into frames of one size; a caption is laid out once while it stays."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        side = max(SMALLEST, round(min(size) * SHARE))
        self.letters = Letters(side)
        self.line, self.margin = round(side * 1.3), max(2, side // 2)
        self._text, self._band = "", Image.new("RGBA", (1, 1))

    def write(self, picture: Image.Image, text: str) -> Image.Image:
        """The picture (RGB, of the size) with a caption."""
        if not text:
            return picture
        if text != self._text:
            self._text, self._band = text, self._laid_out(text)
        captioned = picture.copy()
        captioned.paste(self._band, (0, picture.height - self._band.height), self._band)
        return captioned

    def _laid_out(self, text: str) -> Image.Image:
        width, height = self.size
        lines = list(self._wrapped(text, width - 2 * self.margin))
        most = max(1, int((height * TALLEST - 2 * self.margin) / self.line))
        if len(lines) > most:
            lines = [*lines[: most - 1], lines[most - 1].rstrip() + "…"]
        band = Image.new(
            "RGBA", (width, len(lines) * self.line + 2 * self.margin), (0, 0, 0, DARKNESS)
        )
        draw = ImageDraw.Draw(band)
        for number, words in enumerate(lines):
            place = (width / 2, self.margin + (number + 0.5) * self.line)
            self.letters.write(draw, place, words, "white", "middle")
        return band

    def _wrapped(self, text: str, width: int) -> Iterator[str]:
        line = ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and self.letters.length(longer) > width:
                yield line
                longer = word
            while self.letters.length(longer) > width and len(longer) > 1:
                cut = next(
                    n
                    for n in range(len(longer) - 1, 0, -1)
                    if n == 1 or self.letters.length(longer[:n]) <= width
                )
                yield longer[:cut]
                longer = longer[cut:]
            line = longer
        if line:
            yield line

"""How the height of the timeline is shared out."""

from __future__ import annotations

from dataclasses import dataclass

RULER = 24
MARKERS = 22
TRACK = 22
GAP = 4
LEAST_FILM = 36
MOST_FILM = 128
LEAST_CURVE = 26


@dataclass(frozen=True)
class Span:
    top: int
    height: int

    @property
    def bottom(self) -> int:
        """The first pixel below."""
        return self.top + self.height

    def __contains__(self, y: float) -> bool:
        return self.top <= y < self.bottom


@dataclass(frozen=True)
class Rows:
    ruler: Span
    markers: Span
    film: Span
    curve: Span
    tracks: Span


def least_height() -> int:
    return RULER + MARKERS + LEAST_FILM + LEAST_CURVE + TRACK + 2 * GAP


def rows(height: int, track_count: int) -> Rows:
    """Tracks get what they need up to half; film and curve share the rest."""
    rest = max(height, least_height()) - RULER - MARKERS - 2 * GAP
    most = max(min(int(rest * 0.48), rest - LEAST_FILM - LEAST_CURVE), TRACK)
    tracks = min(max(track_count, 1) * TRACK, most)
    film = min(max(int((rest - tracks) * 0.62), LEAST_FILM), MOST_FILM)
    curve = rest - tracks - film
    top = RULER + MARKERS
    return Rows(
        Span(0, RULER),
        Span(RULER, MARKERS),
        Span(top, film),
        Span(top + film + GAP, curve),
        Span(top + film + curve + 2 * GAP, tracks),
    )

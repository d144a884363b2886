"""Everything the board draws, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from studio.ui.timeline.axis import Axis
from studio.ui.timeline.facts import Keyframe, Marker, Take, Way
from studio.ui.timeline.losses import Losses
from studio.ui.timeline.previews import Previews
from studio.ui.timeline.tree import Track, lineage, tracks


@dataclass
class Scene:
    """What is on the timeline now; the board reads it, the timeline writes it."""

    axis: Axis = field(default_factory=Axis)
    tracks: Sequence[Track] = ()
    lineage: dict[int, int] = field(default_factory=dict)
    take: int | None = None
    losses: Losses = field(default_factory=Losses)
    previews: Previews = field(default_factory=Previews)
    keyframes: Sequence[Keyframe] = ()
    ways: Sequence[Way] = ()
    markers: Sequence[Marker] = ()
    planned: int = 0
    """Iterations that there will be once all that is planned is painted."""
    position: int = 0
    first: int | None = None
    last: int | None = None
    track_scroll: int = 0
    """Pixels of the tracks that are above the part in sight."""

    def set_takes(self, takes: Sequence[Take]) -> None:
        self.tracks = tracks(takes)
        self.measure()

    def measure(self) -> None:
        """The take shown may have grown, or be another one, since the tree was told."""
        length = len(self.losses)
        self.tracks = [
            replace(each, take=replace(each.take, length=length))
            if each.take.number == self.take
            else each
            for each in self.tracks
        ]
        self.lineage = lineage([each.take for each in self.tracks], self.take)

    def extent(self) -> int:
        """Iterations there is something to say about, in whichever take."""
        ends = [each.take.length for each in self.tracks]
        keyframes = [each.iteration + 1 for each in self.keyframes]
        markers = [each.iteration + 1 for each in self.markers]
        return max(self.reach(), 1, *ends, *keyframes, *markers)

    def reach(self) -> int:
        """Iterations that the playhead can go to: painted or planned."""
        return max(len(self.losses), self.planned)

    def keyframe_at(self, iteration: int) -> Keyframe | None:
        """The keyframe at an iteration."""
        return next((each for each in self.keyframes if each.iteration == iteration), None)

    def playable(self) -> tuple[int, int]:
        """The first and the last iteration that playing shows."""
        end = max(len(self.losses) - 1, 0)
        last = end if self.last is None else min(self.last, end)
        return min(self.first or 0, last), last

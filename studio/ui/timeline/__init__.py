"""The timeline: every iteration of the current take, and the tree of takes beside it.

Plain data goes in, signals come out; nothing here knows a project.

- `set_takes` gives the tree, `show_take(number, losses)` the take to show: one loss for each of
  its iterations, inherited ones included (nan where there is none). While painting,
  `append_losses` makes it longer.
- Previews come on demand. `previews_wanted` names the iterations that are in sight and still
  missing, most wanted first; every list replaces the one before. Answer with `set_preview` in any
  order, late or never. After `show_take`, answers meant for the take before must be dropped.
- `position_changed` says which iteration to show, whoever moved the playhead. While `is_live`
  it follows the newest, and the canvas may show what the painter sends instead.
- It plays by the clock and only while it is on the screen; hiding it stops it.
- Keyframes and the points in and out are only drawn here: `keyframe_moved` asks for a move, and
  the answer is another `set_keyframes`. The range is kept here and reported.
- `set_planned` says how many iterations there are going to be. The playhead can be put ahead of
  what is painted; nothing plays there.

Keys, where no shortcut of the window takes them first: left and right (with shift ten), comma and
full stop, page up and down (a second of playing), Home, End, Space, J K L (with K held, J and L
step), I, O, backslash (once, loop, ping-pong), plus, minus and 0 (zoom), Alt+I, Alt+O, Alt+X,
Alt+left and Alt+right (previous and next keyframe), Enter (add a keyframe).
"""

from studio.ui.timeline.facts import Keyframe, Marker, PlayMode, Take, Way
from studio.ui.timeline.timeline import Timeline

__all__ = ["Keyframe", "Marker", "PlayMode", "Take", "Timeline", "Way"]

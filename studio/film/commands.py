"""The words for ffmpeg: what it reads, how it encodes, what it writes. Nothing is run here."""

from __future__ import annotations

from pathlib import Path

from studio.core.film import Quality
from studio.film.formats import delays
from studio.film.spec import Spec

SEAM = 6
"""Quantizer of the frames where a film joins its beginning, 0..51; 0 is without loss."""
DITHER: dict[Quality, str] = {
    "draft": "bayer:bayer_scale=3",
    "good": "sierra2_4a",
    "best": "floyd_steinberg",
}
SEEN_FRAMES, SEEN_SIDE = 100, 160
"""Frames, and pixels along their longer side, that the colours of a GIF are chosen by."""
_COLOUR = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
_TO_VIDEO = "scale=out_color_matrix=bt709:out_range=tv"
_QUIET = ("-hide_banner", "-nostats", "-v", "error", "-y")


def video(spec: Spec, out: Path) -> list[str]:
    """Frames on standard input to a film that ffmpeg makes in one go."""
    words = [*_told(), *_frames(spec)]
    if spec.soundtrack is not None:
        words += ["-i", as_file(spec.soundtrack), "-map", "0:v", "-map", "1:a:0"]
        # Silence behind it without end, cut where the pictures end.
        words += ["-af", f"apad,atrim=end={float(spec.seconds):.6f}"]
        words += ["-c:a", spec.format.sound, "-b:a", "160k"]
    words += [*_colour(spec), "-fps_mode", "passthrough", "-c:v", spec.format.encoder]
    words += [*spec.format.told, *spec.format.qualities.get(spec.quality, ()), *_joint(spec)]
    about = {"title": spec.about.prompt, "comment": spec.about.line(), **spec.about.words()}
    for name, value in about.items():
        words += ["-metadata", f"{name}={value}"]
    return [*words, "-f", spec.format.kind, as_file(out)]


def gathering(spec: Spec, frames: Path, palette: Path) -> list[str]:
    """Frames on standard input to a lossless film beside, and the colours that suit all of it."""
    return [
        *_told(),
        *_frames(spec),
        *("-filter_complex", f"[0:v]format=rgb24,split[all][seen];[seen]{_colours(spec)}[colours]"),
        *("-map", "[all]", "-fps_mode", "passthrough"),
        *("-c:v", "libx264rgb", "-preset", "ultrafast", "-qp", "0", "-f", "matroska"),
        as_file(frames),
        *("-map", "[colours]", "-frames:v", "1", "-update", "1", "-f", "image2", as_file(palette)),
    ]


def _colours(spec: Spec) -> str:
    """The filters that find the colours: palettegen takes ages where no two pixels are alike."""
    every = -(-spec.frames // SEEN_FRAMES)
    scale = min(1.0, SEEN_SIDE / max(spec.size))
    width, height = (max(1, round(side * scale)) for side in spec.size)
    return f"select=not(mod(n\\,{every})),scale={width}:{height}:flags=neighbor,palettegen"


def gif(spec: Spec, palette: Path, out: Path) -> list[str]:
    """A lossless film on standard input, and its colours, to a GIF."""
    last = delays(spec.format, spec.fps, spec.frames)[-1]
    return [
        *_told(),
        *("-f", "matroska", "-r", str(spec.rate), "-i", "pipe:0"),
        *("-i", as_file(palette)),
        "-filter_complex",
        f"[0:v][1:v]paletteuse=dither={DITHER[spec.quality]}:diff_mode=rectangle",
        *("-fps_mode", "passthrough", "-c:v", "gif"),
        *("-loop", "0" if spec.repeats else "-1", "-final_delay", str(last)),
        *("-f", "gif", as_file(out)),
    ]


def sound_check(soundtrack: Path) -> list[str]:
    """The beginning of a sound file to nowhere."""
    found = ["-i", as_file(soundtrack), "-map", "0:a:0", "-t", "0.2"]
    return [*_QUIET, "-nostdin", *found, "-f", "null", "-"]


def as_file(path: Path) -> str:
    """A path that ffmpeg takes for nothing else, whatever it begins with."""
    return f"file:{path}"


def _colour(spec: Spec) -> list[str]:
    """How colour is kept."""
    if spec.format.pixels.startswith("rgb"):
        return ["-vf", f"format={spec.format.pixels}"]
    return ["-vf", f"{_TO_VIDEO},format={spec.format.pixels}", *_COLOUR, "-color_range", "tv"]


def _joint(spec: Spec) -> list[str]:
    if spec.format.joint == "plays":
        return ["-plays", "0" if spec.repeats else "1"]
    if spec.format.joint == "zones":
        return _seam(spec)
    return _same_end(spec) if spec.format.joint == "keyframe" else []


def _seam(spec: Spec) -> list[str]:
    """Next to no loss where a film joins its beginning: else what is lost there is a jump."""
    if not spec.repeats or spec.frames < 8:
        return []
    end = spec.frames - 1
    return ["-x264-params", f"zones=0,0,q={SEAM}/{end - 2},{end},q={SEAM}"]


def _same_end(spec: Spec) -> list[str]:
    """The last picture is coded by itself, as the first one is: so what is lost is alike."""
    return ["-force_key_frames", f"expr:eq(n,{spec.frames - 1})"] if spec.repeats else []


def _told() -> list[str]:
    return [*_QUIET, "-progress", "pipe:1", "-stats_period", "0.2"]


def _frames(spec: Spec) -> list[str]:
    rate = ["-framerate", str(spec.rate), "-i", "pipe:0"]
    if spec.pixels == "jpeg":
        return ["-f", "image2pipe", "-c:v", "mjpeg", *rate]
    width, height = spec.size
    return ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", *rate]

"""Films through the command line: exactly what they promise, looked at with ffmpeg and Pillow."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio import cli, places
from studio.core.film import Order, Quality
from studio.film.formats import delays, format_of_kind
from studio.filming.planning import plan
from studio.project.file import Project
from tests.film.conftest import Film, Pixels, ffmpeg, picture, psnr

pytestmark = pytest.mark.slow

EXAMPLE = places.examples() / "Example Shapes.vqproj"


@pytest.fixture
def exported(capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, object]]:
    """Export on the command line; returns the answer."""

    def export(project: Path, out: Path, *words: str) -> dict[str, object]:
        status = cli.main(["export", str(project), str(out), "--json", *words])
        captured = capsys.readouterr()
        assert status == 0, captured.err
        answer: dict[str, object] = json.loads(captured.out)
        return answer

    return export


CODECS = {
    ".mp4": ("h264", "yuv420p"),
    ".webm": ("vp9", "yuv420p"),
    ".mov": ("prores", "yuv422p10le"),
    ".apng": ("apng", "rgb24"),
}
VIDEOS = [
    (".mov", "--duration 0.4 --fps 12.5", 0.4, 12.5),
    (".apng", "--duration 0.4 --fps 12.5", 0.4, 12.5),
    (".mp4", "", 24 / 12, 30),
    (".mp4", "--fps 23.976 --duration 1.7", 1.7, 23.976),
    (".mp4", "--pace even --loop loop --duration 3 --fps 20", 3, 20),
    (".mp4", "--loop pingpong --speed 40 --fps 60 --quality draft", 46 / 40, 60),
    (".mp4", "--from 3 --to 9 --hold-first 0.5 --hold-last 1 --duration 3 --quality best", 3, 30),
    (".mp4", "--mode morph --path along --duration 2 --fps 12.5", 2, 12.5),
    (".webm", "--duration 1.5 --fps 29.97 --quality draft", 1.5, 29.97),
    (".webm", "--pace even --loop pingpong --duration 1 --fps 25", 1, 25),
    (".webm", "--mode morph --path along --loop loop --pace even --fps 24", 5, 24),
    (".mp4", "--size 96x120 --fit crop --captions --duration 1", 1, 30),
    (".mp4", "--size 120x96 --fit whole --duration 0.5 --preset web", 0.5, 30),
]


@pytest.mark.parametrize(("suffix", "words", "seconds", "fps"), VIDEOS)
def test_a_video_has_the_codec_format_frames_rate_and_size_it_promises(
    suffix: str,
    words: str,
    seconds: float,
    fps: float,
    painted: Callable[..., Path],
    exported: Callable[..., dict[str, object]],
    watched: Callable[[Path], Film],
    tmp_path: Path,
) -> None:
    out = tmp_path / f"film{suffix}"
    answer = exported(painted(), out, *words.split())
    film = watched(out)
    codec, pixels = CODECS[suffix]
    assert film.codec == codec
    assert film.pixel_format == pixels
    assert len(film.frames) == answer["frames"] == round(seconds * fps)
    assert film.fps == pytest.approx(fps, abs=0.006)
    assert answer["fps"] == fps
    assert list(film.size) == answer["size"]
    assert answer["bytes"] == out.stat().st_size
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_stops_are_shown_at_their_times(
    painted: Callable[..., Path],
    exported: Callable[..., dict[str, object]],
    watched: Callable[[Path], Film],
    tmp_path: Path,
) -> None:
    out = tmp_path / "film.mp4"
    words = "--mode morph --path along --from 2 --to 20 --loop loop --quality best --fps 20"
    answer = exported(painted(), out, *words.split())
    frames = watched(out).frames
    assert answer["stop_frames"] == [0, 50]
    assert psnr(frames[0], picture(2)) > 33
    assert psnr(frames[50], picture(20)) > 33
    assert psnr(frames[50], picture(2)) < 25


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (".mp4", "--pace even"),
        (".mp4", "--mode morph --path along"),
        (".mp4", "--mode morph --path along --pace even"),
        (".webm", "--mode morph --path along"),
    ],
)
def test_a_loop_joins_its_beginning_by_no_more_than_a_usual_step(
    ending: str,
    words: str,
    exported: Callable[..., dict[str, object]],
    watched: Callable[[Path], Film],
    tmp_path: Path,
) -> None:
    out = tmp_path / f"film{ending}"
    exported(EXAMPLE, out, *words.split(), "--loop", "loop")
    frames = watched(out).frames
    changes = [change(a, b) for a, b in pairwise(frames)]
    assert change(frames[-1], frames[0]) <= np.median(changes)


def test_mp4_begins_with_its_index_and_tells_what_was_painted(
    painted: Callable[..., Path],
    exported: Callable[..., dict[str, object]],
    watched: Callable[[Path], Film],
    tmp_path: Path,
) -> None:
    out = tmp_path / "film.mp4"
    exported(painted(), out, "--duration", "0.3")
    data = out.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    said = watched(out).said
    assert "title           : waves at dawn" in said
    assert "seed            : 7" in said
    assert "model           : starter" in said


@pytest.mark.parametrize("words", ["", "--pace even", "--loop loop --hold-last 0.5"])
def test_a_gif_has_every_frame_and_its_exact_length(
    words: str,
    painted: Callable[..., Path],
    exported: Callable[..., dict[str, object]],
    tmp_path: Path,
) -> None:
    out = tmp_path / "film.gif"
    answer = exported(painted(), out, "--duration", "2.1", "--fps", "15", *words.split())
    with Image.open(out) as film:
        assert film.n_frames == answer["frames"] == 32  # type: ignore[attr-defined]
        assert shown(film) == [10 * each for each in delays(format_of_kind("gif"), 15, 32)]
        assert abs(sum(shown(film)) - 32 / 15 * 1000) <= 5
        film.seek(0)
        assert b"waves at dawn" in out.read_bytes()
        assert (film.info.get("loop") == 0) == ("loop" in words)
        assert psnr(np.asarray(film.convert("RGB")), picture(0)) > 23
        film.seek(31 if "loop" not in words else film.n_frames // 2)  # type: ignore[attr-defined]
        assert psnr(np.asarray(film.convert("RGB")), picture(0)) < 20


@pytest.mark.parametrize("size", [(128, 128), (320, 320)])
@pytest.mark.parametrize("quality", ["draft", "good"])
@pytest.mark.parametrize("example", ["Example Shapes", "Example Sunset, then stars"])
def test_a_gif_is_as_large_as_was_foretold_within_a_third(
    example: str,
    quality: Quality,
    size: tuple[int, int],
    exported: Callable[..., dict[str, object]],
    tmp_path: Path,
) -> None:
    path = places.examples() / f"{example}.vqproj"
    words = ("--size", "x".join(map(str, size)), "--fps", "10", "--quality", quality)
    found = exported(path, tmp_path / "film.gif", *words)["bytes"]
    with Project.open(path, read_only=True) as project:
        foretold = plan(project, Order(fps=10, size=size, quality=quality), "gif").bytes
    assert foretold == pytest.approx(found, rel=1 / 3)


def test_a_webp_has_every_frame_be_it_like_the_one_before(
    painted: Callable[..., Path],
    exported: Callable[..., dict[str, object]],
    tmp_path: Path,
) -> None:
    out = tmp_path / "film.webp"
    answer = exported(painted(4), out, "--fps", "24", "--hold-last", "1", "--loop", "loop")
    with Image.open(out) as film:
        assert film.n_frames == answer["frames"]  # type: ignore[attr-defined]
        assert shown(film) == delays(format_of_kind("webp"), 24, film.n_frames)  # type: ignore[attr-defined]
        assert film.info["loop"] == 0
        assert b"waves at dawn" in film.info["xmp"]
        film.seek(0)
        assert psnr(np.asarray(film.convert("RGB")), picture(0)) > 30


def test_a_folder_has_numbered_pictures_and_is_replaced_whole(
    painted: Callable[..., Path],
    exported: Callable[..., dict[str, object]],
    tmp_path: Path,
) -> None:
    out = tmp_path / "frames"
    exported(painted(), out, "--duration", "0.4")
    exported(painted_again := tmp_path / "a project ünï.vqproj", out, "--duration", "0.2")
    assert painted_again.exists()
    names = sorted(each.name for each in out.iterdir())
    assert names == [f"frame-{number:06}.png" for number in range(6)]
    with Image.open(out / names[-1]) as last:
        assert last.text["prompt"] == "waves at dawn"  # type: ignore[attr-defined]
        assert psnr(np.asarray(last), picture(23)) > 36


def test_a_png_is_the_picture_at_its_end(
    painted: Callable[..., Path], exported: Callable[..., dict[str, object]], tmp_path: Path
) -> None:
    out = tmp_path / "picture.png"
    answer = exported(painted(), out, "--to", "5")
    assert (answer["frames"], answer["size"]) == (1, [64, 48])
    with Image.open(out) as still:
        assert psnr(np.asarray(still), picture(5)) > 36


def test_a_morph_along_two_takes_comes_through_what_they_share(
    painted: Callable[..., Path],
    exported: Callable[..., dict[str, object]],
    tmp_path: Path,
) -> None:
    from studio.core.film import Order, Stop

    project = painted(12, branch_at=6)
    stops = tuple(Stop(take=take, iteration=9, hold=0, travel=2) for take in (1, 2))
    with Project.open(project) as opened:
        opened.set_film(Order(mode="morph", stops=stops))
        assert opened.film == Order(mode="morph", stops=stops)
    out = tmp_path / "frames"
    exported(project, out, "--mode", "morph", "--path", "along", "--fps", "10.5")
    shown = [np.asarray(Image.open(each)) for each in sorted(out.iterdir())]
    assert psnr(shown[0], picture(9)) > 36
    assert psnr(shown[-1], picture(109)) > 36
    assert max(psnr(each, picture(5)) for each in shown) > 33


def test_sound_is_as_long_as_the_film_be_it_shorter_or_longer(
    painted: Callable[..., Path],
    exported: Callable[..., dict[str, object]],
    watched: Callable[[Path], Film],
    tmp_path: Path,
) -> None:
    project = painted()
    for number, (seconds, suffix, codec) in enumerate([(0.4, ".mp4", "aac"), (9, ".webm", "opus")]):
        sound, out = tmp_path / "a tone.wav", tmp_path / f"film{number}{suffix}"
        tone = f"sine=frequency=440:duration={seconds}"
        assert ffmpeg("-y", "-f", "lavfi", "-i", tone, str(sound)).returncode == 0
        exported(project, out, "--soundtrack", str(sound), "--duration", "2", "--fps", "12")
        film = watched(out)
        assert len(film.frames) == 24
        assert f"Audio: {codec}" in film.said
        raw = ffmpeg("-v", "error", "-i", str(out), "-f", "s16le", "-ac", "1", "-ar", "8000", "-")
        assert len(raw.stdout) / 2 / 8000 == pytest.approx(2, abs=0.06)


def test_an_even_pace_is_much_more_even_than_a_plain_timelapse(
    exported: Callable[..., dict[str, object]], tmp_path: Path
) -> None:
    spread = {}
    for pace in ("iterations", "even"):
        out = tmp_path / pace
        exported(EXAMPLE, out, "--pace", pace)
        shown = [np.asarray(Image.open(each)) for each in sorted(out.iterdir())]
        changes = np.array([change(a, b) for a, b in pairwise(shown)])
        spread[pace] = changes.std() / changes.mean()
    assert spread["iterations"] > 3 * spread["even"]


def change(one: Pixels, other: Pixels) -> float:
    return float(np.sqrt(np.square(one.astype(np.float64) - other).mean()))


def shown(film: Image.Image) -> list[int]:
    times = []
    for number in range(film.n_frames):  # type: ignore[attr-defined]
        film.seek(number)
        film.load()
        times.append(film.info["duration"])
    return times

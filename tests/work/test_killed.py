"""kill -9 while the bridge paints: all iterations that were told of are there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studio.project.file import Project
from studio.work.easel import untitled_folder
from studio.work.studio import Studio
from tests.work.conftest import Person

pytestmark = pytest.mark.slow

PAINT = """
from PySide6.QtCore import QCoreApplication
from studio.core.settings import Prompt, Settings
from studio.work.facts import Draft
from studio.work.studio import Studio
app = QCoreApplication([])
studio = Studio()
studio.news.connect(lambda news: print(news.iterations[-1].number, flush=True))
studio.create(Draft(Settings(prompts=(Prompt(text="sea"),), size=(32, 32), cutouts=2)), 100000)
app.exec()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_what_was_painted_before_a_kill_is_there(
    studio: Studio, person: Person, folder: Path
) -> None:
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root), "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PAINT],
        stdout=subprocess.PIPE,
        env=environment,
        encoding="utf-8",
    ) as child:
        assert child.stdout is not None
        told = -1
        for line in child.stdout:
            told = int(line)
            if told >= 60:
                break
        child.send_signal(signal.SIGKILL)
        child.wait()
    [left] = untitled_folder().glob("*.vqproj")
    studio.list_projects()
    welcome = person.wait_for("welcome")
    assert [listed.path for listed in welcome.unsaved] == [left]
    with Project.open(left, read_only=True) as project:
        painted = project.length(1)
    assert painted > told
    studio.open(left)
    contents = person.wait_for("opened")
    assert contents.untitled
    assert len(contents.iterations) == painted
    studio.paint(1, 3)
    person.wait_for("finished")
    assert [each.number for news in person.all("news") for each in news.iterations] == [
        painted,
        painted + 1,
        painted + 2,
    ]

"""Models on their way here, as the bridge tells of them; the window's tests go the whole way."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.core.schedule import Change
from studio.core.settings import Prompt, Settings
from studio.models import shelf
from studio.models.fetch import Patience
from studio.project.document import ModelRef
from studio.work import stocktaking
from studio.work.downloads import Downloads
from studio.work.facts import Contents
from studio.work.stock import Key, Lack, Model
from studio.work.studio import Studio
from tests.ui.models.offers import CLIP, UNKNOWN, VQGAN, offer
from tests.ui.models.server import Server, serving

PAINTER: Key = (VQGAN, "vqgan")


@pytest.fixture
def server(
    studio: Studio, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    monkeypatch.setenv("VQGAN_CLIP_STUDIO_CATALOGUE", str(tmp_path / "catalogue.json"))
    studio.downloads._patience = Patience(stall=20, attempts=1, pause=0)
    with serving() as server:
        offer(server, tmp_path)
        yield server


def counted(studio: Studio, qtbot: QtBot) -> dict[Key, Model]:
    with qtbot.waitSignal(studio.downloads.stock) as told:
        studio.downloads.look()
    assert told.args is not None
    return {model.key: model for model in told.args[0].models}


def test_the_stock_is_what_is_here_and_what_can_be_had(
    studio: Studio, server: Server, qtbot: QtBot
) -> None:
    models = counted(studio, qtbot)
    assert models["starter", "vqgan"].is_here
    assert not models["starter", "vqgan"].is_listed
    assert models["starter", "vqgan"].factor == 2
    assert models[PAINTER].state == "offered"
    assert models[PAINTER].bytes == len(server.files["vqgan.ckpt"])
    assert models[UNKNOWN, "vqgan"].needs_trust
    assert models[CLIP, "clip"].is_recommended


def test_several_come_at_once_and_each_can_rest(
    studio: Studio, server: Server, qtbot: QtBot
) -> None:
    counted(studio, qtbot)
    server.holds_at = {"vqgan.ckpt": 1000, "clip.pt": 1000}
    heard: dict[Key, list[str]] = {}
    studio.downloads.changed.connect(
        lambda model: heard.setdefault(model.key, []).append(model.state)
    )
    other: Key = (CLIP, "clip")
    for key in (PAINTER, other):
        studio.downloads.get(key)
    qtbot.waitUntil(lambda: all("getting" in heard.get(key, ()) for key in (PAINTER, other)))
    studio.downloads.pause(PAINTER)
    qtbot.waitUntil(lambda: heard[PAINTER][-1] == "paused")
    assert heard[other][-1] == "getting"
    studio.close()
    parts = sorted(path.name for path in shelf.shelf().rglob("*.part"))
    assert parts == ["clip.pt.part", "vqgan.ckpt.part"]


def test_a_count_that_began_before_a_model_came_does_not_hide_it(
    studio: Studio, server: Server, qtbot: QtBot
) -> None:
    asked, arrived, states = list[None](), list[Model](), list[str]()
    downloads = Downloads(studio.errands, lambda: asked.append(None))
    downloads.arrived.connect(arrived.append)
    downloads.stock.connect(
        lambda stock: states.extend(each.state for each in stock.models if each.key == PAINTER)
    )
    server.holds_at = {"vqgan.ckpt": 1000}
    downloads.show_counted(stocktaking.counted())
    with qtbot.waitSignal(
        downloads.changed, check_params_cb=lambda model: model.state == "getting"
    ):
        downloads.get(PAINTER)
    old = stocktaking.counted()
    server.let_go()
    qtbot.waitUntil(lambda: bool(asked))
    downloads.show_counted(old)
    assert not arrived
    downloads.show_counted(stocktaking.counted())
    assert [model.key for model in arrived] == [PAINTER]
    downloads.show_counted(stocktaking.counted())
    assert len(arrived) == 1
    assert states == ["offered", "converting", "here", "here"]


def test_the_stock_can_be_counted_while_files_come_and_go(server: Server) -> None:
    folder = shelf.shelf() / "busy" / "coming"
    done = threading.Event()

    def bustle() -> None:
        while not done.is_set():
            folder.mkdir(parents=True)
            for number in range(20):
                (folder / str(number)).touch()
            shutil.rmtree(folder)

    busy = threading.Thread(target=bustle)
    busy.start()
    try:
        for _ in range(100):
            assert stocktaking.counted().used == 0
    finally:
        done.set()
        busy.join()


def test_nobody_gets_what_is_untrusted_without_a_word(
    studio: Studio, server: Server, qtbot: QtBot
) -> None:
    counted(studio, qtbot)
    with qtbot.waitSignal(
        studio.downloads.changed, check_params_cb=lambda model: model.state == "failed"
    ) as told:
        studio.downloads.get((UNKNOWN, "vqgan"))
    assert told.args is not None
    assert "sha256" in told.args[0].problem
    assert not server.begun


def test_what_cannot_be_taken_in_is_told(studio: Studio, tmp_path: Path, qtbot: QtBot) -> None:
    for paths in ([tmp_path / "not there.ckpt"], [tmp_path / "model.yaml"]):
        with qtbot.waitSignal(studio.downloads.refused) as told:
            studio.downloads.take_in(paths)
        assert told.args is not None
        assert len(told.args[0]) == 1


def test_the_starter_is_not_removed(studio: Studio, server: Server, qtbot: QtBot) -> None:
    with qtbot.waitSignal(studio.downloads.refused) as told:
        studio.downloads.remove(("starter", "vqgan"))
    assert told.args is not None
    assert counted(studio, qtbot)["starter", "vqgan"].is_here


def test_a_project_lacks_what_is_not_here(server: Server) -> None:
    def lacks(model: str, *perceptors: str) -> list[tuple[str, str, bool]]:
        settings = Settings(prompts=(Prompt(text="sea"),), model=model, perceptors=perceptors)
        found = stocktaking.lacks(contents(settings))
        return [(lack.name, lack.kind, lack.is_listed) for lack in found]

    assert lacks("starter", "starter") == []
    assert lacks(VQGAN, "starter") == [(VQGAN, "vqgan", True)]
    assert lacks("unheard of", "starter", CLIP) == [
        ("unheard of", "vqgan", False),
        (CLIP, "clip", True),
    ]


def test_another_model_of_the_same_name_is_told_apart(
    server: Server, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "models" / "starter"
    mine.mkdir(parents=True)
    for file in (models / "starter").iterdir():
        (mine / file.name).write_bytes(file.read_bytes())
    (mine / "sha256.json").write_text('{"vqgan.safetensors": "' + "1" * 64 + '"}')
    monkeypatch.setenv("VQGAN_CLIP_STUDIO_MODELS", str(mine.parent))
    reference = ModelRef("starter", "0" * 64, "vqgan")
    found = stocktaking.lacks(contents(Settings(prompts=(Prompt(text="sea"),)), reference))
    assert found == (Lack("starter", "vqgan", "0" * 64, is_other=True),)


def contents(settings: Settings, *models: ModelRef) -> Contents:
    return Contents(
        path=Path("a.vqproj"),
        untitled=False,
        takes=(),
        lengths={},
        take=1,
        changes=(Change(0, settings),),
        iterations=(),
        pictures={},
        models=models,
        fell_back=False,
        other_project=True,
    )

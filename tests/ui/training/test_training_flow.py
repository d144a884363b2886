"""A real training of a tiny model, from a dropped folder to the model that is painted with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.training.own import draw_threads
from tests.ui.training.test_training import drop, texts
from tests.ui.window.conftest import Hand, fault, hand, home, open_window

__all__ = ["fault", "hand", "home", "open_window"]


@pytest.mark.slow
def test_own_pictures_become_a_model_that_paints(hand: Hand, tmp_path: Path) -> None:
    folder = tmp_path / "Fäden"
    draw_threads(folder, count=12, side=34)
    (folder / "empty.png").write_bytes(b"")
    hand.window.training.show()
    window = hand.window.training.shown
    assert window is not None
    drop(window, folder)
    hand.wait(lambda: window.page is window.ordering)
    assert "12 pictures can be used" in texts(window.ordering.gallery)
    assert "is empty" in window.ordering.gallery.refused.item(0).text()
    window.ordering.form.side._group.button(0).click()
    hand.wait(window.ordering.start.isEnabled)
    hand.click(window.ordering.start)
    hand.wait(lambda: re.search(r"step ([2-9]|\d\d+) of", texts(window.progress)) is not None)
    assert len(window.progress.growing.history) >= 1
    hand.click(window.progress.keep)
    hand.wait(lambda: window.page is window.judged)
    assert "judged by" in texts(window.judged)
    hand.wait(window.judged.paint.isEnabled)
    hand.click(window.judged.paint)
    assert hand.window.document.settings.model == "fäden"
    assert hand.window.status.training.isHidden()

"""A training is ordered, watched, paused, kept and left to go on, by mouse and keyboard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio.ui.tips import sentence_of
from studio.work.stock import Stock
from studio.work.training_facts import SCRATCH, Estimate, TrainingNews
from tests.ui.training.conftest import Bench
from tests.ui.training.fake import (
    OTHER,
    STARTER,
    a_look,
    a_verdict,
    an_unfinished,
    some_news,
    some_pictures,
)

BARE = Qt.KeyboardModifier.NoModifier


def drop(window: QWidget, *paths: Path) -> None:
    """Files from elsewhere, let go over the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    words = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, BARE
    place = QPointF(window.rect().center())
    QApplication.sendEvent(window, QDragEnterEvent(place.toPoint(), *words))
    QApplication.sendEvent(window, QDropEvent(place, *words, QEvent.Type.Drop))


@pytest.fixture
def woods(tmp_path: Path) -> Path:
    """A folder of pictures of which a few are there."""
    folder = tmp_path / "My woods"
    folder.mkdir()
    for number in range(3):
        Image.new("RGB", (40, 60), (0, 90 + number, 0)).save(folder / f"{number:03}.png")
    return folder


@pytest.fixture
def ordering(bench: Bench, woods: Path) -> Bench:
    """A person who has dropped a folder, which was looked at."""
    drop(bench.training, woods)
    bench.trainings.looked.emit(a_look(woods))
    return bench


def estimate(bench: Bench, **more: object) -> None:
    """Answer the last question of what a training takes."""
    order = bench.trainings.asked_for("estimate")[-1]
    told = Estimate(order, steps=1240, step_seconds=0.46, memory=1_400_000_000, disk=120_000_000)
    bench.trainings.estimated.emit(replace(told, **more))  # type: ignore[arg-type]


def texts(widget: QWidget) -> str:
    """All that it says."""
    labels = widget.findChildren(QWidget)
    return "\n".join(each.text() for each in labels if hasattr(each, "text") and each.isVisible())


def test_a_folder_is_dropped_and_told_of(bench: Bench, woods: Path) -> None:
    window = bench.training
    drop(window, woods)
    assert bench.trainings.asked_for("look") == [woods]
    bench.trainings.looking.emit(3, 26)
    assert not window.first.zone.isEnabled()
    bench.trainings.looked.emit(a_look(woods))
    assert window.page is window.ordering
    told = texts(window.ordering.gallery)
    assert "24 pictures can be used" in told
    assert "5 of them have a caption" in told
    assert "2 files are not used" in told
    rows = window.ordering.gallery.refused
    assert [rows.item(n).text() for n in range(2)] == [
        "broken.jpg is cut short",
        "tiny.png is too small: 1x1",
    ]
    squares = window.ordering.gallery.squares
    bench.wait(lambda: len(squares.pictures) == 3)
    assert squares.pictures[woods / "002.png"].pixelColor(9, 9).green() == 92


def test_pictures_that_are_dropped_stand_for_their_folder(bench: Bench, woods: Path) -> None:
    drop(bench.training, woods / "000.png", woods / "001.png")
    assert bench.trainings.asked_for("look") == [woods]
    drop(bench.training, woods, woods.parent)
    assert bench.trainings.asked_for("look") == [woods]
    assert "several folders" in bench.training.first.problem.text()


def test_a_folder_that_is_no_use_is_told_of_where_it_was_dropped(bench: Bench, woods: Path) -> None:
    window = bench.training
    drop(window, woods)
    bench.trainings.refused.emit("The folder cannot be read.")
    assert window.page is window.first
    assert window.first.problem.text() == "The folder cannot be read."
    assert window.first.zone.isEnabled()
    drop(window, woods)
    few = a_look(woods, 3, 0, "The folder holds 3 usable pictures, and training needs 8.")
    bench.trainings.looked.emit(few)
    assert "needs 8" in window.ordering.gallery.problem.text()
    assert not window.ordering.start.isEnabled()
    assert not bench.trainings.asked_for("estimate")


def test_what_it_takes_is_told_before_it_starts(ordering: Bench, woods: Path) -> None:
    page = ordering.training.ordering
    (asked,) = ordering.trainings.asked_for("estimate")
    assert (asked.folder, asked.base, asked.size, asked.minutes) == (woods, "starter", 128, 10)
    assert asked.name == "my-woods"
    assert not page.start.isEnabled()
    estimate(ordering)
    assert {"1.4 GB", "120 MB", "0.46 s"} <= set(texts(page).split("\n"))
    ordering.click(page.start)
    assert ordering.trainings.asked_for("start") == [asked]
    assert ordering.training.page is ordering.training.progress


def test_every_edit_is_measured_anew_and_a_name_is_checked(ordering: Bench) -> None:
    page = ordering.training.ordering
    estimate(ordering)
    page.form.bases.cards[OTHER.name].click()
    page.form.time.switch._group.button(2).click()
    page.form.side._group.button(0).click()
    assert not page.start.isEnabled()
    ordering.wait(lambda: len(ordering.trainings.asked_for("estimate")) == 2)
    asked = ordering.trainings.asked_for("estimate")[-1]
    assert (asked.base, asked.minutes, asked.size) == (OTHER.name, 60, 64)
    estimate(ordering)
    page.form.name.selectAll()
    QTest.keyClicks(page.form.name, "oaks")
    assert page.start.isEnabled()
    ordering.wait(lambda: len(ordering.trainings.asked_for("estimate")) == 3)
    estimate(ordering, steps=0, problem="There is an unfinished training oaks; discard it.")
    assert not page.start.isEnabled()
    QTest.keyClicks(page.form.name, "2")
    ordering.wait(lambda: len(ordering.trainings.asked_for("estimate")) == 4)
    estimate(ordering)
    ordering.click(page.start)
    assert ordering.trainings.asked_for("start") == [replace(asked, name="oaks2")]


def test_an_answer_to_an_older_question_is_not_taken_for_the_new_one(ordering: Bench) -> None:
    page = ordering.training.ordering
    page.form.bases.cards[SCRATCH].click()
    ordering.wait(lambda: len(ordering.trainings.asked_for("estimate")) == 2)
    first = ordering.trainings.asked_for("estimate")[0]
    ordering.trainings.estimated.emit(Estimate(first, steps=1))
    assert not page.start.isEnabled()


def test_a_time_of_ones_own_and_weights(ordering: Bench) -> None:
    form = ordering.training.ordering.form
    form.time.switch._group.button(4).click()
    assert form.time.box.isVisible()
    form.time.box.selectAll()
    QTest.keyClicks(form.time.box, "45")
    form.advanced._title.click()
    form.part._group.button(1).click()
    form.weights.boxes["adversarial"].setValue(0)
    form.commit()
    order = form.order
    assert (order.minutes, order.part, order.weights.adversarial) == (45, "decoder", 0)
    form.weights.reset.click()
    assert form.order.weights.adversarial > 0


@pytest.mark.parametrize("name", ["", STARTER.name])
def test_a_name_is_needed_that_no_model_has(ordering: Bench, name: str) -> None:
    page = ordering.training.ordering
    estimate(ordering)
    page.form.name.selectAll()
    QTest.keyClick(page.form.name, Qt.Key.Key_Delete)
    QTest.keyClicks(page.form.name, name)
    assert page.form.name_note.isVisible()
    assert not page.start.isEnabled()
    assert sentence_of(page.start) == page.form.name_note.text()


def test_a_problem_says_what_to_do_and_nothing_starts(ordering: Bench) -> None:
    page = ordering.training.ordering
    estimate(ordering, steps=0, problem="Memory is short; choose a smaller size.")
    assert page.said.text() == "Memory is short; choose a smaller size."
    assert page.said.warns
    assert not page.start.isEnabled()
    ordering.click(page.again)
    assert page.again.isHidden()
    assert len(ordering.trainings.asked_for("estimate")) == 2
    estimate(ordering, steps=0, problem="Memory is short; choose a smaller size.")
    page.form.side._group.button(0).click()
    ordering.wait(lambda: len(ordering.trainings.asked_for("estimate")) == 3)
    estimate(ordering, note="Painting will be slower meanwhile.")
    assert page.start.isEnabled()
    assert "slower" in page.said.text()
    ordering.click(page.start)
    ordering.trainings.refused.emit("The disk is full; make room.")
    assert ordering.training.page is page
    assert page.said.text() == "The disk is full; make room."


def test_it_is_watched_while_it_learns(bench: Bench) -> None:
    window = bench.training
    bench.trainings.news.emit(TrainingNews("woods", "preparing", 12, 40))
    assert window.page is window.progress
    assert not window.progress.keep.isEnabled()
    bench.trainings.pictures.emit(some_pictures(0))
    bench.trainings.news.emit(some_news(100))
    bench.trainings.pictures.emit(some_pictures(100))
    bench.trainings.news.emit(some_news(120, first=101))
    told = texts(window.progress)
    assert "step 120 of 400" in told
    assert "2:20 left" in told
    charts = window.progress.charts.charts
    shown = {name for name, chart in charts.items() if chart.isVisible()}
    assert shown >= {"psnr", "l1", "perceptual", "codebook", "codes_used", "perplexity"}
    assert "variation" not in shown
    assert charts["psnr"].told == "21.00 dB"
    assert charts["codes_used"].told == "52%"


def test_a_chart_tells_its_values_under_mouse_and_keys(bench: Bench) -> None:
    window = bench.training
    bench.trainings.news.emit(some_news(20))
    chart = window.progress.charts.charts["codes_used"]
    bench.trainings.news.emit(some_news(40, first=21))
    assert chart.told == "44%"
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Left)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert chart.told == "step 20: 42%"
    assert "step 20: 42%" in chart.accessibleName()
    place, none = QPointF(chart.width() * 0.8, chart.height() / 2), Qt.MouseButton.NoButton
    move = QMouseEvent(QEvent.Type.MouseMove, place, place, none, none, BARE)
    QApplication.sendEvent(chart, move)
    assert chart.told == "step 40: 44%"


def test_earlier_reconstructions_can_be_looked_at(bench: Bench) -> None:
    growing = bench.training.progress.growing
    bench.trainings.news.emit(some_news(300))
    for step in (0, 100, 200):
        bench.trainings.pictures.emit(some_pictures(step))
    assert "22.00 dB" in growing.board.accessibleName()
    growing.slider.setFocus()
    QTest.keyClick(growing.slider, Qt.Key.Key_Home)
    assert "18.00 dB" in growing.board.accessibleName()
    bench.trainings.pictures.emit(some_pictures(300))
    assert "18.00 dB" in growing.board.accessibleName()
    QTest.keyClick(growing.slider, Qt.Key.Key_End)
    bench.trainings.pictures.emit(some_pictures(400))
    assert "22.80 dB" in growing.board.accessibleName()


def test_many_reconstructions_are_thinned_from_first_to_last(bench: Bench) -> None:
    growing = bench.training.progress.growing
    large = some_pictures(0, side=512)
    for step in range(60):
        growing.add(replace(large, step=step))
    steps = [made.step for made in growing.history]
    assert len(steps) <= 10
    assert (steps[0], steps[-1]) == (0, 59)
    assert steps == sorted(steps)


def test_it_rests_and_goes_on(bench: Bench) -> None:
    page = bench.training.progress
    bench.trainings.news.emit(some_news(100))
    bench.click(page.pause)
    bench.trainings.news.emit(some_news(101, "pausing", first=101))
    assert not page.pause.isEnabled()
    bench.trainings.news.emit(some_news(101, "paused", first=102))
    bench.click(page.pause)
    assert [each[0] for each in bench.trainings.asked[-2:]] == ["pause", "resume"]


def test_it_is_kept_or_discarded_after_a_question(ordering: Bench) -> None:
    page = ordering.training.progress
    ordering.trainings.news.emit(some_news(100))
    ordering.click(page.keep)
    assert ordering.trainings.asked_for("stop") == [True]
    ordering.click(page.discard)
    ordering.answer("Cancel")
    assert ordering.trainings.asked_for("stop") == [True]
    ordering.click(page.discard)
    ordering.answer("Discard")
    assert ordering.trainings.asked_for("stop") == [True, False]
    ordering.trainings.news.emit(some_news(100, "discarded", first=101))
    assert ordering.training.page is ordering.training.ordering
    assert ordering.window.status.training.isHidden()


def test_a_training_that_fails_says_why_and_can_go_on(bench: Bench) -> None:
    window = bench.training
    bench.trainings.news.emit(some_news(100))
    window.hide()
    bench.trainings.news.emit(some_news(100, "failed", first=101, problem="The disk is full."))
    assert "The disk is full." in bench.window.notices.bars["training-over"].notice.text
    bench.click(bench.window.notices.bars["training-over"].buttons["see"])
    assert window.progress.problem.text() == "The disk is full."
    bench.click(window.progress.pause)
    assert bench.trainings.asked_for("resume") == [""]


def test_one_that_cannot_begin_says_why_where_it_was_ordered(ordering: Bench) -> None:
    window = ordering.training
    estimate(ordering)
    ordering.click(window.ordering.start)
    ordering.trainings.news.emit(TrainingNews("my-woods", "preparing"))
    problem = "Memory ran out; take a smaller size."
    ordering.trainings.news.emit(TrainingNews("my-woods", "failed", problem=problem))
    assert window.page is window.ordering
    assert window.ordering.said.text() == problem
    assert ordering.window.status.training.isHidden()


def test_a_training_that_rests_is_left_for_another_day(bench: Bench) -> None:
    window = bench.training
    bench.trainings.news.emit(some_news(100))
    assert window.progress.leave.isHidden()
    bench.trainings.news.emit(some_news(101, "paused", first=101))
    bench.click(window.progress.leave)
    assert window.page is window.first
    assert bench.window.status.training.isHidden()
    bench.trainings.resumable.emit((an_unfinished("woods"),))
    bench.click(window.first.rows["woods"].resume)
    assert bench.trainings.asked_for("resume") == ["woods"]


def test_pictures_are_put_away(ordering: Bench) -> None:
    window = ordering.training
    ordering.click(window.ordering.gallery.close_button)
    assert window.page is window.first


def test_it_goes_on_when_its_window_is_closed(bench: Bench) -> None:
    window = bench.training
    bench.trainings.news.emit(some_news(100))
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.isHidden()
    assert not bench.trainings.asked_for("pause")
    bench.trainings.news.emit(some_news(200, first=101))
    assert bench.window.status.training.text() == "Training woods: 50%, 1:40 left"
    bench.click(bench.window.status.training)
    assert window.isVisible()
    assert window.page is window.progress


@pytest.mark.parametrize("improved", [True, False])
def test_the_verdict_is_plain(bench: Bench, improved: bool) -> None:
    window, verdict = bench.training, a_verdict(improved=improved)
    bench.trainings.news.emit(some_news(400))
    bench.trainings.pictures.emit(some_pictures(400))
    bench.trainings.ended.emit(verdict)
    told = texts(window.judged)
    assert verdict.sentence in told
    assert ("did not get better" in told) != improved
    assert ("better" in told.split("\n")) == improved
    assert {"19.20 dB", f"{verdict.after.psnr:.2f} dB", "212"} <= set(told.split("\n"))
    assert window.judged.growing.history


def test_what_came_of_it_is_painted_with_once_it_is_on_the_shelf(bench: Bench) -> None:
    window = bench.training
    bench.trainings.news.emit(some_news(400))
    bench.trainings.ended.emit(a_verdict())
    assert not window.judged.paint.isEnabled()
    woods = replace(OTHER, name="woods", title="woods")
    bench.window.studio.downloads.stock.emit(Stock((STARTER, woods), 0, 1, Path("/models")))
    bench.click(window.judged.models)
    assert bench.window.models.shown is not None
    assert bench.window.models.shown.shelves.chosen_key == woods.key
    bench.click(window.judged.paint)
    assert bench.window.document.settings.model == "woods"
    assert window.isHidden()
    assert bench.window.is_at_canvas
    bench.window.studio.downloads.arrived.emit(woods)
    assert not bench.window.notices.bars


def test_the_end_is_told_over_the_canvas_when_nobody_looks(bench: Bench) -> None:
    window = bench.training
    bench.trainings.news.emit(some_news(400))
    window.hide()
    bench.trainings.news.emit(some_news(400, "done", first=401))
    bench.trainings.ended.emit(a_verdict())
    assert bench.window.status.training.isHidden()
    bar = bench.window.notices.bars["training-over"]
    assert "woods is trained" in bar.notice.text
    bench.click(bar.buttons["see"])
    assert window.isVisible()
    assert window.page is window.judged
    assert not bench.window.notices.bars


def test_the_door_in_the_models_window(bench: Bench) -> None:
    bench.window.models.show()
    models = bench.window.models.shown
    assert models is not None
    bench.click(models._training)
    shown = bench.window.training.shown
    assert shown is not None
    assert shown.isVisible()


def test_an_unfinished_training_is_offered_at_the_start(bench: Bench) -> None:
    bench.trainings.resumable.emit((an_unfinished(), an_unfinished("oaks")))
    bar = bench.window.notices.bars["training-unfinished"]
    assert "sunsets" in bar.notice.text
    bench.click(bar.buttons["resume"])
    assert bench.trainings.asked_for("resume") == ["sunsets"]
    bench.trainings.news.emit(some_news(130, first=1))
    assert bench.training.page is bench.training.progress
    assert not bench.window.notices.bars


def test_unfinished_trainings_stand_on_the_first_page(bench: Bench) -> None:
    window = bench.training
    bench.trainings.resumable.emit((an_unfinished(), an_unfinished("oaks")))
    assert list(window.first.rows) == ["sunsets", "oaks"]
    bench.click(window.first.rows["oaks"].discard)
    bench.answer("Discard")
    assert bench.trainings.asked_for("discard") == ["oaks"]
    bench.trainings.resumable.emit((an_unfinished(),))
    bench.click(window.first.rows["sunsets"].resume)
    assert bench.trainings.asked_for("resume") == ["sunsets"]
    assert window.page is window.progress
    bench.trainings.refused.emit("The VQGAN it began with is another one now.")
    assert "another one" in window.first.problem.text()


def test_quitting_pauses_it_first_if_the_person_wants_to(bench: Bench) -> None:
    bench.trainings.news.emit(some_news(100))
    bench.window.close()
    bench.answer("Go on training")
    assert bench.window.isVisible()
    assert not bench.trainings.asked_for("pause")
    bench.window.close()
    bench.answer("Pause and quit")
    assert bench.trainings.asked_for("pause") == [None]
    assert bench.window.isVisible()
    bench.trainings.news.emit(some_news(101, "pausing", first=101))
    assert bench.window.isVisible()
    bench.trainings.news.emit(some_news(101, "paused", first=102))
    bench.wait(bench.window.isHidden)


def test_nobody_has_to_wait_for_the_pause(bench: Bench) -> None:
    bench.trainings.news.emit(some_news(100))
    bench.window.close()
    bench.answer("Pause and quit")
    bench.answer("Quit at once")
    bench.wait(bench.window.isHidden)


def test_a_paused_training_does_not_hold_the_program_up(bench: Bench) -> None:
    bench.trainings.news.emit(some_news(100, "paused"))
    bench.window.close()
    assert bench.window.isHidden()

"""Settings: what is refused, and which are in force when."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.prompt import parse
from studio.core.schedule import STORY_SPACING, Change, settings_at, story
from studio.core.settings import LARGEST_SEED, LARGEST_SIDE, Crossing, Prompt, Settings
from studio.errors import RequestError

SEA = Settings(prompts=(Prompt(text="sea"),))
SHA256 = "0123456789abcdef" * 4
CHANGES = st.lists(
    st.builds(
        lambda iteration, seed: Change(iteration, msgspec.structs.replace(SEA, seed=seed)),
        st.integers(0, 20),
        st.integers(0, 5),
    ),
    max_size=6,
)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"text": "  "},
        {"text": "sea", "noise": 1},
        {"picture": SHA256, "noise": 1},
        {"text": "sea", "weight": math.nan},
        {"text": "sea", "weight": math.inf},
        {"text": "sea", "stop": -math.inf},
        {"noise": -1},
        {"noise": LARGEST_SEED + 1},
    ],
)
def test_prompts_that_mean_nothing_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match=r"^The|^A prompt"):
        Prompt(**fields)


@pytest.mark.parametrize("data", [b'{"noise": -1}', b'{"text": "sea", "noise": 3}', b"{}"])
def test_prompts_that_mean_nothing_are_not_read_either(data: bytes) -> None:
    with pytest.raises(RequestError):
        msgspec.json.decode(data, type=Prompt)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"prompts": ()}, "no prompt"),
        ({"size": (0, 64)}, "0x64"),
        ({"size": (64, LARGEST_SIDE + 1)}, str(LARGEST_SIDE)),
        ({"seed": -1}, "seed"),
        ({"seed": LARGEST_SEED + 1}, "seed"),
        ({"perceptors": ()}, "CLIP"),
        ({"perceptor_weights": (1.0, 2.0)}, "weights"),
        ({"perceptors": ("a", "b"), "perceptor_weights": (1.0,)}, "weights"),
        ({"perceptors": ("a", "b"), "perceptor_weights": (1.0, 0.0)}, "weight"),
        ({"perceptor_weights": (-1.0,)}, "weight"),
        ({"perceptor_weights": (math.nan,)}, "weight"),
        ({"perceptor_weights": (math.inf,)}, "weight"),
        ({"learning_rate": 0.0}, "learning rate"),
        ({"learning_rate": math.nan}, "learning rate"),
        ({"cutouts": 0}, "cutouts"),
        ({"cutouts": 4097}, "cutouts"),
        ({"start_weight": -0.1}, "init weight"),
        ({"start_weight": math.inf}, "init weight"),
        ({"smooth": -0.1}, "smoothing"),
        ({"smooth": math.nan}, "smoothing"),
        ({"average": 1.0}, "average"),
        ({"average": math.nan}, "average"),
        ({"start": "picture"}, "picture"),
        ({"start_picture": SHA256}, "picture"),
    ],
)
def test_settings_that_cannot_be_painted_are_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestError, match=said) as raised:
        msgspec.structs.replace(SEA, **fields)
    assert str(raised.value).endswith(".")


@given(CHANGES, st.integers(0, 25))
def test_the_last_change_at_or_before_an_iteration_is_in_force(
    changes: list[Change], iteration: int
) -> None:
    expected = None
    for at in range(iteration + 1):
        for change in changes:
            if change.iteration == at:
                expected = change.settings
    if expected is None:
        with pytest.raises(ValueError, match=f"iteration {iteration}"):
            settings_at(changes, iteration)
    else:
        assert settings_at(changes, iteration) == expected


@given(CHANGES, st.integers(0, 25), st.integers(0, 25))
def test_a_change_alters_nothing_before_it(
    changes: list[Change], iteration: int, later: int
) -> None:
    first = [Change(0, SEA), *changes]
    changed = [*first, Change(iteration + 1 + later, msgspec.structs.replace(SEA, seed=99))]
    assert settings_at(changed, iteration) == settings_at(first, iteration)


@given(st.integers(1, 5))
def test_a_story_goes_from_step_to_step_in_the_same_time(length: int) -> None:
    steps = parse(" ^ ".join(f"step {number}" for number in range(length)))
    changes = story(steps, SEA)
    for number, step in enumerate((*steps, steps[-1])):
        at = number * STORY_SPACING
        assert settings_at(changes, at) == msgspec.structs.replace(SEA, prompts=step)
        crossing = settings_at(changes, at + STORY_SPACING // 2).crossing
        if number < length - 1:
            assert crossing == Crossing(prompts=steps[number + 1], share=0.5)
        else:
            assert crossing is None


def test_a_prompt_is_on_unless_it_says_otherwise() -> None:
    assert msgspec.json.decode(b'{"text": "sea"}', type=Prompt).on
    assert b"on" not in msgspec.json.encode(Prompt(text="sea"))


def test_settings_of_older_projects_have_perceptors_that_count_alike() -> None:
    read = msgspec.json.decode(
        b'{"prompts": [{"text": "sea"}], "perceptors": ["a", "b"]}', type=Settings
    )
    assert read.perceptor_weights == ()

"""페이지와 그림말이 말하는 결론을 이 빌드의 수가 뒷받침하는지 봅니다.

문장 곁의 식이 정하는 것은 빌드가 보므로 여기에 다시 적지 않습니다.
"""

import json
import math
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def numbers(built_site: Path) -> dict[str, dict[str, Any]]:
    made = json.loads((built_site / "build.json").read_text("utf-8"))["experiments"]
    return {one["name"]: {**one, **one["numbers"]} for one in made}


def test_the_hangul_reads_and_its_losses_face_each_other(numbers: dict[str, Any]) -> None:
    found = numbers["reading"]
    assert found["samples"] == 5000
    assert found["conditional_label_agreement"] >= 0.95
    assert found["worst_agreement"] >= 0.85
    assert numbers["judge"]["accuracy"] >= 0.95
    assert numbers["hangul"]["first_loss"] == pytest.approx(math.log(2), abs=0.05)


def test_the_hangul_is_near_the_real_and_not_a_copy(numbers: dict[str, Any]) -> None:
    found = numbers["reading"]
    assert numbers["hangul"]["steps"] <= 3000
    assert found["conditional_frechet_distance"] <= 1.5
    assert found["conditional_coverage"] >= 0.80
    assert found["unconditional_coverage"] >= 0.55
    assert found["real_coverage"] > found["conditional_coverage"]
    assert found["conditional_nearest_neighbour_ratio"] < 1.1  # 처음 보는 글꼴만큼은 멀지 않음
    assert found["unconditional_smallest_class"] > 0.02


def test_the_hundred_lines_draw_all_ten(numbers: dict[str, Any]) -> None:
    found = numbers["gan100_reading"]
    assert numbers["gan100"]["lines"] <= 100
    assert found["compared"] == 898
    # 같은 수로 견준 진짜의 두 반쪽과 비슷함. 반올림이 다른 두 프로세서에서 1.1배와 1.5배
    assert found["least_frechet_distance"] <= 1.5 * found["most_real_frechet_distance"]
    assert found["median_frechet_distance"] <= 2 * found["most_real_frechet_distance"]
    assert found["least_coverage"] >= 0.93
    assert found["least_density"] >= 0.9
    assert found["least_smallest_class"] >= 0.07
    assert 0.95 <= found["least_nearest_neighbour_ratio"]
    assert found["most_nearest_neighbour_ratio"] <= 1.15
    assert found["most_closer_share"] <= 0.02


def test_the_recipe_fills_every_mode_of_the_published_mixtures(numbers: dict[str, Any]) -> None:
    found = numbers["modes"]
    assert numbers["grid"]["steps"] <= 25_000
    assert numbers["grid"]["seeds"] == numbers["ring"]["seeds"] == 5
    assert found["grid_high_quality_least"] >= 0.93


def test_the_numbers_of_the_derivation_are_the_closed_forms(numbers: dict[str, Any]) -> None:
    found = numbers["equilibrium"]
    logit = found["confident_logit"]
    fading, lasting = 1 / (1 + math.exp(-logit)), 1 / (1 + math.exp(logit))
    two, one = 2 * math.log(2), math.log(2)
    table = {  # 구분하지 못할 때의 두 손실, 확신할 때의 기울기
        "minimax": (two, -one, fading),
        "non_saturating": (two, one, lasting),
        "least_squares": (1 / 4, 1 / 8, 1 - logit),
        "hinge": (2, 0, 1),
        "wasserstein": (0, 0, 1),
        "relativistic": (one, one, lasting),
    }
    for name, wanted in table.items():
        row = [found[f"{name}_discriminator"], found[f"{name}_generator"], found[f"slope_{name}"]]
        assert row == pytest.approx(wanted, rel=1e-4), name
        assert "-0.000" not in [f"{value:.3f}" for value in row], name


def test_each_direction_changes_one_thing(numbers: dict[str, Any]) -> None:
    found = numbers["explorer"]
    assert found["directions"] == 5
    assert found["energy"] >= 0.7
    assert found["bytes"] <= 1_000_000

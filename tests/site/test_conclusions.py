"""쪽과 그림말이 말하는 결론을 이 빌드의 수가 뒷받침하는지 봅니다."""

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
    assert numbers["reading"]["samples"] == 1400
    assert numbers["reading"]["agreement"] >= 0.95
    assert numbers["reading"]["worst_agreement"] >= 0.8
    assert numbers["judge"]["accuracy"] >= 0.95
    assert numbers["hangul"]["first_loss"] == pytest.approx(math.log(2), abs=0.05)
    assert 0.1 < numbers["hangul"]["last_loss"] < math.log(2)


def test_the_hundred_lines_draw_all_ten(numbers: dict[str, Any]) -> None:
    assert numbers["gan100"]["lines"] <= 100
    assert numbers["gan100"]["classes"] == 10
    assert numbers["gan100"]["smallest_class"] > 0.03


def test_the_three_faces_are_what_the_page_calls_them(numbers: dict[str, Any]) -> None:
    faces = numbers["curves"]
    assert faces["modes_healthy"] == faces["modes"] == 8
    assert abs(faces["discriminator_healthy"] - 2 * math.log(2)) < 0.2
    assert faces["modes_collapse"] == 1
    assert faces["discriminator_win"] < 0.15
    assert faces["generator_win"] > 5
    assert faces["quality_win"] < 0.1


def test_every_loss_finds_the_whole_ring(numbers: dict[str, Any]) -> None:
    ring = numbers["ring"]
    assert {ring[f"modes_{name}"] for name in ("minimax", "non_saturating", "relativistic")} == {8}


def test_the_numbers_of_the_derivation_are_the_closed_forms(numbers: dict[str, Any]) -> None:
    found = numbers["equilibrium"]
    logit = found["confident_logit"]
    assert found["cross_entropy_discriminator"] == pytest.approx(2 * math.log(2))
    assert found["minimax_generator"] == pytest.approx(-math.log(2))
    assert found["non_saturating_generator"] == pytest.approx(math.log(2))
    assert found["relativistic"] == pytest.approx(math.log(2))
    assert found["minimax_slope"] == pytest.approx(1 / (1 + math.exp(-logit)), rel=1e-4)
    assert found["non_saturating_slope"] == pytest.approx(1 / (1 + math.exp(logit)), rel=1e-4)

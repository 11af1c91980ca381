"""그림 카드의 내력: 시드와, 학습 하나의 스텝 수."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gan_docs.experiments.experiment import Experiment, Number, Result
from gan_docs.site.make import results
from gan_docs.site.make.figures import Figure
from gan_docs.site.page import cards

EXPERIMENTS = Path(results.__file__).parents[2] / "experiments"
DIVIDED = re.compile(r"experiment\.steps\s*//")


def told(
    monkeypatch: pytest.MonkeyPatch,
    numbers: dict[str, Number],
    one_seed: bool = False,
    **given: Any,
) -> str:
    """실험 하나를 마친 것으로 치고, 그 그림의 내력을 적습니다."""
    made = Experiment("toy", "장난감", lambda *_: Result({}, {}), **given)
    record = results.Record("toy", "장난감", "", made.seed, made.steps, 12.3, 13.0, numbers)
    earlier = replace(made, name="earlier", parameters={"seeds": [0, 1, 2]}, needs=())
    monkeypatch.setattr(results, "experiments", lambda: {"earlier": earlier, "toy": made})
    monkeypatch.setattr(results, "load", lambda name: record)
    figure = Figure("toy", "toy", "", "", lambda *_: None, one_seed=one_seed)
    return cards.provenance(figure)


SEVERAL = {"seeds": [0, 1, 2, 3, 4]}
CASES: dict[str, tuple[dict[str, Number], dict[str, Any], str]] = {
    "one": ({}, {"seed": 3, "steps": 2700}, "시드 3 · 2,700스텝 · CPU 12초"),
    "none": ({}, {}, "시드 0 · CPU 12초"),
    "seeds": ({}, {"steps": 5000, "parameters": SEVERAL}, "시드 5개 × 5,000스텝 · CPU 12초"),
    "conditions": (
        {"steps_each": 4000},
        {"steps": 20_000, "parameters": SEVERAL},
        "시드 5개 × 4,000스텝 · CPU 12초",
    ),
    "one of them": (
        {},
        {"steps": 300, "parameters": {"seeds": [7, 8]}, "one_seed": True},
        "시드 7 · 300스텝 · 시드 2개를 모두 배우는 데 CPU 12초",
    ),
    "cases": ({"steps_each": 2000}, {"steps": 6000}, "시드 0 · 2,000스텝 · CPU 12초"),
    "timing": ({}, {"steps": 2205, "alone": True}, "시드 0 · CPU 12초"),
    "measured": ({}, {"needs": ("earlier",)}, "시드 3개 · CPU 12초"),
    "learned": ({}, {"steps": 90, "needs": ("earlier",)}, "시드 0 · 90스텝 · CPU 12초"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_caption_tells_seeds_and_the_steps_of_one_training(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers, given, wanted = CASES[case]
    assert told(monkeypatch, numbers, **given) == wanted


def sums(source: str) -> bool:
    """스텝을 여러 학습이 나누어 쓰면서, 하나의 몫을 적지 않는 실험인지입니다."""
    return bool(DIVIDED.search(source)) and '"steps_each"' not in source


def test_an_experiment_of_several_trainings_says_the_steps_of_one() -> None:
    trained = [name for name, made in results.experiments().items() if not made.alone]
    sources = {name: (EXPERIMENTS / f"{name}.py").read_text("utf-8") for name in trained}
    assert [name for name, source in sources.items() if sums(source)] == []
    assert sums("each = experiment.steps // len(cases)\nnumbers = {}")

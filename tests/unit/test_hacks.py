"""ganhacks의 판정: 규칙은 심은 차이를 알아보고, 우연에는 좀처럼 속지 않습니다."""

from collections.abc import Callable

import numpy as np
import pytest

from gan_docs.experiments import hacks
from gan_docs.experiments.experiment import Result
from gan_docs.experiments.hack_loop import BASE, TRICKS
from gan_docs.experiments.hacks import HELPS, HURTS, MEASURES, NOTHING, seed_spread, verdict
from gan_docs.site.make.advice import ADVICE
from gan_docs.site.make.figures import hacks as figure

BASE_VALUES = [1.0, 2.0, 3.0, 4.0, 5.0]  # 가운데 세 시드의 폭은 2
CASES = {
    "moved_up": ([4.5, 5.5, 6.5, 7.5, 8.5], HELPS),
    "moved_down": ([-1.5, -0.5, 0.5, 1.5, 2.5], HURTS),
    "moved_less_than_the_spread": ([2.9, 3.9, 4.9, 5.9, 6.9], NOTHING),
    "moved_by_the_spread_alone": ([3.0, 4.0, 5.0, 6.0, 7.0], NOTHING),
    "one_seed_disagrees": ([4.5, 5.5, 6.5, 7.5, 4.5], NOTHING),
    "one_seed_stands_still": ([4.5, 5.5, 6.5, 7.5, 5.0], NOTHING),
    "the_same": (BASE_VALUES, NOTHING),
    "one_wild_seed": ([1.1, 2.1, 3.1, 4.1, 500.0], NOTHING),
}


@pytest.mark.parametrize("case", CASES)
def test_a_planted_difference_is_judged(case: str) -> None:
    values, wanted = CASES[case]
    assert verdict(values, BASE_VALUES, 1) == wanted
    assert verdict(values, BASE_VALUES, -1) == -wanted
    assert verdict(np.array(values)[::-1], BASE_VALUES[::-1], 1) == wanted  # 시드의 차례와 무관


def test_the_spread_leaves_out_the_best_and_the_worst_seed() -> None:
    assert seed_spread([100.0, 2.0, 3.0, -50.0, 4.0]) == 2.0


Rule = Callable[[object, object, int], int]


def rates(rule: Rule) -> tuple[float, float]:
    """같은 분포의 다섯씩을 판정한 비율과, 표준 편차의 세 배를 옮긴 것을 알아본 비율입니다."""
    random = np.random.default_rng(0)
    pairs = random.normal(size=(3000, 2, 5))
    false = [rule(changed, base, 1) != NOTHING for changed, base in pairs]
    found = [rule(changed + 3, base, 1) == HELPS for changed, base in pairs]
    return float(np.mean(false)), float(np.mean(found))


def check(rule: Rule) -> None:
    false, found = rates(rule)
    assert false < 0.06
    assert found > 0.85


def test_the_rule_is_seldom_fooled_and_seldom_blind() -> None:
    check(verdict)


def agreed_alone(changed: object, base: object, better: int) -> int:
    """폭을 보지 않는 규칙입니다."""
    signs = np.sign(better * (np.asarray(changed) - np.asarray(base)))
    return int(signs[0]) if (signs == signs[0]).all() else NOTHING


def median_alone(changed: object, base: object, better: int) -> int:
    """시드마다의 방향을 보지 않는 규칙입니다."""
    middle = float(np.median(better * (np.asarray(changed) - np.asarray(base))))
    return int(np.sign(middle)) if abs(middle) > seed_spread(np.asarray(base)) else NOTHING


def never(changed: object, base: object, better: int) -> int:
    """아무것도 판정하지 않는 규칙입니다."""
    return NOTHING


@pytest.mark.parametrize("rule", [agreed_alone, median_alone, never])
def test_a_rule_without_one_of_its_halves_is_caught(rule: Rule) -> None:
    with pytest.raises(AssertionError):
        check(rule)


def test_every_trick_has_its_advice() -> None:
    assert set(ADVICE) == set(TRICKS) - {BASE}


def test_points_are_judged_trick_by_trick(monkeypatch: pytest.MonkeyPatch) -> None:
    """모든 점이 봉우리에 든 요령은 고리의 두 지표에서 도움, 모두 벗어난 요령은 해로움입니다."""
    random = np.random.default_rng(0)
    data = hacks.mixture()
    ideal = data.centers.numpy()[np.arange(800) % 8] + 0.1 * data.sigma * random.normal(
        size=(5, 800, 2)
    )
    half = np.where(np.arange(800)[:, None] < 400, ideal, 0.0)
    made = dict.fromkeys(TRICKS, half.astype(np.float32))
    made["rates"], made["relu"] = ideal.astype(np.float32), np.zeros_like(made[BASE])
    measured = hacks.on_the_ring(Result({}, made))
    rows = {name: dict(zip(TRICKS, values, strict=True)) for name, values in measured.items()}
    assert rows["modes"]["rates"].tolist() == [8] * 5
    assert rows["inside"][BASE].tolist() == [0.5] * 5
    assert verdict(rows["inside"]["rates"], rows["inside"][BASE], MEASURES["inside"]) == HELPS
    assert verdict(rows["modes"]["relu"], rows["modes"][BASE], MEASURES["modes"]) == HURTS


def test_the_figure_goes_from_help_to_harm() -> None:
    numbers: dict[str, float] = {}
    for name in TRICKS:
        numbers |= {f"{name}_modes_verdict": 0, f"{name}_distance_verdict": 0}
        numbers[f"{name}_distance"] = 10.0
    numbers |= {"rates_distance_verdict": 1, "relu_modes_verdict": -1, "apart_distance": 5.0}
    order = figure.ordered(Result(numbers, {}))
    assert order[0] == "rates"
    assert order[1] == "apart"
    assert order[-1] == "relu"

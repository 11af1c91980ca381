"""요령마다 네 지표를 재고, 기본 루프보다 나은지 한 가지 규칙으로 판정합니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from gan_docs.data import digits
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.hack_loop import BASE, TRICKS
from gan_docs.experiments.hacks_ring import SEEDS, mixture
from gan_docs.experiments.judge import restored
from gan_docs.judging.evaluation import evaluate_points
from gan_docs.judging.judge import features
from gan_docs.metrics import density_coverage, frechet_distance

# 지표마다 클수록 좋으면 1, 작을수록 좋으면 -1
MEASURES = {"modes": 1, "inside": 1, "distance": -1, "coverage": 1}
HELPS, NOTHING, HURTS = 1, 0, -1


# --8<-- [start:verdict]
def verdict(changed: ArrayLike, base: ArrayLike, better: int) -> int:
    """도움이면 1, 해로우면 -1, 가릴 수 없으면 0입니다.

    모든 시드가 같은 쪽으로 움직이고, 그 중앙값이 기본 루프의 폭보다 클 때에만 판정합니다.

    Args:
        changed: 요령을 쓴 시드마다의 값.
        base: 같은 시드에서 기본 루프의 값.
        better: 클수록 좋은 지표면 1, 작을수록 좋은 지표면 -1.
    """
    difference = better * (np.asarray(changed, dtype=float) - np.asarray(base, dtype=float))
    middle = float(np.median(difference))
    agreed = bool((difference > 0).all() or (difference < 0).all())
    return int(np.sign(middle)) if agreed and abs(middle) > seed_spread(base) else NOTHING


def seed_spread(values: ArrayLike) -> float:
    """사분위수의 폭입니다. 시드가 다섯이면 양 끝의 하나씩을 뺀 세 시드의 폭입니다."""
    low, high = np.percentile(np.asarray(values, dtype=float), [25, 75])
    return float(high - low)


# --8<-- [end:verdict]


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """요령마다 시드마다 네 지표를 재고 판정합니다."""
    arrays = {**on_the_ring(needs["hacks_ring"]), **on_digits(needs)}
    numbers: dict[str, float] = {}
    for measure, better in MEASURES.items():
        rows = dict(zip(TRICKS, arrays[measure], strict=True))
        numbers[f"spread_{measure}"] = seed_spread(rows[BASE])
        for name, values in rows.items():
            numbers[f"{name}_{measure}"] = float(np.median(values))
            numbers[f"{name}_{measure}_least"] = float(values.min())
            numbers[f"{name}_{measure}_most"] = float(values.max())
            numbers[f"{name}_{measure}_verdict"] = verdict(values, rows[BASE], better)
    tricks = [name for name in TRICKS if name != BASE]
    for word, value in (("helps", HELPS), ("nothing", NOTHING), ("hurts", HURTS)):
        for measure in MEASURES:
            told = [numbers[f"{name}_{measure}_verdict"] for name in tricks]
            numbers[f"{word}_{measure}"] = told.count(value)
        for name in tricks:
            told = [numbers[f"{name}_{measure}_verdict"] for measure in MEASURES]
            numbers[f"{name}_{word}"] = told.count(value)
    counts = {"tricks": len(tricks), "judgements": len(tricks) * len(MEASURES)}
    return Result({**counts, **numbers}, arrays)


def on_the_ring(made: Result) -> dict[str, NDArray[np.float64]]:
    """찾은 봉우리(10% 기준)와 3σ 안에 든 비율입니다. 모양 `(요령, 시드)`."""
    rows = [[evaluate_points(points, mixture()) for points in made.arrays[name]] for name in TRICKS]
    return {
        ours: np.array([[float(one[theirs]) for one in row] for row in rows])
        for ours, theirs in (("modes", "strict_modes"), ("inside", "high_quality"))
    }


def on_digits(needs: Mapping[str, Result]) -> dict[str, NDArray[np.float64]]:
    """심판의 특징에서 잰 프레셰 거리와 포괄도입니다. 진짜와 가짜의 수가 같습니다.

    이웃을 찾는 시간은 수의 제곱에 비례하므로, 포괄도는 절반으로 잽니다.
    """
    data, made = digits(8, 8), needs["hacks_digits"].arrays
    judge = restored(needs["judge_digits"], (1, 8, 8), data.classes)
    real = features(judge, data.images)
    scale = np.sqrt(real.var(axis=0).mean())
    distance, coverage = np.zeros((2, len(TRICKS), len(made[BASE])))
    for row, name in enumerate(TRICKS):
        for seed, flat in enumerate(made[name]):
            images = torch.from_numpy(flat).clamp(-1, 1).unflatten(1, (1, 8, 8))
            fake = features(judge, images)[: len(real)] / scale
            distance[row, seed] = frechet_distance(real / scale, fake)
            coverage[row, seed] = density_coverage(real[::2] / scale, fake[::2]).coverage
    return {"distance": distance, "coverage": coverage}


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "hacks",
    "ganhacks의 판정",
    run,
    parameters={"seeds": SEEDS},
    needs=("hacks_ring", "hacks_digits", "judge_digits"),
    cost=15,
)

"""심판이 100줄 GAN의 숫자를 시드마다 평가합니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch

from gan_docs.data import digits
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.judge import restored
from gan_docs.judging.evaluation import evaluate_images, pair_up
from gan_docs.judging.judge import split


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """시드마다 모든 지표를 세고, 진짜를 반으로 나눈 두 쪽도 같은 수로 견줍니다."""
    chosen, data = experiment.parameters, digits(8, 8)
    judge = restored(needs["judge_digits"], (1, 8, 8), data.classes)
    made = torch.from_numpy(needs["gan100"].arrays["samples"])  # (시드, N, 1, 8, 8)
    half = len(data.images) // 2  # 진짜끼리 견줄 수 있는 가장 큰 수
    rows = [evaluate_images(samples, None, judge, data, most=half) for samples in made]
    halves = [split(data, share=0.5, seed=seed) for seed in range(chosen["splits"])]
    honest = [evaluate_images(new.images, None, judge, old, most=half) for old, new in halves]
    names = rows[0].keys() - {"compared"}
    arrays = {name: np.array([row[name] for row in rows]) for name in sorted(names)}
    arrays |= {f"real_{name}": np.array([row[name] for row in honest]) for name in sorted(names)}
    numbers: dict[str, float] = {
        "digits": len(data.images), "compared": half, "splits": len(halves)
    }  # fmt: skip
    for name, values in arrays.items():
        ends = {"least": values.min(), "median": np.median(values), "most": values.max()}
        numbers |= {f"{end}_{name}": float(value) for end, value in ends.items()}
    pairs = pair_up(made.flatten(0, 1), judge, data)
    numbers |= {"made": len(pairs.ratio), "closest_ratio": float(pairs.ratio[0])}
    shown = slice(chosen["pairs"])
    arrays["pairs"] = torch.stack([pairs.made[shown], pairs.learned[shown]]).numpy()
    arrays["pair_ratio"] = pairs.ratio[shown]
    return Result(numbers, arrays)


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "gan100_reading",
    "100줄 GAN의 지표",
    run,
    parameters={"splits": 5, "pairs": 10},
    needs=("gan100", "judge_digits"),
    cost=12,
)

"""심판이 100줄 GAN의 숫자를 시드마다 평가합니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch

from gan_docs.data import digits
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.judge import restored
from gan_docs.judging.evaluation import evaluate_images


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """시드마다 모든 지표를 세고, 가장 작은 값과 큰 값을 남깁니다."""
    data = digits(8, 8)
    judge = restored(needs["judge_digits"], (1, 8, 8), data.classes)
    made = torch.from_numpy(needs["gan100"].arrays["samples"])  # (시드, N, 1, 8, 8)
    rows = [evaluate_images(samples, None, judge, data) for samples in made]
    by_seed = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    numbers = {f"least_{name}": float(values.min()) for name, values in by_seed.items()}
    numbers |= {f"most_{name}": float(values.max()) for name, values in by_seed.items()}
    numbers["median_frechet_distance"] = float(np.median(by_seed["frechet_distance"]))
    return Result(numbers, by_seed)


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "gan100_reading", "100줄 GAN의 지표", run, needs=("gan100", "judge_digits"), cost=5
)

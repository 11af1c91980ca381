"""표본의 수만 바꾸어, 같은 진짜끼리의 거리와 생성기의 거리가 어떻게 달라지는지 잽니다."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from gan_docs import metrics
from gan_docs.data import hangul
from gan_docs.data.containers import from_bytes
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.judge import restored
from gan_docs.judging.judge import features

DISTANCES = {"frechet": metrics.frechet_distance, "kernel": metrics.kernel_distance}


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """진짜를 섞어 두 무리로 나누어 견주고, 한 무리를 만든 글자로 바꾸어 다시 견줍니다."""
    chosen, data = experiment.parameters, hangul()
    judge = restored(needs["judge"], (1, 28, 28), data.classes)
    pool, _ = data.sample(2 * chosen["sizes"][-1], torch.Generator().manual_seed(experiment.seed))
    real = features(judge, pool)
    scale = np.sqrt(real.var(axis=0).mean())
    real = real / scale
    made = features(judge, from_bytes(needs["hangul"].arrays["samples"])) / scale
    rows: dict[str, list[list[float]]] = {}
    for repeat in range(chosen["repeats"]):
        random = np.random.default_rng(repeat)
        first, fake = random.permutation(real), random.permutation(made)
        for name, distance in DISTANCES.items():
            both = [(distance(first[:size], first[-size:]), distance(first[:size], fake[:size]))
                    for size in chosen["sizes"]]  # fmt: skip
            for place, who in enumerate(("real", "made")):
                rows.setdefault(f"{name}_{who}", []).append([pair[place] for pair in both])
    arrays = {name: np.array(values) for name, values in rows.items()}  # (되풀이, 수)
    numbers: dict[str, Any] = {"repeats": chosen["repeats"]}
    for name, array in arrays.items():
        middle = np.median(array, axis=0)
        numbers |= {f"{name}_few": float(middle[0]), f"{name}_many": float(middle[-1])}
    numbers |= {"few": chosen["sizes"][0], "many": chosen["sizes"][-1]}
    return Result(numbers, {**arrays, "sizes": np.array(chosen["sizes"])})


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "sizes",
    "표본의 수와 거리",
    run,
    parameters={"sizes": [500, 1000, 2000, 5000], "repeats": 4},
    needs=("hangul", "judge"),
    files=("gan_docs/assets/hangul.npz",),
    cost=15,
)

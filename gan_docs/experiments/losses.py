"""같은 신경망, 데이터, 스텝 수에서 손실만 바꾸어 봅니다. 벌점이 없을 때와 있을 때를 나눕니다."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_docs.data import ring
from gan_docs.ensemble import Ensemble
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.losses import LOSSES, PENALTIES, R1_AND_R2, AdversarialLoss, Penalty
from gan_docs.points import PointDiscriminator, PointGenerator

# --8<-- [start:run]
Row = tuple[AdversarialLoss, Penalty | None]


def rows(chosen: Mapping[str, Any]) -> dict[str, Row]:
    """견줄 손실과 벌점의 짝입니다. 표의 손실은 모두 벌점 없이, 벌점과 함께, 논문의 짝과 함께."""
    found: dict[str, Row] = {}
    for name, loss in LOSSES.items():
        key = name.replace("-", "_")
        found[f"{key}_alone"] = loss, None
        found[f"{key}_penalty"] = loss, R1_AND_R2.with_strength(*chosen["penalty"])
        for other, strength in chosen["also"].get(name, {}).items():
            pair = loss, PENALTIES[other].with_strength(strength)
            found[f"{key}_{other.replace('-', '_')}"] = pair
    return found


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """손실과 벌점의 짝마다 모든 시드를 처음부터 학습합니다."""
    chosen, data = experiment.parameters, ring()
    arrays: dict[str, NDArray[Any]] = {"real": data.centers.numpy()}
    pairs = rows(chosen)
    each = experiment.steps // len(pairs)
    for turn, (key, (loss, penalty)) in enumerate(pairs.items()):
        ensemble = Ensemble(
            partial(PointDiscriminator, chosen["hidden_size"], depth=2, waves=chosen["waves"]),
            partial(PointGenerator, chosen["hidden_size"], depth=2, start=None),
            data,
            steps=each,
            seeds=chosen["seeds"],
            loss=loss,
            penalty=penalty,
            batch_size=chosen["batch_size"],
            learning_rate=chosen["learning_rate"],
        )
        arrays[f"losses_{key}"] = ensemble.train()
        arrays[f"points_{key}"] = ensemble.sample(chosen["samples"], seed=experiment.seed)
        report((turn + 1) * each)
    numbers = {
        "steps_each": each,
        "seeds": len(chosen["seeds"]),
        **{name: chosen[name] for name in ("batch_size", "hidden_size", "waves", "samples")},
    }
    return Result(numbers, {name: np.asarray(value) for name, value in arrays.items()})


# --8<-- [end:run]

PARAMETERS: dict[str, Any] = {
    "seeds": [0, 1, 2, 3, 4],
    "hidden_size": 64,
    "waves": 32,
    "penalty": [3.0, 3e-4],
    "also": {"wasserstein": {"toward-one": 0.1}},
    "batch_size": 128,
    "learning_rate": 1e-3,
    "samples": 2500,
}
EXPERIMENT = Experiment(
    "losses",
    "손실 함수 비교",
    run,
    steps=1500 * len(rows(PARAMETERS)),
    parameters=PARAMETERS,
    cost=110,
)

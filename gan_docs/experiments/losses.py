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
from gan_docs.losses import LOSSES, r1_and_r2, toward_one
from gan_docs.points import PointDiscriminator, PointGenerator


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """손실과 벌점의 짝마다 모든 시드를 처음부터 학습합니다."""
    chosen, data = experiment.parameters, ring()
    zero, one = tuple(chosen["penalty"]), tuple(chosen["toward_one"])
    rows: dict[str, dict[str, Any]] = {}
    for name, loss in LOSSES.items():
        key = name.replace("-", "_")
        rows[f"{key}_alone"] = {"loss": loss, "penalty": None}
        rows[f"{key}_penalty"] = {"loss": loss, "penalty": zero, "regularizer": r1_and_r2}
    rows["wasserstein_toward_one"] = {
        "loss": LOSSES["wasserstein"], "penalty": one, "regularizer": toward_one,
    }  # fmt: skip
    arrays: dict[str, NDArray[Any]] = {"real": data.centers.numpy()}
    each = experiment.steps // len(rows)
    for turn, (key, row) in enumerate(rows.items()):
        ensemble = Ensemble(
            partial(PointDiscriminator, chosen["hidden_size"], depth=2, waves=chosen["waves"]),
            partial(PointGenerator, chosen["hidden_size"], depth=2, start=None),
            data,
            steps=each,
            seeds=chosen["seeds"],
            batch_size=chosen["batch_size"],
            learning_rate=chosen["learning_rate"],
            **row,
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

EXPERIMENT = Experiment(
    "losses",
    "손실 함수 비교",
    run,
    steps=13 * 1500,
    parameters={
        "seeds": [0, 1, 2, 3, 4],
        "hidden_size": 64,
        "waves": 32,
        "penalty": [3.0, 3e-4],
        "toward_one": [0.1, 0.1],
        "batch_size": 128,
        "learning_rate": 1e-3,
        "samples": 2500,
    },
    cost=110,
)

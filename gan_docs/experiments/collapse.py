"""고리에서 모드 붕괴를 일으키고, 조건을 한 가지씩 바꿔 고쳐 봅니다."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_docs.data import ring
from gan_docs.ensemble import Ensemble
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.losses import NON_SATURATING, R1_AND_R2, RELATIVISTIC
from gan_docs.points import PointDiscriminator, PointGenerator

# --8<-- [start:run]
PENALTY = R1_AND_R2.with_strength(3.0, 3e-4)
# 첫 줄은 붕괴하는 학습, 다음 줄부터는 거기에서 한 가지만 바꾼 학습
CHANGES: dict[str, dict[str, Any]] = {
    "plain": {"loss": NON_SATURATING, "penalty": None},
    "pairing": {"loss": RELATIVISTIC, "penalty": None},
    "packing": {"loss": NON_SATURATING, "penalty": None},
    "penalty": {"loss": NON_SATURATING, "penalty": PENALTY},
    "both": {"loss": RELATIVISTIC, "penalty": PENALTY},
}
PACKS = {"packing": 4}  # 판별기가 나란히 보는 점의 수. 나머지는 하나씩


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """바꾼 조건마다 모든 시드를 학습하고, 시점마다 찍은 점을 남깁니다."""
    chosen, data = experiment.parameters, ring()
    networks = {"hidden_size": chosen["hidden_size"], "depth": 2}
    waves = {"waves": chosen["waves"], "frequency": chosen["frequency"]}
    arrays: dict[str, NDArray[Any]] = {
        "real": data.centers.numpy(),
        "watched": np.array(chosen["watched"]),
    }
    each = experiment.steps // len(CHANGES)
    for turn, (name, change) in enumerate(CHANGES.items()):
        ensemble = Ensemble(
            partial(PointDiscriminator, pack=PACKS.get(name, 1), **networks, **waves),
            partial(PointGenerator, start=None, **networks),
            data,
            steps=each,
            seeds=chosen["seeds"],
            batch_size=chosen["batch_size"],
            learning_rate=chosen["learning_rate"],
            **change,
        )
        watched, watch = watcher(chosen["watched"], turn * each, report)
        arrays[f"losses_{name}"] = ensemble.train(on_step=watch)
        arrays[f"watched_{name}"] = np.stack(watched)  # (시점, 500, 2)
        arrays[f"points_{name}"] = ensemble.sample(chosen["samples"], seed=experiment.seed)
    numbers = {
        "steps_each": each,
        "seeds": len(chosen["seeds"]),
        "pack": PACKS["packing"],
        **waves,
        **networks,
    }
    return Result(numbers, arrays)


def watcher(
    steps: list[int], before: int, report: Report
) -> tuple[list[NDArray[np.float32]], Callable[[Ensemble], None]]:
    """정해진 스텝마다 첫 시드의 생성기가 찍은 점을 모읍니다. 평균이 아닌 지금의 생성기입니다."""
    found: list[NDArray[np.float32]] = []

    def watch(ensemble: Ensemble) -> None:
        report(before + ensemble.done)
        if ensemble.done in steps:
            found.append(ensemble.sample(500, averaged=False)[0])

    return found, watch


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "collapse",
    "모드 붕괴와 바꾼 조건",
    run,
    steps=4000 * len(CHANGES),
    parameters={
        "seeds": [0, 1, 2, 3, 4],
        "hidden_size": 64,
        "waves": 32,
        "frequency": 4.0,
        "watched": [100, 400, 1200, 4000],
        "batch_size": 128,
        "learning_rate": 1e-3,
        "samples": 2500,
    },
    cost=110,
)

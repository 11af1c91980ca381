"""고리에서 요령을 한 가지씩 재어 봅니다."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from gan_docs.data import Data, MixtureData, ring
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.hack_loop import TRICKS, Loop, Size

SEEDS = [0, 1, 2, 3, 4]


def mixture() -> MixtureData:
    """Tanh가 닿는 [-1, 1] 안에 든 고리입니다. 짧은 학습에도 차이가 보이게 봉우리를 넓혔습니다."""
    return ring(radius=0.8, sigma=0.02)


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """요령마다 모든 시드를 학습하고, 시드마다 만든 점을 남깁니다."""
    return measured_on(mixture(), experiment, report)


def measured_on(data: Data, experiment: Experiment, report: Report) -> Result:
    """요령마다 학습해, 만든 표본을 요령의 이름으로 남깁니다. 모양 `(시드, 표본, 수)`."""
    chosen = experiment.parameters
    each, size = experiment.steps // len(TRICKS), Size(**chosen["size"])
    arrays = {}
    for turn, (name, trick) in enumerate(TRICKS.items()):
        loop = Loop(trick, data, size, chosen["learning_rate"], chosen["seeds"])
        loop.train(each, partial(later, report, turn * each))
        arrays[name] = loop.sample(chosen["samples"]).numpy().astype(np.float32)
    numbers = {
        "steps_each": each,
        "seeds": len(chosen["seeds"]),
        "samples": chosen["samples"],
        "learning_rate": chosen["learning_rate"],
        **chosen["size"],
    }
    return Result(numbers, arrays)


def later(report: Report, before: int, step: int) -> None:
    """앞선 요령의 스텝까지 더해 알립니다."""
    report(before + step)


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "hacks_ring",
    "고리에서 다시 잰 ganhacks",
    run,
    steps=700 * len(TRICKS),
    parameters={
        "seeds": SEEDS,
        "size": {"latent": 2, "hidden": 64, "data": 2, "batch": 64},
        "learning_rate": 3e-3,
        "samples": 2500,
    },
    cost=70,
)

"""같은 신경망, 같은 데이터에서 손실만 바꾸어 봅니다."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from gan_docs.data import MixtureData, ring
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.gan import GAN
from gan_docs.losses import LOSSES, AdversarialLoss
from gan_docs.metrics import mode_statistics
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.trainer import Trainer


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """손실마다 처음부터 학습하고, 찾은 봉우리와 봉우리에 든 표본의 비율을 셉니다."""
    chosen, data = experiment.parameters, ring()
    numbers: dict[str, Any] = {"batch_size": chosen["batch_size"], "modes": len(data.centers)}
    arrays = {"real": data.centers.numpy()}
    each = experiment.steps // len(LOSSES)
    for place, (name, loss) in enumerate(LOSSES.items()):
        penalty = tuple(chosen["penalty"]) if loss.paired else None
        trainer = train(data, loss, penalty, each, chosen, experiment.seed, report, place * each)
        points = trainer.sample(2500, seed=experiment.seed)[0]
        key = name.replace("-", "_")
        statistics = mode_statistics(points, data.centers, data.sigma)
        numbers[f"modes_{key}"], numbers[f"quality_{key}"] = statistics
        arrays[f"points_{key}"] = points.numpy()
        arrays[f"losses_{key}"] = np.array([step[1:3] for step in trainer.history], np.float32)
    return Result(numbers, arrays)


def train(
    data: MixtureData,
    loss: AdversarialLoss,
    penalty: Any,
    steps: int,
    chosen: Mapping[str, Any],
    seed: int,
    report: Report,
    before: int = 0,
) -> Trainer:
    """작은 두 신경망을 새로 만들어 정해진 걸음만큼 학습합니다."""
    torch.manual_seed(seed)
    gan = GAN(
        PointDiscriminator(chosen["discriminator_size"]),
        PointGenerator(chosen["generator_size"], start=chosen["start"]),
    )
    trainer = Trainer(
        gan, data, steps=steps, loss=loss, penalty=penalty, batch_size=chosen["batch_size"],
        learning_rate=chosen["learning_rate"], averaging=0.99, seed=seed,
    )  # fmt: skip
    trainer.train(progress=False, on_step=lambda trainer: report(before + len(trainer.history)))
    return trainer


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "ring",
    "손실만 바꾼 고리",
    run,
    steps=9000,
    parameters={
        "batch_size": 256,
        "learning_rate": 1e-3,
        "generator_size": 64,
        "discriminator_size": 64,
        "start": 0.7,
        "penalty": [0.1, 0.01],
    },
)

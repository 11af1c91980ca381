"""손실 곡선의 세 얼굴, 건강 · 붕괴 · 판별기 승리를 평면의 고리에서 일부러 만듭니다."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from gan_docs.data import ring
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.gan import GAN
from gan_docs.losses import NON_SATURATING, R1_AND_R2, Penalty
from gan_docs.metrics import mode_statistics
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.trainer import Trainer


# --8<-- [start:run]
def players(case: str) -> tuple[nn.Module, nn.Module, Penalty | None]:
    """경우마다 판별기, 생성기, 벌점. 손실과 데이터, 학습률은 모두 같습니다."""
    if case == "healthy":  # 힘이 비슷하고, 벌점이 판별기의 비탈을 눌러 줌
        return PointDiscriminator(64), PointGenerator(64), R1_AND_R2.with_strength(0.1, 0.01)
    if case == "collapse":  # 뉴런이 둘뿐인 생성기는 점을 펼치지 못함
        return PointDiscriminator(128), PointGenerator(2, depth=1, start=0.0), None
    # 푸리에 특징으로 진짜의 자리를 외우는 판별기
    return PointDiscriminator(64, waves=32, frequency=8.0), PointGenerator(64, start=0.0), None


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """세 경우를 같은 스텝 수만큼 학습하고 표본과 손실을 남깁니다."""
    chosen, data = experiment.parameters, ring()
    numbers: dict[str, Any] = {"batch_size": chosen["batch_size"], "modes": len(data.centers)}
    arrays = {"real": data.centers.numpy()}
    numbers["steps_each"] = each = experiment.steps // len(chosen["cases"])
    for place, case in enumerate(chosen["cases"]):
        torch.manual_seed(experiment.seed)
        discriminator, generator, penalty = players(case)
        trainer = Trainer(
            GAN(discriminator, generator), data, steps=each, loss=NON_SATURATING, penalty=penalty,
            batch_size=chosen["batch_size"], averaging=0.99, seed=experiment.seed,
        )  # fmt: skip
        trainer.train(progress=False, on_step=counter(report, place * each))
        points = trainer.sample(2500, seed=experiment.seed)[0].numpy()
        statistics = mode_statistics(points, data.centers, data.sigma)
        last = trainer.history[-100:]
        numbers[f"modes_{case}"] = statistics.modes
        numbers[f"quality_{case}"] = statistics.high_quality
        numbers[f"discriminator_{case}"] = float(np.mean([s.discriminator_loss for s in last]))
        numbers[f"generator_{case}"] = float(np.mean([s.generator_loss for s in last]))
        arrays[f"points_{case}"] = points
        arrays[f"losses_{case}"] = np.array([s[1:3] for s in trainer.history], np.float32)
    return Result(numbers, arrays)


def counter(report: Report, before: int) -> Callable[[Trainer], None]:
    """앞선 경우의 스텝에 이어서 진행을 알립니다."""
    return lambda trainer: report(before + len(trainer.history))


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "curves",
    "손실 곡선의 세 얼굴",
    run,
    steps=6000,
    parameters={"batch_size": 256, "cases": ["healthy", "collapse", "win"]},
    cost=20,
)

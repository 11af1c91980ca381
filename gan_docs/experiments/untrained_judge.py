"""이름표가 없을 때의 심판: 배우지 않은 눈으로 잰 거리도 배운 심판과 같은 차례를 내는지 봅니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from gan_docs import metrics
from gan_docs.data import digits
from gan_docs.discriminator import Discriminator
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.failures import CASES
from gan_docs.experiments.judge import restored
from gan_docs.experiments.ranks import rank_correlation
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.judging.evaluation import real_images
from gan_docs.judging.judge import features, split, untrained_judge
from gan_docs.trainer import Trainer

SIDE = 8


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """망친 숫자와, 학습하는 생성기의 표본을 두 가지 눈으로 잽니다."""
    chosen, data = experiment.parameters, digits(SIDE, SIDE)
    trained = restored(needs["judge_digits"], (1, SIDE, SIDE), data.classes)
    seeds = range(chosen["eyes"])
    judges = [trained, *(untrained_judge((1, SIDE, SIDE), seed) for seed in seeds)]
    seen, unseen = split(data, share=0.5, seed=experiment.seed)
    random = torch.Generator().manual_seed(experiment.seed)
    spoiled = {case: spoil(seen, unseen, random) for case, spoil in CASES.items()}
    count, real = min(map(len, spoiled.values())), real_images(seen, experiment.seed)

    def measured(made: Tensor) -> list[float]:
        return [distance(judge, real, made, count) for judge in judges]

    numbers: dict[str, float] = {"compared": count, "eyes": chosen["eyes"]}
    for case, images in spoiled.items():
        numbers |= named(case, measured(images))
    for eye in ("trained", "untrained"):  # 몇 배로 멀어 보이는지
        numbers[f"missing_{eye}"] = numbers[f"three_missing_{eye}"] / numbers[f"honest_{eye}"]
    rows: list[list[float]] = []
    torch.manual_seed(experiment.seed)
    gan = GAN(Discriminator(SIDE, SIDE, latent_size=128), Generator(SIDE, SIDE, latent_size=64))
    size = chosen["batch_size"]
    trainer = Trainer(gan, seen, steps=experiment.steps, batch_size=size, seed=experiment.seed)
    for until in chosen["watched"]:
        trainer.train(until - len(trainer.history), progress=False)
        report(until)
        rows.append(measured(trainer.sample(count, seed=experiment.seed)[0]))
    distances = np.array(rows)  # (시점, 눈). 첫 눈이 배운 심판
    ranks = [rank_correlation(distances[:, 0], each) for each in distances.T[1:]]
    numbers |= {"watched": len(rows), "rank": float(np.median(ranks)), "least_rank": min(ranks)}
    return Result(numbers, {"distances": distances, "steps": np.array(chosen["watched"])})


def distance(judge: nn.Sequential, real: Tensor, made: Tensor, count: int) -> float:
    """그 눈의 특징에서 `count`장씩 견준 프레셰 거리입니다. `evaluate_images`와 같습니다."""
    seen, found = features(judge, real), features(judge, made)
    scale = np.sqrt(seen.var(axis=0).mean())
    return metrics.frechet_distance(seen[:count] / scale, found[:count] / scale)


def named(case: str, distances: list[float]) -> dict[str, float]:
    """배운 심판의 거리와, 배우지 않은 눈들의 중앙값입니다."""
    trained, *others = distances
    return {f"{case}_trained": trained, f"{case}_untrained": float(np.median(others))}


# --8<-- [end:run]

WATCHED = [20, 40, 80, 120, 160, 200, 300, 400, 500, 600]
EXPERIMENT = Experiment(
    "untrained_judge",
    "이름표가 없을 때의 심판",
    run,
    steps=WATCHED[-1],
    parameters={"batch_size": 64, "eyes": 5, "watched": WATCHED},
    needs=("judge_digits",),
    cost=30,
)

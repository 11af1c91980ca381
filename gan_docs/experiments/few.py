"""이미지의 수만 바꾸어, 증강 없이 또 증강하며 배운 생성기의 품질과 외움을 잽니다."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from gan_docs import metrics
from gan_docs.augmentation import Augment
from gan_docs.data import ImageData, Jitter, digits
from gan_docs.discriminator import Discriminator
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.judging.judge import accuracy, features, part, read, train_judge
from gan_docs.trainer import Trainer

SIDE, BATCH_SIZE = 8, 32
WAYS = ("plain", "augmented")  # 증강 없이, 증강하며


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """이미지의 수와 증강마다 모든 시드를 학습하고, 처음 보는 진짜와 견줍니다."""
    chosen = experiment.parameters
    sizes, seeds, augment = chosen["sizes"], chosen["seeds"], Augment(**chosen["augment"])
    taught, unseen = pictures(chosen)
    judge = train_judge(taught, steps=chosen["judge_steps"])
    real = features(judge, unseen.images)
    scale = float(np.sqrt(real.var(axis=0).mean()))
    each = experiment.steps // (len(sizes) * len(seeds) * len(WAYS))
    found: dict[str, list[list[float]]] = {}
    turn = 0
    for size in sizes:
        for way in WAYS:
            rows = []
            for seed in seeds:
                data = part(taught, torch.arange(size))
                made, labels = learn(data, each, seed, augment if way == "augmented" else None,
                                     len(unseen.images))  # fmt: skip
                rows.append(measure(made, labels, data, unseen, judge, scale))
                turn += 1
                report(turn * each)
            for name in rows[0]:
                found.setdefault(f"{way}_{name}", []).append([row[name] for row in rows])
    arrays = {name: np.array(values) for name, values in found.items()}  # (수, 시드)
    again = features(judge, taught.images[-len(real) :]) / scale
    numbers: dict[str, Any] = {
        "steps_each": each, "seeds": len(seeds), "compared": len(real), "side": SIDE,
        "judge_accuracy": accuracy(judge, unseen),
        "written": chosen["written"],
        "seen": each * BATCH_SIZE,
        "frechet_real": metrics.frechet_distance(real / scale, again),
    }  # fmt: skip
    for name, array in arrays.items():
        for size, value in zip(sizes, np.median(array, axis=1), strict=True):
            numbers[f"{name}_{size}"] = float(value)
    return Result(numbers, {**arrays, "sizes": np.array(sizes)})


def pictures(chosen: Mapping[str, Any]) -> tuple[ImageData, ImageData]:
    """배울 것과 처음 보는 것입니다. 쓴 글자를 먼저 나누고, 저마다 한 번씩만 흔들어 둡니다."""
    data, random = digits(SIDE, SIDE), torch.Generator().manual_seed(chosen["split_seed"])
    order = torch.randperm(len(data.images), generator=random)
    halves = []
    for index in (order[: chosen["written"]], order[chosen["written"] :]):
        whole = part(data, index.repeat(2))  # 두 번째는 같은 글자를 다르게 흔든 것
        assert whole.labels is not None
        images = Jitter().apply(whole.images, random)
        halves.append(ImageData("digits-shaken", images, whole.labels, whole.class_names))
    return halves[0], halves[1]


def learn(
    data: ImageData, steps: int, seed: int, augment: Augment | None, count: int
) -> tuple[Tensor, Tensor]:
    """이 이미지만으로 배우고 `count`장을 만듭니다."""
    torch.manual_seed(seed)
    gan = GAN(
        Discriminator(SIDE, SIDE, latent_size=128, classes=data.classes),
        Generator(SIDE, SIDE, latent_size=64, classes=data.classes),
    )
    trainer = Trainer(gan, data, steps=steps, batch_size=BATCH_SIZE, seed=seed, augment=augment)
    trainer.train(progress=False)
    made, labels = trainer.sample(count, seed=seed)
    assert labels is not None
    return made, labels


def measure(
    made: Tensor, labels: Tensor, data: ImageData, unseen: ImageData, judge: nn.Sequential,
    scale: float,
) -> dict[str, float]:  # fmt: skip
    """품질은 심판의 눈으로 처음 보는 진짜와, 외움은 화소로 배운 것 모두와 견줍니다."""
    real, fake = (features(judge, each) / scale for each in (unseen.images, made))
    flat = [each.flatten(1).numpy() for each in (made, data.images, unseen.images)]
    near = metrics.memorisation(*flat)
    return {
        "frechet": metrics.frechet_distance(real, fake),
        "coverage": metrics.density_coverage(real, fake).coverage,
        "agreement": metrics.label_agreement(read(judge, made), labels),
        "ratio": near.nearest_neighbour_ratio,
        "closer": near.closer_share,
    }


# --8<-- [end:run]

SIZES, SEEDS, STEPS_EACH = [50, 100, 200, 500, 1000, 2000], [0, 1, 2], 500
EXPERIMENT = Experiment(
    "few",
    "이미지의 수와 증강",
    run,
    steps=STEPS_EACH * len(SIZES) * len(SEEDS) * len(WAYS),
    parameters={
        "sizes": SIZES,
        "seeds": SEEDS,
        "split_seed": 0,
        "written": 1300,
        "judge_steps": 400,
        "augment": {"brightness": 0.0, "contrast": 0.0, "saturation": 0.0},
    },
    cost=230,
)

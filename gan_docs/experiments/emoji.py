"""얼굴 이모지 몇백 장만으로, 증강 없이 또 증강하며 새 얼굴을 만듭니다."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gan_docs import data, metrics
from gan_docs.augmentation import Augment
from gan_docs.data import ImageData
from gan_docs.data.containers import to_bytes
from gan_docs.discriminator import Discriminator
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.few import WAYS
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.judging.judge import features, train_judge
from gan_docs.trainer import Trainer


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """같은 시드로 두 번 배웁니다. 다른 것은 판별기가 보는 이미지를 바꾸는지뿐입니다."""
    chosen, faces = experiment.parameters, data.emoji()
    judge = train_judge(by_expression(faces), steps=chosen["judge_steps"])
    known = faces.at(slice(None))
    each = experiment.steps // len(WAYS)
    arrays: dict[str, NDArray[Any]] = {}
    numbers: dict[str, Any] = {"steps_each": each, "faces": len(faces.images)}
    numbers["batch_size"] = chosen["batch_size"]
    for turn, way in enumerate(WAYS):
        trainer = learner(faces, each, experiment.seed, chosen, way)

        def watch(trainer: Trainer, before: int = turn * each) -> None:
            report(before + len(trainer.history))

        history = trainer.train(on_step=watch, progress=False)
        made, _ = trainer.sample(len(faces.images), seed=experiment.seed)  # 진짜와 같은 수
        found = {
            **compared(made, known, judge),
            "loss": float(np.mean([step.discriminator_loss for step in history[-100:]])),
        }
        numbers |= {f"{way}_{name}": value for name, value in found.items()}
        arrays[f"{way}_losses"] = np.array([step.discriminator_loss for step in history])
        arrays |= {f"{way}_{name}": a for name, a in shown(made, known, chosen["shown"]).items()}
    return Result(numbers, arrays)


def learner(
    faces: ImageData, steps: int, seed: int, chosen: Mapping[str, Any], way: str
) -> Trainer:
    """이름표 없이 32×32의 색 얼굴을 배울 학습기입니다."""
    torch.manual_seed(seed)
    gan = GAN(Discriminator(32, 32, 3, latent_size=128), Generator(32, 32, 3, latent_size=64))
    augment = Augment(**chosen["augment"]) if way == "augmented" else None
    size = chosen["batch_size"]
    return Trainer(gan, faces, steps=steps, batch_size=size, augment=augment, seed=seed)


def compared(made: Tensor, known: Tensor, judge: nn.Sequential) -> dict[str, float]:
    """심판의 눈으로 잰 품질과, 화소로 잰 외움입니다."""
    real, fake = features(judge, known), features(judge, made)
    scale = float(np.sqrt(real.var(axis=0).mean()))
    return {
        "frechet_distance": metrics.frechet_distance(real / scale, fake / scale),
        **metrics.density_coverage(real, fake)._asdict(),
        **metrics.memorisation(made.flatten(1).numpy(), known.flatten(1).numpy())._asdict(),
    }


def by_expression(faces: ImageData) -> ImageData:
    """디자인이 아니라 표정을 이름표로 삼습니다. 심판이 눈과 입을 보게 하려는 것입니다."""
    kinds = len(faces.images) // faces.classes
    labels = torch.arange(kinds).repeat(faces.classes)
    return ImageData(faces.name, faces.images, labels, tuple(map(str, range(kinds))))


def shown(made: Tensor, known: Tensor, count: int) -> dict[str, NDArray[Any]]:
    """처음 만든 얼굴들과, 화소로 가장 가까운 배운 얼굴입니다."""
    first = made[:count]
    near = metrics.nearest_neighbours(first.flatten(1).numpy(), known.flatten(1).numpy())
    return {"made": to_bytes(first).numpy(), "nearest": to_bytes(known[near.place]).numpy()}


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "emoji",
    "새 얼굴 이모지",
    run,
    steps=3600,
    parameters={
        "batch_size": 32,
        "judge_steps": 200,
        "shown": 96,
        "augment": {
            "brightness": 0.0,
            "saturation": 0.0,
            "contrast": 0.0,
            "cutout": 0.0,
            "flip": 0.25,
        },
    },
    files=("gan_docs/assets/emoji.npz",),
    cost=270,
)

"""한글 14자를 골라 쓰는 조건부 GAN을 학습합니다. 이 사이트의 주된 실험입니다."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import torch

from gan_docs.data import SYLLABLES, hangul
from gan_docs.data.containers import to_bytes
from gan_docs.discriminator import Discriminator
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.sampling import sample_images
from gan_docs.trainer import Trainer


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """생성기와 판별기를 번갈아 고치며, 같은 잠재 벡터가 글자가 되어 가는 모습을 남깁니다."""
    torch.manual_seed(experiment.seed)
    chosen = experiment.parameters
    data = hangul()
    classes = data.classes if chosen["conditional"] else 0
    gan = GAN(
        Discriminator(latent_size=chosen["feature_size"], classes=classes),
        Generator(latent_size=chosen["latent_size"], classes=classes),
    )
    trainer = Trainer(
        gan, data, steps=experiment.steps, batch_size=chosen["batch_size"], seed=experiment.seed
    )
    frames = [look(trainer)]

    def watch(trainer: Trainer) -> None:
        step = len(trainer.history)
        report(step)
        if step in chosen["watched"]:
            frames.append(look(trainer))

    history = trainer.train(on_step=watch, progress=False)
    samples, labels = trainer.sample(chosen["samples"], seed=experiment.seed)
    weights = trainer.finished_generator().state_dict()
    real, real_labels = data.sample(512, torch.Generator().manual_seed(experiment.seed))
    assert real_labels is not None
    numbers = {
        "batch_size": chosen["batch_size"],
        "latent_size": chosen["latent_size"],
        "parameters_generator": count(gan.generator),
        "parameters_discriminator": count(gan.discriminator),
        "faces": len(data.images) // data.classes,
        "first_loss": history[0].discriminator_loss,
        "last_loss": history[-1].discriminator_loss,
    }
    return Result(
        numbers,
        {
            "frames": np.stack([frame.samples for frame in frames]),
            "scores": np.stack([frame.scores for frame in frames]),
            "watched": np.array([0, *chosen["watched"]]),
            "losses": np.array([step[1:4] for step in history], dtype=np.float32),
            "samples": to_bytes(samples).numpy(),
            **({} if labels is None else {"labels": labels.numpy()}),
            "real": to_bytes(real).numpy(),
            "real_labels": real_labels.numpy(),
            **{f"generator.{name}": each.numpy() for name, each in weights.items()},
        },
    )


class Frame(NamedTuple):
    """한 시점의 모습입니다.

    Attributes:
        samples: 늘 같은 잠재 벡터로 만든 글자. 모양 `(28, 1, H, W)`, 글자마다 두 장.
        scores: 판별기가 진짜와 가짜에 매긴 로짓. 모양 `(2, 512)`.
    """

    samples: np.ndarray[Any, np.dtype[np.uint8]]
    scores: np.ndarray[Any, np.dtype[np.float32]]


@torch.no_grad()
def look(trainer: Trainer) -> Frame:
    """지금의 평균 생성기와 판별기를 봅니다. 학습의 난수는 쓰지 않습니다."""
    generator = trainer.finished_generator(batches=4)  # 보기만 하므로 통계는 어림으로
    samples, _ = sample_images(generator, 2 * len(SYLLABLES), seed=trainer.seed)
    real, labels = trainer.data.sample(512, torch.Generator().manual_seed(1))
    fake, fake_labels = sample_images(generator, 512, seed=1)
    labels = None if fake_labels is None else labels
    pair = [trainer.gan.judge(real, labels), trainer.gan.judge(fake, fake_labels)]
    return Frame(to_bytes(samples).numpy(), torch.stack(pair).numpy())


def count(network: torch.nn.Module) -> int:
    """매개변수의 수입니다."""
    return sum(parameter.numel() for parameter in network.parameters())


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "hangul",
    "한글 GAN",
    run,
    steps=2700,
    parameters={
        "conditional": True,
        "batch_size": 64,
        "latent_size": 64,
        "feature_size": 128,
        "samples": 5000,
        "watched": [
            *(10, 20, 30, 45, 65, 100, 140, 190, 240, 300, 370, 450, 550, 700, 850),
            *(1000, 1150, 1300, 1500, 1700, 1900, 2100, 2300, 2500, 2700),
        ],
    },
    files=("gan_docs/assets/hangul.npz",),
    cost=270,
)

"""한글 14자를 골라 쓰는 조건부 GAN을 학습합니다. 이 사이트의 주된 실험입니다."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from gan_docs.data import SYLLABLES, hangul
from gan_docs.discriminator import Discriminator
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.gan import GAN
from gan_docs.generator import Generator
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
    strip, scores = [snapshot(trainer)], [judged(trainer)]

    def watch(trainer: Trainer) -> None:
        step = len(trainer.history)
        report(step)
        if step in chosen["snapshots"]:
            strip.append(snapshot(trainer))
            scores.append(judged(trainer))

    history = trainer.train(on_step=watch, progress=False)
    samples, labels = trainer.sample(chosen["samples"], seed=experiment.seed)
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
            "strip": np.stack(strip),
            "scores": np.stack(scores),
            "watched": np.array([0, *chosen["snapshots"]]),
            "losses": np.array([step[1:4] for step in history], dtype=np.float32),
            "samples": pixels(samples),
            **({} if labels is None else {"labels": labels.numpy()}),
            "real": pixels(real),
            "real_labels": real_labels.numpy(),
        },
    )


def snapshot(trainer: Trainer) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """같은 잠재 벡터 하나씩으로 만든 모든 글자입니다. 모양 `(14, 1, H, W)`."""
    return pixels(trainer.sample(len(SYLLABLES), seed=trainer.seed)[0])


@torch.no_grad()
def judged(trainer: Trainer) -> np.ndarray[Any, np.dtype[np.float32]]:
    """판별기가 진짜와 가짜에 매긴 로짓입니다. 모양 `(2, 512)`. 학습의 난수는 쓰지 않습니다."""
    real, labels = trainer.data.sample(512, torch.Generator().manual_seed(1))
    fake, fake_labels = trainer.sample(512, seed=1)
    labels = None if fake_labels is None else labels
    pair = [trainer.gan.judge(real, labels), trainer.gan.judge(fake, fake_labels)]
    return torch.stack(pair).numpy()


def pixels(images: torch.Tensor) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """[-1, 1]의 이미지를 0–255로 줄여 보관합니다."""
    return ((images + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).numpy()


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
        "snapshots": [30, 100, 300, 1000, 2700],
    },
    files=("gan_docs/assets/hangul.npz",),
    cost=270,
)

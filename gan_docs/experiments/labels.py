"""이름표의 효과와 평균 생성기의 효과를, 작은 한글의 짧은 학습 여럿으로 잽니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch

from gan_docs.data import ImageData, hangul
from gan_docs.discriminator import Discriminator
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.judging.evaluation import evaluate_images
from gan_docs.judging.judge import train_judge
from gan_docs.trainer import Trainer

KEPT = ("frechet_distance", "precision", "recall", "coverage", "smallest_class", "label_agreement")


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """시드마다 이름표를 주고, 또 주지 않고 배웁니다. 절반과 끝에서 평균 생성기도 견줍니다."""
    chosen = experiment.parameters
    data = hangul(width=chosen["side"], height=chosen["side"])
    judge = train_judge(data, steps=chosen["judge_steps"])
    each = experiment.steps // (2 * len(chosen["seeds"]))
    rows: dict[str, list[float]] = {}
    for turn, (seed, classes) in enumerate(
        (seed, classes) for seed in chosen["seeds"] for classes in (data.classes, 0)
    ):
        trainer = learner(data, classes, seed, each, chosen["batch_size"])
        name = "with" if classes else "without"
        for part, count in (("middle", each // 2), ("end", each - each // 2)):
            trainer.train(count, progress=False)
            report(turn * each + len(trainer.history))
            if part == "middle" and not classes:
                continue
            for averaged in (True, False) if classes else (True,):
                made, labels = trainer.sample(chosen["samples"], seed=seed, averaged=averaged)
                found = evaluate_images(made, labels, judge, data, most=chosen["samples"])
                key = f"{name}_{part}_{'averaged' if averaged else 'now'}"
                for measure in KEPT:
                    if measure in found:
                        rows.setdefault(f"{key}_{measure}", []).append(found[measure])
    arrays = {f"{name}_by_seed": np.array(values) for name, values in rows.items()}
    medians = {name: float(np.median(values)) for name, values in rows.items()}
    about = {"seeds": len(chosen["seeds"]), "steps_each": each, "side": chosen["side"]}
    return Result({**about, "samples": chosen["samples"], **medians}, arrays)


def learner(data: ImageData, classes: int, seed: int, steps: int, batch_size: int) -> Trainer:
    """본 실험과 같은 신경망을, 이름표가 있게 또는 없게 만듭니다."""
    torch.manual_seed(seed)
    sides = (data.width, data.height)
    gan = GAN(
        Discriminator(*sides, latent_size=128, classes=classes),
        Generator(*sides, latent_size=64, classes=classes),
    )
    return Trainer(gan, data, steps=steps, batch_size=batch_size, seed=seed)


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "labels",
    "이름표와 평균",
    run,
    steps=2400,
    parameters={
        "side": 16,
        "seeds": [0, 1, 2],
        "batch_size": 32,
        "judge_steps": 300,
        "samples": 1000,
    },
    files=("gan_docs/assets/hangul.npz",),
    cost=110,
)

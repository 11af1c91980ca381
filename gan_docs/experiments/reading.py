"""심판이 두 한글 GAN의 글자를 읽고, 진짜와 견주어 모든 지표를 셉니다."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from torch import Tensor

from gan_docs.data import SYLLABLES, hangul
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.judge import restored
from gan_docs.judging.evaluation import evaluate_images, real_images
from gan_docs.judging.judge import features, read


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """두 생성기와 진짜를 같은 지표로 잽니다. 진짜의 값이 바랄 수 있는 가장 좋은 값입니다."""
    chosen, data, held_out = experiment.parameters, hangul(), hangul("held_out")
    judge = restored(needs["judge"], (1, 28, 28), data.classes)
    made = pictures(needs["hangul"].arrays["samples"])
    labels = torch.from_numpy(needs["hangul"].arrays["labels"])
    random = torch.Generator().manual_seed(chosen["real_seed"])
    sets: dict[str, tuple[Tensor, Tensor | None]] = {
        "conditional": (made, labels),
        "unconditional": (pictures(needs["hangul_unconditional"].arrays["samples"]), None),
        "real": data.sample(len(made), random),
        "held_out": held_out.sample(len(made), random),
    }
    numbers: dict[str, Any] = {"samples": len(made)}
    for name, (images, ordered) in sets.items():
        for measure, value in evaluate_images(images, ordered, judge, data, held_out).items():
            numbers[f"{name}_{measure}"] = value
    right = (read(judge, made) == labels).double()
    by_syllable = torch.stack([right[labels == label].mean() for label in range(len(SYLLABLES))])
    numbers["worst_agreement"] = by_syllable.min().item()
    numbers["worst_syllable"] = SYLLABLES[int(by_syllable.argmin())]
    shown = made[: chosen["neighbours"]]
    nearest = neighbours(features(judge, shown), judge, data)
    return Result(
        numbers,
        {"by_syllable": by_syllable.numpy(), "shown": shown.numpy(), "nearest": nearest},
    )


def pictures(pixels: NDArray[np.uint8]) -> Tensor:
    """0–255로 보관한 이미지를 [-1, 1]로 되돌립니다."""
    return torch.from_numpy(pixels).float() / 127.5 - 1


def neighbours(made: NDArray[np.float64], judge: Any, data: Any) -> NDArray[np.float32]:
    """만든 글자마다 심판의 눈에 가장 가까운, 배운 글자입니다. 모양 `(N, 1, H, W)`."""
    real = real_images(data, seed=0)
    closest = cdist(made, features(judge, real)).argmin(1)
    return real[closest].numpy()


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "reading",
    "심판이 읽은 글자",
    run,
    parameters={"real_seed": 1, "neighbours": 14},
    needs=("hangul", "hangul_unconditional", "judge"),
    files=("gan_docs/assets/hangul.npz",),
    cost=25,
)

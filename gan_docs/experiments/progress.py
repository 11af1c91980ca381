"""한글 GAN의 기록에서 판별기의 점수와 글자의 나아짐을 시점마다 나란히 잽니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch

from gan_docs.data import SYLLABLES, hangul
from gan_docs.data.containers import from_bytes
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.judge import restored
from gan_docs.experiments.ranks import above
from gan_docs.judging.evaluation import MOST_NEIGHBOURS, learned_images, real_images
from gan_docs.judging.judge import features, read
from gan_docs.metrics import fresh_distances, nearest_neighbours


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """판별기의 AUC는 진짜와 가짜를 하나씩 뽑았을 때 진짜의 점수가 더 높을 확률입니다."""
    seen, chosen = needs["hangul"].arrays, experiment.parameters
    judge = restored(needs["judge"], (1, 28, 28), len(SYLLABLES))
    learned = features(judge, torch.cat(list(learned_images(hangul(), seed=0))))
    unseen = features(judge, real_images(hangul("held_out"), seed=0)[:MOST_NEIGHBOURS])
    fresh = fresh_distances(learned, unseen).mean()
    frames = [from_bytes(frame) for frame in seen["frames"]]
    labels = torch.arange(len(frames[0])) % len(SYLLABLES)
    watched, window = seen["watched"], chosen["window"]
    arrays = {
        "auc": np.array([above(real, fake) for real, fake in seen["scores"]]),
        "ratio": np.array(
            [
                nearest_neighbours(features(judge, f), learned).distance.mean() / fresh
                for f in frames
            ]
        ),
        "read": np.array([(read(judge, f) == labels).double().mean().item() for f in frames]),
    }
    numbers: dict[str, float] = {"letters": len(labels), "window": window}
    for name, (first, last) in chosen["periods"].items():
        during = (first <= watched) & (watched <= last)
        numbers |= {f"{name}_from": first, f"{name}_to": last}
        numbers |= {f"{name}_{key}": float(values[during].mean()) for key, values in arrays.items()}
    loss = np.convolve(seen["losses"][:, 0], np.ones(window) / window, mode="valid")
    numbers |= {
        "highest_loss": float(loss.max()),
        "highest_step": int(loss.argmax()) + window,
        "last_loss": float(loss[-1]),
        "last_auc": float(arrays["auc"][-1]),
    }
    return Result(numbers, {**arrays, "watched": watched, "losses": seen["losses"][:, :2]})


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "progress",
    "한글 GAN의 점수와 글자",
    run,
    parameters={"window": 200, "periods": {"early": [300, 1300], "late": [1900, 2700]}},
    needs=("hangul", "judge"),
    files=("gan_docs/assets/hangul.npz",),
    cost=6,
)

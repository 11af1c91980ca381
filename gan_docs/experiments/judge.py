"""진짜 한글을 읽는 심판을 학습합니다. 만든 글자를 이 심판이 읽습니다."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from numpy.typing import NDArray
from torch import nn

from gan_docs.data import hangul
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.judging.judge import accuracy, build_network, train_judge


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """학습용 글꼴로 배우고, 한 번도 보지 못한 글꼴에서 정확도를 잽니다."""
    data, held_out = hangul(), hangul("held_out", jitter=False)
    judge = train_judge(
        data, steps=experiment.steps, batch_size=experiment.parameters["batch_size"],
        seed=experiment.seed, report=report,
    )  # fmt: skip
    numbers = {
        "accuracy": accuracy(judge, held_out),
        "glyphs": len(held_out.images),
        "faces_held_out": len(held_out.images) // held_out.classes,
        "faces": len(data.images) // data.classes,
    }
    return Result(numbers, weights(judge))


# --8<-- [end:run]


def weights(judge: nn.Sequential) -> dict[str, NDArray[Any]]:
    """보관할 가중치입니다."""
    return {name: value.numpy() for name, value in judge.state_dict().items()}


def restored(result: Result, shape: tuple[int, int, int], classes: int) -> nn.Sequential:
    """보관한 가중치로 심판을 되살립니다."""
    judge = build_network(shape, classes)
    judge.load_state_dict({name: torch.from_numpy(a) for name, a in result.arrays.items()})
    return judge.eval()


EXPERIMENT = Experiment(
    "judge",
    "한글을 읽는 심판",
    run,
    steps=800,
    parameters={"batch_size": 128},
    files=("gan_docs/assets/hangul.npz",),
    cost=25,
)

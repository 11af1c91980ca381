"""심판이 한글 GAN의 글자를 읽습니다."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from gan_docs.data import SYLLABLES
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.judge import read, reader


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """만든 글자가 주문한 글자로 읽히는 비율을 글자마다 셉니다."""
    network = reader(len(SYLLABLES))
    weights = {name: torch.from_numpy(value) for name, value in needs["judge"].arrays.items()}
    network.load_state_dict(weights)
    made = needs["hangul"].arrays
    predicted = read(network, torch.from_numpy(made["samples"]).float() / 127.5 - 1)
    labels = torch.from_numpy(made["labels"])
    right = (predicted == labels).double()
    by_syllable = torch.stack([right[labels == label].mean() for label in range(len(SYLLABLES))])
    numbers = {
        "samples": len(labels),
        "agreement": right.mean().item(),
        "worst_agreement": by_syllable.min().item(),
        "worst_syllable": SYLLABLES[int(by_syllable.argmin())],
    }
    return Result(numbers, {"by_syllable": by_syllable.numpy()})


# --8<-- [end:run]

EXPERIMENT = Experiment("reading", "심판이 읽은 글자", run, needs=("hangul", "judge"))

"""DCGAN의 조리법으로 같은 얼굴을 같은 장수만큼 배워, 이 책의 학습과 견줍니다."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from pathlib import Path

import torch

from gan_docs import data
from gan_docs.experiments.emoji import by_expression, compared, shown
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.judging.judge import train_judge

FILE = "docs/examples/dcgan.py"
PATH = Path(__file__).parents[2] / FILE


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """파일의 학습을 그대로 부르고, 얼굴 이모지의 실험과 같은 심판으로 잽니다."""
    recipe, faces = runpy.run_path(str(PATH)), data.emoji()
    known = faces.at(slice(None))
    judge = train_judge(by_expression(faces), steps=experiment.parameters["judge_steps"])
    generator = recipe["train"](known, experiment.steps, experiment.seed)
    report(experiment.steps)
    random = torch.Generator().manual_seed(experiment.seed)
    z = torch.randn(len(known), recipe["LATENT_SIZE"], 1, 1, generator=random)
    with torch.no_grad():
        made = generator(z)
    numbers = {
        **compared(made, known, judge),
        "seen": experiment.steps * recipe["BATCH_SIZE"],
        "batch_size": recipe["BATCH_SIZE"],
    }
    return Result(numbers, shown(made, known, experiment.parameters["shown"]))


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "dcgan",
    "DCGAN의 조리법",
    run,
    steps=900,
    parameters={"judge_steps": 200, "shown": 30},
    files=(FILE, "gan_docs/assets/emoji.npz"),
    cost=140,
)

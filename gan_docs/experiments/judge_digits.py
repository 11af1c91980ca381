"""진짜 숫자를 읽는 심판을 학습합니다. 100줄 GAN의 숫자를 이 심판이 읽습니다."""

from __future__ import annotations

from collections.abc import Mapping

from gan_docs.data import digits
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.judge import weights
from gan_docs.judging.judge import accuracy, split, train_judge


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """숫자의 다섯 가운데 넷으로 배우고, 남긴 하나에서 정확도를 잽니다."""
    train, held_out = split(digits(8, 8), seed=experiment.seed)
    judge = train_judge(
        train, steps=experiment.steps, batch_size=experiment.parameters["batch_size"],
        seed=experiment.seed, report=report,
    )  # fmt: skip
    numbers = {
        "accuracy": accuracy(judge, held_out),
        "digits": len(train.images),
        "digits_held_out": len(held_out.images),
    }
    return Result(numbers, weights(judge))


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "judge_digits", "숫자를 읽는 심판", run, steps=800, parameters={"batch_size": 128}, cost=10
)

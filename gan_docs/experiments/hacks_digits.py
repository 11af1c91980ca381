"""8×8 숫자에서 요령을 한 가지씩 재어 봅니다. 고리와 같은 루프입니다."""

from __future__ import annotations

from collections.abc import Mapping

from gan_docs.data import digits
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.hack_loop import TRICKS
from gan_docs.experiments.hacks_ring import SEEDS, measured_on


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """요령마다 모든 시드를 학습하고, 시드마다 만든 숫자를 남깁니다."""
    return measured_on(digits(8, 8), experiment, report)


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "hacks_digits",
    "숫자에서 다시 잰 ganhacks",
    run,
    steps=500 * len(TRICKS),
    parameters={
        "seeds": SEEDS,
        "size": {"latent": 16, "hidden": 128, "data": 64, "batch": 64},
        "learning_rate": 3e-3,
        "samples": 1797,
    },
    cost=90,
)

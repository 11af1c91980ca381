"""이웃의 공으로 세는 네 지표를, 눈으로 따라 셀 수 있는 점 몇 개로 봅니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gan_docs import metrics
from gan_docs.experiments.experiment import Experiment, Report, Result


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """진짜는 두 무리와 외톨이 하나, 가짜는 한 무리와 그 사이에 흩어진 것입니다."""
    chosen, random = experiment.parameters, np.random.default_rng(experiment.seed)
    left, right = (random.normal(place, 0.5, size=(5, 2)) for place in ((0, 0), (3.2, 0.4)))
    real = np.concatenate([left, right, [[1.7, 2.9]]])
    fake = np.concatenate([random.normal((0, 0), 0.4, size=(7, 2)), chosen["strays"]])
    k = chosen["neighbours"]
    radii = {
        name: np.sort(np.linalg.norm(each[:, None] - each[None], axis=2))[:, k]
        for name, each in (("real", real), ("fake", fake))
    }
    pair, other = metrics.precision_recall(real, fake, k), metrics.density_coverage(real, fake, k)
    numbers = {"neighbours": k, "real": len(real), "fake": len(fake)}
    return Result(
        {**numbers, **pair._asdict(), **other._asdict()},
        {"real": real, "fake": fake, "real_radii": radii["real"], "fake_radii": radii["fake"]},
    )


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "balls",
    "이웃의 공",
    run,
    parameters={"neighbours": 2, "strays": [[1.2, 1.9], [2.4, 2.2], [1.5, -1.0], [2.0, 0.2]]},
    cost=1,
)

"""한 줄 위의 진짜와 가짜: 가장 좋은 판별기의 답과, 겹치지 않을 때의 두 발산."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from gan_docs.experiments.experiment import Experiment, Report, Result

Array = NDArray[np.float64]


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """두 정규분포에서 D*와 JSD를, 한쪽으로 민 두 균등분포에서 JSD와 바서슈타인 거리를 셉니다."""
    chosen = experiment.parameters
    low, high = chosen["range"]
    x = np.linspace(low, high, chosen["points"])
    real, fake = (bell(x, chosen[name]) for name in ("real_mean", "fake_mean"))
    best = real / (real + fake)
    shifts = np.linspace(0, chosen["farthest"], 121)
    numbers = {
        **{name: chosen[name] for name in ("real_mean", "fake_mean", "near", "far")},
        "value": integral(real * np.log(best) + fake * np.log(1 - best), x),
        "jsd": jsd(real, fake, x),
    }
    for name in ("real", "between", "fake"):
        place = {"real": chosen["real_mean"], "fake": chosen["fake_mean"]}.get(
            name, (chosen["real_mean"] + chosen["fake_mean"]) / 2
        )
        p, q = (float(bell(place, chosen[mean])) for mean in ("real_mean", "fake_mean"))
        numbers |= {f"x_{name}": place, f"p_{name}": p, f"q_{name}": q, f"best_{name}": p / (p + q)}
    for name in ("near", "far"):
        numbers |= {f"jsd_{name}": shifted_jsd(chosen[name]), f"wasserstein_{name}": chosen[name]}
    return Result(
        {name: float(value) for name, value in numbers.items()},
        {
            "x": x,
            "real": real,
            "fake": fake,
            "best": best,
            "shifts": shifts,
            "jsd_path": np.array([shifted_jsd(shift) for shift in shifts]),
            "wasserstein_path": shifts,
        },
    )


def bell(x: Array | float, mean: float) -> Array:
    """표준편차가 1인 정규분포의 밀도입니다."""
    density: Array = np.exp(-((np.asarray(x) - mean) ** 2) / 2) / np.sqrt(2 * np.pi)
    return density


def integral(values: Array, x: Array) -> float:
    """사다리꼴로 셈한 적분입니다."""
    return float(np.trapezoid(values, x))


def jsd(p: Array, q: Array, x: Array) -> float:
    """옌센–섀넌 발산입니다. 단위 nat."""
    m = (p + q) / 2
    return integral(p * np.log(p / m) + q * np.log(q / m), x) / 2


def shifted_jsd(shift: float) -> float:
    """길이 1인 균등분포와 그것을 민 것의 발산입니다. 겹친 곳은 0, 나머지는 질량마다 ln 2."""
    return min(shift, 1.0) * float(np.log(2))


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "overlap",
    "한 줄 위의 진짜와 가짜",
    run,
    parameters={
        "real_mean": 0.0,
        "fake_mean": 2.0,
        "range": [-8.0, 10.0],
        "points": 3601,
        "near": 0.5,
        "far": 2.0,
        "farthest": 2.4,
    },
)

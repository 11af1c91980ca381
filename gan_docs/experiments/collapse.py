"""고리에서 모드 붕괴를 일으키고, 조건을 한 가지씩 바꿔 고쳐 봅니다."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gan_docs.data import MixtureData, ring
from gan_docs.ensemble import Ensemble
from gan_docs.experiments import trapped
from gan_docs.experiments.experiment import Experiment, Number, Report, Result
from gan_docs.losses import NON_SATURATING, R1_AND_R2, RELATIVISTIC, AdversarialLoss, Penalty
from gan_docs.metrics import mode_statistics
from gan_docs.points import PointDiscriminator, PointGenerator


# --8<-- [start:run]
class Change(NamedTuple):
    """학습 하나의 조건입니다. 적지 않은 것은 붕괴하는 학습과 같습니다."""

    name: str
    loss: AdversarialLoss = NON_SATURATING
    penalty: Penalty | None = None
    frequency: float = 4.0  # 푸리에 특징의 주파수
    batch_size: int = 128
    pack: int = 1  # 판별기가 나란히 보는 점의 수


PENALTY = R1_AND_R2.with_strength(3.0, 3e-4)
# 점을 넷씩 이으면 방향의 차원이 네 배, 길이가 두 배가 되므로 주파수를 반으로.
# 묶음의 수를 128로 맞추려면 점은 512개. 대조군은 묶지만 않고 나머지가 모두 같음
MATCHED: dict[str, Any] = {"frequency": 2.0, "batch_size": 512}
CHANGES = {
    "plain": Change("붕괴"),
    "pairing": Change("짝짓기", loss=RELATIVISTIC),
    "control": Change("대조군", **MATCHED),
    "packing": Change("묶어 보기", **MATCHED, pack=4),
    "penalty": Change("벌점", penalty=PENALTY),
    "both": Change("둘 다", loss=RELATIVISTIC, penalty=PENALTY),
}


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """바꾼 조건마다 모든 시드를 학습하고, 시점마다 찍은 점을 남깁니다."""
    chosen, data = experiment.parameters, ring()
    each = experiment.steps // len(CHANGES)
    arrays: dict[str, NDArray[Any]] = {
        "real": data.centers.numpy(),
        "watched": np.array(chosen["watched"]),
    }
    numbers: dict[str, Number] = {
        "steps_each": each,
        "seeds": len(chosen["seeds"]),
        "hidden_size": chosen["hidden_size"],
        "waves": chosen["waves"],
    }
    for turn, (name, change) in enumerate(CHANGES.items()):
        ensemble = learner(change, chosen, data, each)
        watched, watch = watcher(chosen["watched"], turn * each, report)
        arrays[f"losses_{name}"] = ensemble.train(on_step=watch)
        arrays[f"watched_{name}"] = np.stack(watched)  # (시점, 시드, 500, 2)
        arrays[f"points_{name}"] = ensemble.sample(chosen["samples"], seed=experiment.seed)
        if name in ("plain", "penalty"):
            seen = trapped.view(ensemble, data)
            arrays |= {f"{part}_{name}": array for part, array in seen._asdict().items()}
    numbers |= told(arrays, data)
    return Result(numbers, arrays)


def learner(change: Change, chosen: Mapping[str, Any], data: MixtureData, steps: int) -> Ensemble:
    """조건 하나로 모든 시드를 함께 학습할 학습기입니다."""
    networks = {"hidden_size": chosen["hidden_size"], "depth": 2}
    waves = {"waves": chosen["waves"], "frequency": change.frequency}
    return Ensemble(
        partial(PointDiscriminator, pack=change.pack, **networks, **waves),
        partial(PointGenerator, start=None, **networks),
        data,
        steps=steps,
        seeds=chosen["seeds"],
        loss=change.loss,
        penalty=change.penalty,
        batch_size=change.batch_size,
        learning_rate=chosen["learning_rate"],
    )


def watcher(
    steps: list[int], before: int, report: Report
) -> tuple[list[NDArray[np.float32]], Callable[[Ensemble], None]]:
    """정해진 스텝마다 생성기가 찍은 점을 모읍니다. 평균이 아닌 지금의 생성기입니다."""
    found: list[NDArray[np.float32]] = []

    def watch(ensemble: Ensemble) -> None:
        report(before + ensemble.done)
        if ensemble.done in steps:
            found.append(ensemble.sample(500, averaged=False))

    return found, watch


def told(arrays: dict[str, NDArray[Any]], data: MixtureData) -> dict[str, Number]:
    """붕괴한 학습에서, 가장 많은 점이 갇힌 시드와 그 봉우리를 잽니다."""
    shares = arrays["shares_plain"]
    seed, mode = (int(place) for place in np.unravel_index(shares.argmax(), shares.shape))
    ring_logits = arrays["ring_plain"][seed]
    at_modes = ring_logits[:: trapped.AROUND]
    late = arrays["losses_plain"][:, -50:, 1].mean(1)  # 마지막 500스텝의 생성기 손실
    points = arrays["points_plain"]
    filled = np.array(
        [mode_statistics(one, data.centers, data.sigma).strict_modes for one in points]
    )
    arrays["late_losses"] = late
    arrays["counted"] = trapped.counted(late, len(data.centers))
    arrays["filled"] = filled
    return {
        "shown": seed,
        "share": float(shares[seed, mode]),
        "answer": float(arrays["answers_plain"][seed]),
        "own": float(at_modes[mode]),
        "others_least": float(np.delete(at_modes, mode).min()),
        "valley": trapped.pass_height(ring_logits, mode),
        "slope": float(arrays["slopes_plain"][seed]),
        "slope_penalty": float(np.median(arrays["slopes_penalty"])),
        "trapped_seeds": int((shares.max(1) > 0.8).sum()),
        # 어느 봉우리도 채우지 못한 시드는 0을 맞혀도 센 것이 아님
        "counted_seeds": int(((np.abs(arrays["counted"] - filled) < 0.25) & (filled > 0)).sum()),
    }


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "collapse",
    "모드 붕괴와 바꾼 조건",
    run,
    steps=3600 * len(CHANGES),
    parameters={
        "seeds": [0, 1, 2, 3, 4],
        "hidden_size": 64,
        "waves": 32,
        "watched": [100, 400, 1200, 3600],
        "learning_rate": 1e-3,
        "samples": 2500,
    },
    cost=150,
)

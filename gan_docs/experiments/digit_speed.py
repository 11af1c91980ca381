"""100줄 GAN의 빠르기: 브라우저로 내보낸 스텝과 TensorFlow.js로 적은 같은 스텝을 번갈아 잽니다."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_docs.experiments import browser_race, gan100_loop
from gan_docs.experiments.browser_race import FILES, FOLDER, Course, sizes
from gan_docs.experiments.experiment import Experiment, Number, Report, Result
from gan_docs.experiments.gan100 import FILE
from gan_docs.experiments.gan100_golden import PLAYERS
from gan_docs.experiments.gan100_live import GRAYS, NAMES
from gan_docs.export import EPSILON

RUNNERS = f"{FOLDER}/digit_speed.mjs"
STATE = tuple(f"{role}{part}" for role in PLAYERS for part in ("", "_variance"))


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """너비마다 Node가 잰 것을 비율로 적습니다."""
    chosen, live = experiment.parameters, needs["gan100_live"]
    numbers: dict[str, Number] = {key: chosen[key] for key in ("laps", "checked")}
    arrays: dict[str, NDArray[Any]] = {}
    differences, from_torch = [], []
    for turn, name in enumerate(NAMES):
        found = browser_race.race(course(live, name), chosen)
        result = browser_race.measured(found, f"{name}_")
        numbers |= result.numbers
        arrays |= result.arrays
        differences.append(found["difference"])
        kept = live.arrays[f"{name}.golden.watched"]
        from_torch += [np.abs(losses - kept).max() for losses in result.arrays.values()]
        report(experiment.steps * (turn + 1) // len(NAMES))
    numbers |= {"difference": max(differences), "torch_difference": float(max(from_torch))}
    return Result(numbers, arrays)


def course(live: Result, name: str) -> Course:
    """내보낸 한 스텝과, 본보기 스텝이 시작하는 상태와, 그 스텝의 진짜와 잠재 벡터입니다.

    처음 가중치에서 시작하지 않습니다. 분산이 0인 Adam은 반올림 오차를 학습률만큼 키웁니다.
    """
    loop = gan100_loop.read()
    names = gan100_loop.begin(loop, int(live.numbers[name]), steps=1, seed=0)
    golden = {key: live.arrays[f"{name}.golden.{key}"] for key in (*STATE, "index", "z")}
    digits = live.arrays["digits"].astype(np.float32) / GRAYS
    return Course(
        RUNNERS,
        models={"step": live.arrays[f"{name}.step"].tobytes()},
        values={
            **{key: golden[key] for key in (*STATE, "z")},
            "real": digits[golden["index"]],
        },
        settings={
            **{f"{role}_sizes": sizes(names[role]) for role in PLAYERS},
            **{"batch_size": loop.script["BATCH_SIZE"], "batches": live.numbers["golden_steps"]},
            **{"steps": live.numbers["steps_each"], "warm_up": live.numbers["warm_up"]},
            "epsilon": EPSILON,
            "learning_rate": loop.script["LEARNING_RATE"],
            "averaging": loop.script["AVERAGING"],
        },
    )


# --8<-- [end:run]

LAPS, CHECKED = 12, 5
STEPS = {"onnxruntime": 6, "tensorflow_wasm": 2, "tensorflow_tuned": 4}

EXPERIMENT = Experiment(
    "digit_speed",
    "100줄 GAN의 빠르기",
    run,
    steps=len(NAMES) * (LAPS * sum(STEPS.values()) + CHECKED * len(STEPS)),
    parameters={"laps": LAPS, "checked": CHECKED, "allowed": 1e-4, "steps": STEPS},
    needs=("gan100_live",),
    files=(RUNNERS, FILE, *FILES),
    alone=True,
    cost=30,
)

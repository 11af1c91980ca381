"""브라우저의 빠르기: 내보낸 한 스텝과 TensorFlow.js로 적은 같은 스텝을 번갈아 잽니다."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from gan_docs.experiments import browser_race
from gan_docs.experiments.browser_race import FILES, FOLDER, Course, sizes
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.plane import (
    BATCH_SIZE,
    COLLAPSE,
    make_discriminator,
    make_generator,
    stages,
)
from gan_docs.experiments.turns import names
from gan_docs.export import EPSILON, flat

RUNNERS = f"{FOLDER}/browser_speed.mjs"


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """Node가 잰 것을 비율로 적습니다."""
    chosen = experiment.parameters
    found = browser_race.race(course(experiment, needs["turns"]), chosen)
    report(experiment.steps)
    numbers, losses = browser_race.measured(found)
    kept = {key: chosen[key] for key in ("laps", "checked")}
    return Result({**numbers, **kept, "difference": found["difference"]}, losses)


def course(experiment: Experiment, turns: Result) -> Course:
    """내보낸 두 차례와, 두 신경망의 가중치와, 돌려 가며 쓸 진짜와 잠재 벡터입니다."""
    torch.manual_seed(experiment.seed)
    discriminator, generator = make_discriminator(), make_generator()
    batches = experiment.parameters["batches"]
    count = batches * BATCH_SIZE
    real, _ = stages()[COLLAPSE["data"]].sample(
        count, torch.Generator().manual_seed(experiment.seed)
    )
    used = names(COLLAPSE["loss"], COLLAPSE["penalty"])
    return Course(
        RUNNERS,
        models={
            role: turns.arrays[used[role]].tobytes() for role in ("discriminator", "generator")
        },
        values={
            "discriminator": flat(discriminator),
            "generator": flat(generator),
            "directions": discriminator.directions,
            "real": real,
            "z": torch.randn(count, generator.latent_size),
        },
        settings={
            "discriminator_sizes": sizes(discriminator),
            "generator_sizes": sizes(generator),
            "batch_size": BATCH_SIZE,
            "batches": batches,
            "learning_rate": COLLAPSE["generator_rate"],
            "epsilon": EPSILON,
        },
    )


# --8<-- [end:run]

LAPS, CHECKED = 16, 5
STEPS = {"onnxruntime": 90, "tensorflow_wasm": 16, "tensorflow_tuned": 36, "tensorflow_cpu": 4}

EXPERIMENT = Experiment(
    "browser_speed",
    "브라우저의 빠르기",
    run,
    steps=LAPS * sum(STEPS.values()) + CHECKED * len(STEPS),
    parameters={
        "laps": LAPS,
        "checked": CHECKED,
        "allowed": 1e-4,
        "batches": 16,
        "steps": STEPS,  # 한 바퀴가 저마다 약 0.2초
    },
    needs=("turns",),
    files=(RUNNERS, *FILES),
    alone=True,
    cost=25,
)

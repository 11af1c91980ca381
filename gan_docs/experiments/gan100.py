"""100줄 GAN을 페이지에 실린 파일 그대로, 시드 셋으로 돌립니다."""

from __future__ import annotations

import runpy
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import torch

from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.files import without_sections

FILE = "docs/examples/gan100.py"


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """시드마다 처음부터 학습하고 표본을 남깁니다."""
    path = Path(__file__).parents[2] / FILE
    script, chosen = runpy.run_path(str(path)), experiment.parameters
    each = experiment.steps // len(chosen["seeds"])
    samples, seconds = [], []
    for turn, seed in enumerate(chosen["seeds"]):
        before = time.process_time()
        generator = script["train"](each, seed, after(turn * each, report))
        seconds.append(time.process_time() - before)
        samples.append(script["sample"](generator, chosen["samples"], seed))
    numbers = {
        "lines": len(without_sections(path.read_text("utf-8")).splitlines()),
        "seeds": len(samples),
        "samples": chosen["samples"],
        "steps_each": each,
        "cpu_seconds_worst": max(seconds),
    }
    shown = script["enlarge"](samples[0][:100]).numpy()
    return Result(numbers, {"shown": shown, "samples": torch.stack(samples).numpy()})


def after(done: int, report: Report) -> Callable[[int], None]:
    """앞선 시드의 스텝에 이어서 진행을 알립니다."""
    return lambda step: report(done + step)


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "gan100",
    "100줄 GAN",
    run,
    steps=22_800,
    parameters={"seeds": [0, 1, 2], "samples": 5000},
    files=(FILE,),
    cost=155,
)

"""`gan100.py`의 한 스텝을 브라우저로 내보내고, 그 스텝으로 무엇이 되는지 먼저 봅니다."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gan_docs.experiments import gan100_loop
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.gan100 import FILE
from gan_docs.experiments.gan100_golden import golden
from gan_docs.experiments.gan100_loop import Loop, advance, begin
from gan_docs.experiments.judge import restored
from gan_docs.export import Function, flat, module_to_onnx, to_onnx

NAMES = ("wide", "narrow")  # 파일 그대로의 너비와, 전화기에서 쓸 너비
SHOWN = 40  # 화면에 늘어놓는 표본의 수
GRAYS = 8  # 진짜 숫자의 화소는 1/8의 배수


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """너비마다 내보내고, 학습하고, 본보기 스텝을 적습니다."""
    chosen, loop = experiment.parameters, gan100_loop.read()
    judge = restored(needs["judge_digits"], (1, 8, 8), 10)
    arrays: dict[str, NDArray[Any]] = {
        "digits": (GRAYS * loop.script["real_digits"]()).numpy().astype(np.int16)
    }
    told = ("steps_each", *NAMES, "sure", "golden_steps", "samples", "warm_up")
    numbers: dict[str, float] = {key: chosen[key] for key in told}
    for turn, name in enumerate(NAMES):
        width = chosen[name]
        for key, function in functions(loop, width).items():
            write = to_onnx if key == "step" else module_to_onnx
            arrays[f"{name}.{key}"] = np.frombuffer(write(function), np.uint8)
        names = begin(loop, width, chosen["steps_each"], experiment.seed)
        frames = []
        for step in range(chosen["steps_each"]):
            if step in chosen["watched"]:
                frames.append(shown(loop, names["average"]))
            if step == chosen["warm_up"]:
                kept = golden(loop, names, width, step, chosen["golden_steps"], SHOWN)
                arrays |= {f"{name}.golden.{key}": array for key, array in kept.items()}
            advance(loop, names, step)
            report(turn * chosen["steps_each"] + step + 1)
        frames.append(shown(loop, names["average"]))
        arrays[f"{name}.frames"] = torch.stack(frames).numpy()
        numbers |= read_by(judge, loop, names["average"], chosen, name)
    return Result(numbers, arrays)


def functions(loop: Loop, width: int) -> dict[str, Function]:
    """내보낼 두 함수입니다: 한 스텝과, 표본 만들기."""
    return {
        "step": gan100_loop.step_function(loop, width),
        "samples": gan100_loop.sample_function(loop, width, SHOWN),
    }


def read_by(
    judge: nn.Module, loop: Loop, generator: nn.Module, chosen: Mapping[str, Any], name: str
) -> dict[str, float]:
    """심판이 확신한 표본의 비율과, 가장 드문 숫자의 비율입니다."""
    with torch.no_grad():
        made = loop.script["sample"](generator, chosen["samples"], 1)
        certainty, digit = judge(made).softmax(1).max(1)
    shares = digit.bincount(minlength=10) / len(made)
    return {
        f"{name}_sure": (certainty >= chosen["sure"]).float().mean().item(),
        f"{name}_smallest_class": shares.min().item(),
        f"{name}_parameters": flat(generator).numel(),
    }


@torch.no_grad()
def shown(loop: Loop, generator: nn.Module) -> Tensor:
    """정지 그림의 한 줄입니다. 모양 `(10, 1, 40, 40)`."""
    made: Tensor = loop.script["enlarge"](loop.script["sample"](generator, 10, 0))
    return made


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "gan100_live",
    "브라우저의 100줄 GAN",
    run,
    steps=2 * 2500,
    parameters={
        **{"wide": 256, "narrow": 128, "steps_each": 2500, "watched": [0, 100, 300, 1000]},
        **{"samples": 500, "sure": 0.8, "warm_up": 300, "golden_steps": 5},
    },
    needs=("judge_digits",),
    files=(FILE,),
    tools=("onnx", "onnxscript"),
    cost=60,
)

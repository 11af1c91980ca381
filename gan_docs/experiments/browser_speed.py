"""브라우저의 빠르기: 내보낸 한 스텝과 TensorFlow.js로 적은 같은 스텝을 번갈아 잽니다."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

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
from gan_docs.machines import programs

ROOT = Path(__file__).parents[2]
RACE = "gan_docs/experiments/browser_speed.mjs"
ENTRY = "gan_docs/experiments/browser_speed_node.mjs"
LIBRARY = "node_modules/@tensorflow/tfjs-core/dist/gradients"
# 겨루는 두 라이브러리의 버전
PACKAGES = tuple(
    f"node_modules/{name}/package.json"
    for name in ("onnxruntime-web", "@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm")
)
KERNELS = (
    *("Add", "BatchMatMul", "Concat", "Cos", "LeakyRelu", "Mean"),
    *("Neg", "Reshape", "Sin", "Softplus", "SplitV"),
)
IMPORT = re.compile(r"^import (?:\{ (.*?) \}|\* as (\w+)) from .*$", re.MULTILINE)
EXPORT = re.compile(r"export const (\w+)")


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """겨룰 것을 임시 폴더에 적고, Node가 잰 것을 읽습니다."""
    with tempfile.TemporaryDirectory() as place:
        prepare(Path(place), needs["turns"], experiment)
        found = json.loads(node(str(ROOT / ENTRY), place))
    speeds = found["speeds"]
    numbers = {
        **{f"{name}_steps": speed for name, speed in speeds.items()},
        "ratio_wasm": speeds["onnxruntime"] / speeds["tensorflow_wasm"],
        "ratio_tuned": speeds["onnxruntime"] / speeds["tensorflow_tuned"],
        "ratio_cpu": speeds["onnxruntime"] / speeds["tensorflow_cpu"],
        "difference": found["difference"],
        "laps": experiment.parameters["laps"],
        "checked": experiment.parameters["checked"],
    }
    report(experiment.steps)
    losses = {f"losses_{name}": np.array(rows) for name, rows in found["losses"].items()}
    return Result(numbers, losses)


def prepare(folder: Path, turns: Result, experiment: Experiment) -> None:
    """겨루는 데 드는 모든 것을 폴더에 적습니다: 두 차례, 출발값, TensorFlow.js의 기울기."""
    used = names(COLLAPSE["loss"], COLLAPSE["penalty"])
    for role in ("discriminator", "generator"):
        (folder / f"{role}.onnx").write_bytes(turns.arrays[used[role]].tobytes())
    request = {"start": start(experiment), **experiment.parameters}
    (folder / "request.json").write_text(json.dumps(request), "utf-8")
    (folder / "gradients.mjs").write_text(gradients(), "utf-8")


def start(experiment: Experiment) -> dict[str, Any]:
    """두 신경망의 가중치와, 돌려 가며 쓸 진짜와 잠재 벡터입니다."""
    torch.manual_seed(experiment.seed)
    discriminator, generator = make_discriminator(), make_generator()
    count = experiment.parameters["batches"] * BATCH_SIZE
    real, _ = stages()[COLLAPSE["data"]].sample(
        count, torch.Generator().manual_seed(experiment.seed)
    )
    values = {
        "discriminator": flat(discriminator),
        "generator": flat(generator),
        "directions": discriminator.directions,
        "real": real,
        "z": torch.randn(count, generator.latent_size),
    }
    return {
        **{name: listed(value) for name, value in values.items()},
        "discriminator_sizes": sizes(discriminator),
        "generator_sizes": sizes(generator),
        "batch_size": BATCH_SIZE,
        "learning_rate": COLLAPSE["generator_rate"],
        "epsilon": EPSILON,
    }


# --8<-- [end:run]


def listed(values: Tensor) -> list[float]:
    """JSON에 적을 수의 목록입니다. float32는 십진수로 적어도 그대로입니다."""
    found: list[float] = values.flatten().tolist()
    return found


def sizes(network: nn.Module) -> list[int]:
    """입력부터 출력까지 층의 너비입니다."""
    layers = [layer for layer in network.modules() if isinstance(layer, nn.Linear)]
    return [layers[0].in_features, *(layer.out_features for layer in layers)]


def gradients() -> str:
    """TensorFlow.js의 기울기를 한 모듈로 모읍니다: 묶음 파일에는 없고 조각으로만 나뉘어 있습니다.

    Raises:
        RuntimeError: TensorFlow.js가 설치되지 않았을 때.
    """
    folder = ROOT / LIBRARY
    if not folder.is_dir():
        raise RuntimeError("TensorFlow.js가 없습니다. `python3 dev.py build`가 설치합니다.")
    parts = [(folder / f"{kernel}_grad.js").read_text("utf-8") for kernel in KERNELS]
    imported = {
        name.strip()
        for braces, module in IMPORT.findall("\n".join(parts))
        for name in (braces or module).split(",")
    }
    configs = [name for part in parts for name in EXPORT.findall(part)]
    bodies = [EXPORT.sub(r"const \1", IMPORT.sub("", part)) for part in parts]
    return "\n".join(
        [
            "export function registerGradients(tf) {",
            "const everything = { ...tf.util, ...tf.broadcast_util, ...tf.backend_util, ...tf };",
            f"const {{ {', '.join(sorted(imported))} }} = everything;",
            *bodies,
            f"for (const config of [{', '.join(configs)}]) tf.registerGradient(config);",
            "}",
        ]
    )


def node(*arguments: str) -> str:
    """Node.js를 불러 마지막 줄을 받습니다.

    Raises:
        RuntimeError: Node.js가 없거나 실패했을 때.
    """
    program = programs.node()
    if program is None:
        raise RuntimeError("빠르기를 잴 Node.js가 없습니다. `python3 dev.py build`가 설치합니다.")
    done = subprocess.run([program, *arguments], capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"브라우저의 빠르기를 재지 못했습니다: {done.stderr.strip()}")
    return done.stdout.strip().splitlines()[-1]


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
    files=(RACE, ENTRY, *PACKAGES),
    alone=True,
    cost=25,
)

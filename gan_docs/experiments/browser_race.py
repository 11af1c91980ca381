"""브라우저의 겨루기: 내보낸 스텝과 TensorFlow.js로 적은 같은 스텝을 번갈아 잽니다."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from torch import nn

from gan_docs.experiments.experiment import Result
from gan_docs.machines import programs

ROOT = Path(__file__).parents[2]
FOLDER = "gan_docs/experiments"
RACE = f"{FOLDER}/browser_race.mjs"
RIVAL = f"{FOLDER}/browser_tensorflow.mjs"
ENTRY = f"{FOLDER}/browser_race_node.mjs"
LIBRARY = "node_modules/@tensorflow/tfjs-core/dist/gradients"
# 겨루는 두 라이브러리의 버전
PACKAGES = tuple(
    f"node_modules/{name}/package.json"
    for name in ("onnxruntime-web", "@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm")
)
FILES = (RACE, RIVAL, ENTRY, *PACKAGES)
KERNELS = (
    *("Add", "BatchMatMul", "Cast", "Concat", "Cos", "Identity", "LeakyRelu", "Mean", "Multiply"),
    *("Neg", "Reshape", "Sin", "Softplus", "SplitV", "Square", "Step", "Sub", "Sum", "Tanh"),
    *("Transpose", "ZerosLike"),
)
RIVALS = "tensorflow_"
IMPORT = re.compile(r"^import (?:\{ (.*?) \}|\* as (\w+)) from .*$", re.MULTILINE)
EXPORT = re.compile(r"export const (\w+)")


class Course(NamedTuple):
    """겨룰 스텝 하나입니다.

    Attributes:
        runners: 참가자를 만드는 모듈. 저장소의 뿌리에서 본 자리.
        models: 내보낸 모델의 이름과 ONNX의 내용.
        values: 출발하는 가중치와 돌려 가며 쓸 묶음.
        settings: 그 밖의 설정. JSON으로 적을 수 있어야 합니다.
    """

    runners: str
    models: Mapping[str, bytes]
    values: Mapping[str, ArrayLike]
    settings: Mapping[str, Any]


# --8<-- [start:race]
def race(course: Course, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """겨룰 것을 임시 폴더에 적고, Node가 잰 것을 읽습니다.

    Args:
        course: 겨룰 스텝.
        parameters: 실험의 값. `laps`, `checked`, `allowed`, `steps`를 읽습니다.

    Returns:
        참가자마다의 1초당 스텝 수 `speeds`, 처음 몇 스텝의 손실 `losses`, 손실의 가장 큰 차이
        `difference`.
    """
    with tempfile.TemporaryDirectory() as place:
        prepare(Path(place), course, parameters)
        found: dict[str, Any] = json.loads(node(str(ROOT / ENTRY), place))
    return found


def measured(found: Mapping[str, Any], prefix: str = "") -> Result:
    """잰 것을 결과로 적습니다: 초당 스텝 수, 상대마다 이 책이 몇 배 빠른지, 손실."""
    speeds = found["speeds"]
    steps = {f"{prefix}{name}_steps": speed for name, speed in speeds.items()}
    ratios = {
        f"{prefix}ratio_{name.removeprefix(RIVALS)}": speeds["onnxruntime"] / speed
        for name, speed in speeds.items()
        if name.startswith(RIVALS)
    }
    losses = {f"{prefix}losses_{name}": np.array(rows) for name, rows in found["losses"].items()}
    return Result(steps | ratios, losses)


def prepare(folder: Path, course: Course, parameters: Mapping[str, Any]) -> None:
    """겨루는 데 드는 모든 것을 폴더에 적습니다: 모델, 출발값, TensorFlow.js의 기울기."""
    for name, content in course.models.items():
        (folder / f"{name}.onnx").write_bytes(content)
    values = {name: listed(value) for name, value in course.values.items()}
    request = {
        **parameters,
        "runners": Path(course.runners).name,
        "models": list(course.models),
        "start": {"values": values, **course.settings},
    }
    (folder / "request.json").write_text(json.dumps(request), "utf-8")
    (folder / "gradients.mjs").write_text(gradients(), "utf-8")


# --8<-- [end:race]


def listed(values: ArrayLike) -> list[float]:
    """JSON에 적을 수의 목록입니다. float32는 십진수로 적어도 그대로입니다."""
    found: list[float] = np.asarray(values).ravel().tolist()
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
            "const spread = { ...tf.util, ...tf.broadcast_util, ...tf.backend_util, ...tf };",
            "const everything = { ...spread, axis_util: tf.backend_util };",
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

"""브라우저에서 도는 요소의 파일입니다: 실행기, 이 빌드가 내보낸 모델과 기록, 그 목록.

모든 파일은 gzip으로 묶어 두고 브라우저가 풉니다. 서버가 어떻든 큰 파일이 날것으로 다니지 않습니다.
이름에 내용의 키가 있고 목록에 크기와 sha256이 있어, 잘리거나 섞인 파일은 쓰이지 않습니다.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_docs.data import SYLLABLES
from gan_docs.experiments import explorer, golden, plane, turns
from gan_docs.experiments.experiment import Result
from gan_docs.losses import LOSSES
from gan_docs.site.make import digits, hand, keys, live_plane, results
from gan_docs.site.make.packing import pack, pack_arrays, shapes
from gan_docs.site.make.storage import cache_folder
from gan_docs.site.make.store import Store

FOLDER = "assets/live"
EXPERIMENTS = (
    *live_plane.EXPERIMENTS, "golden", "explorer", "hangul", "plane", "gan100_live", "hand",
)  # fmt: skip
RUNTIME = "onnxruntime-web/dist"
MODULE, LOADER = "ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs"
BINARY = "ort-wasm-simd-threaded.wasm"
MANIFEST = "manifest.json"
LEVELS = 16  # 기록에 담는 글자의 밝기: 눈으로 보기에 넉넉하고 파일은 작음


class LiveError(ValueError):
    """브라우저에서 도는 요소의 파일을 갖출 수 없습니다."""


def check(modules: Path) -> None:
    """실행기가 설치되었는지 확인하고, 학습하기 전의 코드로 키를 셈해 둡니다.

    Raises:
        LiveError: `onnxruntime-web`이 없을 때.
    """
    if not (modules / RUNTIME / BINARY).is_file():
        raise LiveError(
            "브라우저의 실행기 onnxruntime-web이 없습니다. `python3 dev.py build`가 설치합니다."
        )
    key(modules)


def files(modules: Path) -> dict[str, Path]:
    """사이트에 놓을 모든 파일입니다: 사이트에서의 자리와 보관한 파일."""
    made = [*folder(modules).glob("*.gz"), folder(modules) / MANIFEST]
    runtime = [modules / RUNTIME / name for name in (MODULE, LOADER)]
    return {f"{FOLDER}/{file.name}": file for file in (*made, *runtime)}


@cache
def sizes(modules: Path) -> dict[str, int]:
    """요소마다 누른 뒤에 받는 바이트의 수입니다."""
    manifest = json.loads((folder(modules) / MANIFEST).read_text("utf-8"))
    runtime = manifest["runtime"]["bytes"]
    models = {name: model["bytes"] for name, model in manifest["models"].items()}
    digit_models = manifest["digits"]["widths"][digits.WIDE]["models"].values()
    used = turns.names(plane.DEFAULTS["loss"], plane.DEFAULTS["penalty"])
    return {
        "gan-trainer": runtime + sum(models[name] for name in used.values()) + models["points"],
        "digit-trainer": runtime
        + manifest["digits"]["digits"]["bytes"]
        + sum(models[name] for name in ("points", *digit_models)),
        "latent-explorer": runtime + models["hangul"],
        "hangul-hand": runtime + models["hangul"] + models[hand.MODEL],
        "training-scrubber": manifest["record"]["arrays"]["bytes"],
    }


def current_key(modules: Path) -> str:
    """파일들을 바꿀 수 있는 모든 것의 키를, 지금의 파일로 다시 셈합니다."""
    package = json.loads((modules / "onnxruntime-web" / "package.json").read_text("utf-8"))
    return keys.digest(
        keys.sources([__name__]),
        [results.key(name) for name in EXPERIMENTS],
        package["version"],
        keys.versions(),
    )


key = cache(current_key)  # 프로세스마다 한 번만 셈함


@cache
def folder(modules: Path) -> Path:
    """만든 파일을 보관한 폴더입니다. 아직 없으면 만듭니다."""

    def write(place: Path) -> None:
        _write(place, modules)
        results.check_unchanged(FOLDER, key(modules), lambda: current_key(modules))

    return Store(cache_folder("live")).make("files", key(modules), write)


def _write(place: Path, modules: Path) -> None:
    found = {name: results.result(name) for name in EXPERIMENTS}
    binary = pack(place, BINARY, (modules / RUNTIME / BINARY).read_bytes())
    scripts = sum((modules / RUNTIME / name).stat().st_size for name in (MODULE, LOADER))
    functions = live_plane.functions()
    models = {
        name: {**pack(place, f"{name}.onnx", content.tobytes()), **shapes(functions[name])}
        for experiment in live_plane.EXPERIMENTS
        for name, content in found[experiment].arrays.items()
    }
    content = found["explorer"].arrays["onnx"].tobytes()
    latent_size = int(found["hangul"].numbers["latent_size"])
    models["hangul"] = {
        **pack(place, "hangul.onnx", content),
        "inputs": {"input": [0, latent_size + len(SYLLABLES)]},
        "outputs": ["images"],
    }
    models |= digits.models(place, found["gan100_live"])
    models[hand.MODEL] = {
        **pack(place, f"{hand.MODEL}.onnx", found["hand"].arrays["onnx"].tobytes()),
        **hand.shapes(found["hangul"]),
    }
    runtime = {"module": MODULE, "loader": LOADER, "binary": binary}
    manifest = {
        "runtime": {**runtime, "bytes": binary["bytes"] + scripts},
        "models": models,
        "plane": live_plane.settings(),
        "golden": golden_steps(place, found["golden"]),
        "explorer": {"latent_size": latent_size, **directions(found["explorer"])},
        "digits": digits.settings(place, found["gan100_live"]),
        "hand": hand.settings(found["hand"]),
        "record": record(place, found["hangul"]),
    }
    (place / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")


def golden_steps(place: Path, found: Result) -> dict[str, Any]:
    """본보기 스텝의 설정과, 손실마다의 기록입니다."""
    shared = {name: found.arrays[name] for name in ("real", "z", "share")}
    own: dict[str, dict[str, NDArray[Any]]] = {name: {} for name in LOSSES}
    for key, array in found.arrays.items():
        loss, dot, name = key.partition(".")
        if dot:
            own[loss][name] = array
    return {
        **found.numbers,
        "penalties": golden.PENALTY,
        "inputs": pack_arrays(place, "golden-inputs.bin", shared),
        "runs": {
            name: pack_arrays(place, f"golden-{name}.bin", arrays) for name, arrays in own.items()
        },
    }


def directions(found: Result) -> dict[str, Any]:
    """글자와, 이름을 붙인 방향입니다."""
    rows = found.arrays["directions"].tolist()
    return {
        "syllables": list(SYLLABLES),
        "directions": [
            {"less": less, "more": more, "vector": [round(value, 6) for value in row]}
            for (less, more), row in zip(explorer.MEASURES.values(), rows, strict=True)
        ],
    }


def record(place: Path, found: Result) -> dict[str, Any]:
    """한글 GAN의 학습 기록입니다: 시점마다의 글자와 점수, 스텝마다의 손실."""
    frames = found.arrays["frames"][:, :, 0]
    low, high = (float(edge(found.arrays["scores"])) for edge in (np.min, np.max))
    edges = np.linspace(low, high + 1e-6, 65)
    counts = [[np.histogram(one, edges)[0] for one in pair] for pair in found.arrays["scores"]]
    arrays = {
        "frames": (frames // (256 // LEVELS)).astype(np.uint8),
        "counts": np.array(counts, np.uint16),
        "scores": found.arrays["scores"].mean(2).astype(np.float32),
        "losses": found.arrays["losses"][:, :2].astype(np.float32),
    }
    return {
        "steps": found.arrays["watched"].tolist(),
        "levels": LEVELS,
        "edges": [low, high],
        "size": list(frames.shape[2:]),
        "arrays": pack_arrays(place, "record.bin", arrays),
    }

"""100줄 GAN을 브라우저에서 학습하는 데 드는 파일과 설정입니다."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from gan_docs.experiments import gan100, gan100_live, gan100_loop
from gan_docs.experiments.experiment import Result
from gan_docs.experiments.gan100_golden import PLAYERS
from gan_docs.site.make.packing import pack, pack_arrays, shapes

WIDE, NARROW = gan100_live.NAMES
loop = cache(gan100_loop.read)


def models(place: Path, found: Result) -> dict[str, Any]:
    """너비마다의 한 스텝과 표본 만들기입니다."""
    return {
        model(name, kind): {
            **pack(place, f"{model(name, kind)}.onnx", found.arrays[f"{name}.{kind}"].tobytes()),
            **shapes(function),
        }
        for name in gan100_live.NAMES
        for kind, function in gan100_live.functions(loop(), int(found.numbers[name])).items()
    }


def model(name: str, kind: str) -> str:
    """목록에 적는 모델의 이름입니다."""
    return f"gan100-{name}-{kind}"


def settings(place: Path, found: Result) -> dict[str, Any]:
    """데이터와 계획, 너비마다의 모양과 본보기 스텝입니다."""
    script, whole = loop().script, gan100.EXPERIMENT
    return {
        **{key: found.numbers[key] for key in ("steps_each", "warm_up")},
        "file_steps": whole.steps // len(whole.parameters["seeds"]),
        "batch": script["BATCH_SIZE"],
        "latent_size": script["LATENT_SIZE"],
        "shown": gan100_live.SHOWN,
        "grays": gan100_live.GRAYS,
        "digits": pack_arrays(place, "digits.bin", {"digits": found.arrays["digits"]}),
        "widths": {name: width(place, found, name) for name in gan100_live.NAMES},
    }


def width(place: Path, found: Result, name: str) -> dict[str, Any]:
    """너비 하나의 신경망의 모양, 모델, 본보기 스텝입니다."""
    size, prefix = int(found.numbers[name]), f"{name}.golden."
    made = gan100_loop.begin(loop(), size, steps=1, seed=0)
    kept = {
        key.removeprefix(prefix): array
        for key, array in found.arrays.items()
        if key.startswith(prefix)
    }
    return {
        "size": size,
        "networks": {
            player: [list(each.shape) for each in made[player].parameters()] for player in PLAYERS
        },
        "models": {kind: model(name, kind) for kind in gan100_live.functions(loop(), size)},
        "golden": pack_arrays(place, f"gan100-golden-{name}.bin", kept),
    }

"""평면의 학습 한 차례를 손실과 벌점마다 ONNX로 내보냅니다: 브라우저가 이것을 돌립니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gan_docs.experiments.experiment import Experiment, Number, Report, Result
from gan_docs.experiments.plane import (
    BATCH_SIZE,
    FIELD,
    LATTICE,
    MEASURED,
    PENALTIES,
    make_discriminator,
    make_generator,
)
from gan_docs.export import Function, discriminator_turn, generator_turn, look, points, to_onnx
from gan_docs.losses import LOSSES, Loss


# --8<-- [start:run]
def names(loss: str, penalty: str) -> dict[str, str]:
    """손실과 벌점을 고르면 쓰는 모델의 이름입니다. 함수를 나누는 손실은 모델도 나눕니다."""
    pair = LOSSES[loss]
    return {
        "discriminator": f"{short(pair.discriminator)}-{penalty}",
        "generator": short(pair.generator),
        "look": f"look-{short(pair.generator)}",
    }


def short(loss: Loss) -> str:
    """손실 함수의 이름에서 늘 같은 끝을 뗍니다."""
    return str(loss.__name__).removesuffix("_loss").replace("_", "-")


def functions() -> dict[str, Function]:
    """내보낼 모든 함수입니다."""
    pair = make_discriminator(), make_generator()
    found: dict[str, Function] = {}
    for name, loss in LOSSES.items():
        for key, penalty in PENALTIES.items():
            used = names(name, key)
            found.setdefault(
                used["discriminator"], discriminator_turn(*pair, loss, penalty, BATCH_SIZE)
            )
        found.setdefault(used["generator"], generator_turn(*pair, loss, BATCH_SIZE))
        found.setdefault(
            used["look"], look(*pair, loss, BATCH_SIZE, LATTICE * LATTICE, FIELD * FIELD)
        )
    found["points"] = points(pair[1], MEASURED)
    return found


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """함수마다 추적해 파일의 내용을 남깁니다."""
    return exported({name: to_onnx(function) for name, function in functions().items()})


def exported(contents: Mapping[str, bytes], **numbers: Number) -> Result:
    """이름마다의 파일의 내용과, 파일의 수와 바이트입니다."""
    numbers |= {"models": len(contents), "bytes": sum(map(len, contents.values()))}
    return Result(numbers, {name: np.frombuffer(each, np.uint8) for name, each in contents.items()})


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "turns", "브라우저로 내보낸 한 차례", run, tools=("onnx", "onnxscript"), cost=70
)

"""독자가 적은 손실로 배우는 한 차례를 ONNX로 내보냅니다: 손실 대신 로짓마다의 기울기를 받습니다.

한 차례를 둘로 나눕니다. 먼저 로짓을 셈해 내놓고, 식을 미분한 기울기를 받아 신경망을 고칩니다.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import torch
from torch import Tensor

from gan_docs import export
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.plane import (
    BATCH_SIZE,
    FIELD,
    LATTICE,
    PENALTIES,
    make_discriminator,
    make_generator,
)
from gan_docs.experiments.turns import exported
from gan_docs.export import Function, Given, to_onnx
from gan_docs.losses import AdversarialLoss
from gan_docs.points import PointDiscriminator, PointGenerator


# --8<-- [start:slopes]
def slope_loss(slopes: Given) -> AdversarialLoss:
    r"""기울기가 주어진 것과 같은 일차식의 손실입니다.

    표본마다의 기울기를 수로 보고 로짓에 곱하면, 그 평균은 식 $L(a, b)$의 평균과 기울기가 같습니다:
    $\nabla\, \overline{L(a, b)} = \nabla\, \overline{L_a a + L_b b}$.

    Args:
        slopes: 진짜의 로짓에 대한 기울기 `real_slopes`와 가짜의 로짓에 대한 기울기 `fake_slopes`.
            모양 `(B,)`. 손실을 셈할 때 읽습니다.

    Returns:
        두 참가자의 손실. 기울기만 맞고 값은 뜻이 없습니다. 생성기는 진짜를 바꾸지 못하므로
        가짜의 기울기만 씁니다.
    """
    return AdversarialLoss(
        "직접 쓴 식",
        lambda real, fake: (slopes["real_slopes"] * real + slopes["fake_slopes"] * fake).mean(),
        lambda real, fake: (slopes["fake_slopes"] * fake).mean(),
    )


def with_slopes(make: Callable[[AdversarialLoss], Function], *names: str) -> Function:
    """손실로 만드는 함수를, 손실 대신 로짓마다의 기울기를 입력으로 받는 함수로 바꿉니다."""
    slopes: dict[str, Tensor] = {}  # 부를 때마다 받은 것으로 바꿈
    function = make(slope_loss(slopes))

    def call(given: Given) -> tuple[Tensor, ...]:
        slopes.update({name: given[name] for name in names})
        return function.call(given)

    inputs = {**function.inputs, **{name: torch.randn(BATCH_SIZE) for name in names}}
    return Function(call, inputs, function.outputs)


# --8<-- [end:slopes]


def logits(discriminator: PointDiscriminator, generator: PointGenerator) -> Function:
    """진짜와 가짜의 로짓만 셈합니다.

    Args:
        discriminator: 구조를 빌릴 판별기. 가중치는 입력 `other`로 받습니다.
        generator: 구조를 빌릴 생성기. 가중치는 입력 `parameters`로 받습니다.

    Returns:
        출력은 진짜의 로짓 `(B,)`과 가짜의 로짓 `(B,)`.
    """

    def judge(given: Given) -> tuple[Tensor, ...]:
        judge = export.judge_with(discriminator, given["other"], given)
        fake = export.made_with(generator, given["parameters"], given["z"])
        return judge(given["real"]), judge(fake)

    inputs = {
        "other": export.flat(discriminator),
        "parameters": export.flat(generator),
        **export.batch_inputs(generator, BATCH_SIZE),
        **export.wave_input(discriminator),
    }
    return Function(judge, inputs, ("real_logits", "fake_logits"))


def names(penalty: str) -> dict[str, str]:
    """벌점을 고르면 쓰는 모델의 이름입니다."""
    return {
        "discriminator": f"slopes-discriminator-{penalty}",
        "generator": "slopes-generator",
        "look": "look-slopes",
        "logits": "logits",
    }


def functions(
    pair: tuple[PointDiscriminator, PointGenerator] | None = None,
) -> dict[str, Function]:
    """내보낼 모든 함수입니다. 두 신경망을 생략하면 기본 크기의 것입니다."""
    pair = pair or (make_discriminator(), make_generator())
    judging = partial(export.discriminator_turn, *pair, batch_size=BATCH_SIZE)
    making = partial(export.generator_turn, *pair, batch_size=BATCH_SIZE)
    looking = partial(
        export.look, *pair, batch_size=BATCH_SIZE, lattice=LATTICE * LATTICE, field=FIELD * FIELD
    )
    found = {
        names(key)["discriminator"]: with_slopes(
            partial(judging, penalty=penalty), "real_slopes", "fake_slopes"
        )
        for key, penalty in PENALTIES.items()
    }
    used = names("none")  # 벌점과 상관없는 셋
    return found | {
        used["generator"]: with_slopes(making, "fake_slopes"),
        used["look"]: with_slopes(looking, "fake_slopes"),
        used["logits"]: logits(*pair),
    }


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """함수마다 추적해 파일의 내용을 남깁니다."""
    return exported({name: to_onnx(function) for name, function in functions().items()})


EXPERIMENT = Experiment(
    "own_loss", "직접 쓴 손실의 한 차례", run, tools=("onnx", "onnxscript"), cost=15
)

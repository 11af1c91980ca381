"""거꾸로 찾기: 받은 글자를 그렸을 잠재 벡터를 찾습니다. 생성기의 가중치는 그대로 둡니다.

한 스텝은 상태를 간직하지 않는 함수입니다. 잠재 벡터와 Adam의 두 평균을 받아, 고친 것을 돌려줍니다.
빌드의 실험이 이 함수를 부르고, 브라우저는 내보낸 이 함수를 돌립니다.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.func import functional_call
from torch.nn import functional

from gan_docs.checks import whole_number
from gan_docs.export import (
    EPSILON,
    STATE,
    Function,
    Given,
    adam,
    program_to_onnx,
    with_half_weights,
)
from gan_docs.generator import Generator

RATE = 0.1  # 첫 스텝의 학습률. 마지막 스텝까지 곧게 0으로 줄임
STEPS = 200
STARTS = 4
PRIOR = 3e-3  # |z|²에 곱하는 세기. 받은 글자가 많을수록 그 수로 나누어 줄임
WEIGHT = "weight."


class Found(NamedTuple):
    """찾은 것입니다.

    Attributes:
        z: 출발마다 다다른 잠재 벡터. 모양 `(S, latent_size)`.
        loss: 출발마다의 손실. 모양 `(S,)`.
    """

    z: Tensor
    loss: Tensor


# --8<-- [start:search]
def losses(
    generator: Generator,
    weights: Given,
    z: Tensor,
    letters: Tensor,
    targets: Tensor,
    prior: Tensor,
) -> Tensor:
    r"""출발마다, 그린 글자와 받은 글자의 차이에 $\lambda \lVert z \rVert^2 / K$를 더합니다.

    Args:
        generator: 구조를 빌릴 생성기. 평가 상태여야 합니다.
        weights: 생성기의 가중치. 이름은 `network.state_dict()`의 것입니다.
        z: 잠재 벡터. 모양 `(S, latent_size)`.
        letters: 받은 글자의 원-핫. 모양 `(K, classes)`.
        targets: 받은 글자의 그림. 모양 `(K, 화소)`, 출발마다 다르면 `(S, K, 화소)`.
        prior: 세기 λ. 모양 `()`.

    Returns:
        출발마다의 손실. 모양 `(S,)`, 단위는 [-1, 1]의 화소 값의 제곱.
    """
    starts, count = len(z), letters.shape[0]
    pairs = [z[:, None].expand(starts, count, -1), letters[None].expand(starts, count, -1)]
    rows = torch.cat(pairs, 2).flatten(0, 1)  # (S × K, latent_size + classes)
    images: Tensor = functional_call(generator.network, dict(weights), (rows,))
    apart = images.flatten(1).unflatten(0, (starts, count)) - targets
    loss: Tensor = apart.square().mean((1, 2)) + prior / count * z.square().sum(1)
    return loss


def step(generator: Generator, starts: int = STARTS, count: int = 1) -> Function:
    """한 스텝을, 상태를 받아 상태를 내는 함수로 만듭니다.

    Args:
        generator: 평가 상태의 생성기. 가중치는 입력으로 받습니다.
        starts: 한꺼번에 찾는 출발의 수 S.
        count: 입력의 보기에 담을 글자의 수 K.

    Returns:
        출력은 고친 z와 두 평균, 그리고 고치기 전의 출발마다의 손실 `(S,)`.
    """
    shapes = weights_of(generator)

    def call(given: Given) -> tuple[Tensor, ...]:
        weights = {name: given[WEIGHT + name] for name in shapes}
        z = given["parameters"].detach().requires_grad_()
        loss = losses(generator, weights, z, given["letters"], given["targets"], given["prior"])
        (gradient,) = torch.autograd.grad(loss.sum(), z)
        moved = adam(
            z.detach(), given["momentum"], given["variance"], gradient,
            given["step"], given["learning_rate"], given["epsilon"],
        )  # fmt: skip
        return (*moved, loss.detach())

    channels, height, width = generator.shape
    inputs = {
        **begun(torch.zeros(starts, generator.latent_size)),
        "step": torch.tensor(1.0),
        "learning_rate": torch.tensor(RATE),
        "epsilon": torch.tensor(EPSILON),
        "prior": torch.tensor(PRIOR),
        "letters": torch.eye(generator.classes)[:count].clone(),
        "targets": torch.zeros(count, channels * height * width),
        **{WEIGHT + name: value for name, value in shapes.items()},
    }
    return Function(call, inputs, (*STATE, "loss"))


def search(
    generator: Generator,
    z: Tensor,
    letters: Tensor,
    targets: Tensor,
    steps: int = STEPS,
    prior: float = PRIOR,
) -> Found:
    """여러 출발에서 한꺼번에 찾습니다.

    Args:
        generator: 평가 상태의 생성기.
        z: 출발하는 잠재 벡터. 모양 `(S, latent_size)`.
        letters: 받은 글자의 번호. 모양 `(K,)`.
        targets: 받은 글자의 그림. 모양 `(K, 화소)` 또는 `(S, K, 화소)`.
        steps: 스텝 수.
        prior: |z|²에 곱하는 세기.

    Returns:
        출발마다 다다른 잠재 벡터와 그 손실.

    Raises:
        ValueError: `steps`가 1보다 작을 때.
    """
    whole_number("steps", steps, least=1)
    function = step(generator, len(z), len(letters))
    given = {
        **function.inputs,
        **begun(z),
        "letters": functional.one_hot(letters, generator.classes).to(z.dtype),
        "targets": targets,
        "prior": torch.tensor(prior),
    }
    for turn in range(steps):
        given["step"] = torch.tensor(turn + 1.0)
        given["learning_rate"] = torch.tensor(RATE * (1 - turn / steps))
        after = dict(zip(function.outputs, function.call(given), strict=True))
        given |= {name.removeprefix("new_"): after[name] for name in STATE}
    with torch.no_grad():
        weights = weights_of(generator)
        loss = losses(generator, weights, *(given[name] for name in ("parameters", *ASKED)))
    return Found(given["parameters"], loss)


# --8<-- [end:search]

ASKED = ("letters", "targets", "prior")


def begun(z: Tensor) -> dict[str, Tensor]:
    """첫 스텝에 앞선 상태입니다: 출발하는 z와 0인 두 평균."""
    return {
        "parameters": z,
        "momentum": torch.zeros_like(z),
        "variance": torch.zeros_like(z),
    }


def weights_of(generator: Generator) -> dict[str, Tensor]:
    """생성기의 가중치와, 실수로 된 통계입니다."""
    state = generator.network.state_dict()
    return {name: value for name, value in state.items() if value.is_floating_point()}


# --8<-- [start:export]
def step_to_onnx(generator: Generator, starts: int = STARTS) -> bytes:
    """한 스텝을 ONNX로 적습니다. 가중치는 float16으로 담고, 받는 글자의 수는 부를 때 정합니다.

    Args:
        generator: 평가 상태의 생성기.
        starts: 한꺼번에 찾는 출발의 수.

    Returns:
        입력과 출력의 이름이 `step`과 같은 ONNX 파일의 내용. 가중치는 입력이 아닙니다.
    """
    from torch.fx.experimental.proxy_tensor import make_fx

    function = step(generator, starts, count=3)  # 1과 2는 다른 크기와 헷갈릴 수 있음
    values = tuple(function.inputs.values())
    turned = {torch.ops.aten.convolution_backward.default: convolution_backward}
    traced = make_fx(function.positional, tracing_mode="symbolic", decomposition_table=turned)
    graph = traced(*values)
    letters = torch.export.Dim("letters", min=1, max=generator.classes)
    shapes = tuple({0: letters} if name in ASKED[:2] else None for name in function.inputs)
    program = torch.export.export(graph, values, dynamic_shapes=shapes)
    content = program_to_onnx(program, values, function.inputs, function.outputs)
    return with_weights_inside(content, function.inputs)


def convolution_backward(
    gradient: Tensor, images: Tensor, weight: Tensor, sizes: list[int] | None, stride: list[int],
    padding: list[int], *_: object,
) -> tuple[Tensor, None, None]:  # fmt: skip
    """한 칸씩 움직인 합성곱의 입력의 기울기입니다. 뒤집은 가중치로 다시 합성곱합니다.

    ONNX에는 합성곱의 기울기가 없습니다. 가중치의 기울기는 찾을 때 쓰지 않으므로 내지 않습니다.
    """
    if any(side != 1 for side in stride):
        raise ValueError(f"한 칸씩 움직이는 합성곱만 내보냅니다: 받은 값 {list(stride)}")
    flipped = weight.flip(2, 3).transpose(0, 1)
    around = [side - 1 - edge for side, edge in zip(weight.shape[2:], padding, strict=True)]
    return functional.conv2d(gradient, flipped, padding=around), None, None


def with_weights_inside(content: bytes, values: Given) -> bytes:
    """입력이던 가중치를 파일 안의 float16 상수로 바꿉니다. Adam의 계수는 줄이지 않습니다."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load_from_string(content)
    constants = [each.name for each in model.graph.initializer]
    asked = []
    for each in model.graph.input:
        if each.name.startswith(WEIGHT):
            weight = numpy_helper.from_array(values[each.name].numpy(), each.name)
            model.graph.initializer.append(weight)
        else:
            asked.append(each)
    del model.graph.input[:]
    model.graph.input.extend(asked)
    return with_half_weights(model.SerializeToString(), constants)


# --8<-- [end:export]

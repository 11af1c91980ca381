"""생성기와, 평면의 학습 한 차례를 ONNX로 내보냅니다: 브라우저가 이 패키지의 계산을 그대로 합니다.

한 차례는 상태를 간직하지 않는 함수입니다. 매개변수와 Adam의 두 평균을 받아, 고친 것을 돌려줍니다.
손실, 벌점, 신경망은 이 패키지의 것을 불러 추적하므로 따로 옮겨 적은 식이 없습니다.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.utils import parameters_to_vector

from gan_docs import turns
from gan_docs.losses import AdversarialLoss, Penalty
from gan_docs.points import PointDiscriminator, PointGenerator

EPSILON = 1e-8

Given = Mapping[str, Tensor]


class Function(NamedTuple):
    """추적할 함수 하나입니다.

    Attributes:
        call: 이름을 붙인 텐서들을 받아 텐서들을 내는 함수. 상태도 난수도 없습니다.
        inputs: 입력의 이름과 보기. 보기의 모양이 내보낸 모델의 모양이 됩니다.
        outputs: 출력의 이름.
    """

    call: Callable[[Given], tuple[Tensor, ...]]
    inputs: dict[str, Tensor]
    outputs: tuple[str, ...]

    def positional(self, *given: Tensor) -> tuple[Tensor, ...]:
        """`inputs`의 차례로 받아 부릅니다. 추적하는 쪽은 이름을 모릅니다."""
        return self.call(dict(zip(self.inputs, given, strict=True)))


# --8<-- [start:adam]
def flat(network: nn.Module) -> Tensor:
    """매개변수를 한 벡터로 잇습니다. 모양 `(P,)`."""
    return parameters_to_vector(network.parameters()).detach().clone()


def named(network: nn.Module, vector: Tensor) -> dict[str, Tensor]:
    """한 벡터를 매개변수의 이름과 모양대로 나눕니다. `flat`의 반대입니다."""
    parameters = dict(network.named_parameters())
    parts = vector.split([each.numel() for each in parameters.values()])
    return {
        name: part.reshape(each.shape)
        for (name, each), part in zip(parameters.items(), parts, strict=True)
    }


def adam(
    parameters: Tensor,
    momentum: Tensor,
    variance: Tensor,
    gradient: Tensor,
    step: Tensor,
    learning_rate: Tensor,
    epsilon: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Adam의 한 스텝입니다. 계수는 이 패키지의 학습기와 같은 $\beta = (0, 0.99)$입니다.

    Args:
        parameters: 매개변수. 모양 `(P,)`.
        momentum: 기울기의 평균. 모양 `(P,)`.
        variance: 기울기의 제곱의 평균. 모양 `(P,)`.
        gradient: 이번 기울기. 모양 `(P,)`.
        step: 1부터 세는 스텝. 모양 `()`.
        learning_rate: 학습률. 모양 `()`.
        epsilon: 분모에 더하는 수. 상수로 두면 ONNX의 최적화가 지우므로 입력으로 받습니다.

    Returns:
        고친 매개변수와 두 평균.

    Source:
        Kingma & Ba (2015), Algorithm 1. arXiv:1412.6980
    """
    first, second = turns.BETAS
    momentum = first * momentum + (1 - first) * gradient
    variance = second * variance + (1 - second) * gradient.square()
    scale = (variance / (1 - second**step)).sqrt() + epsilon
    return parameters - learning_rate * momentum / (1 - first**step) / scale, momentum, variance


# --8<-- [end:adam]


# --8<-- [start:turns]
def discriminator_turn(
    discriminator: PointDiscriminator,
    generator: PointGenerator,
    loss: AdversarialLoss,
    penalty: Penalty | None,
    batch_size: int,
) -> Function:
    """판별기의 차례를, 상태를 받아 상태를 내는 함수로 만듭니다.

    Args:
        discriminator: 구조를 빌릴 판별기. 가중치는 입력으로 받습니다.
        generator: 구조를 빌릴 생성기.
        loss: 두 참가자의 손실.
        penalty: 벌점을 재는 법. 없으면 `None`.
        batch_size: 한 차례에 보는 진짜의 수 B.

    Returns:
        출력은 고친 매개변수와 두 평균, 손실, 벌점(세기를 곱한 것), 두 로짓의 평균.
    """

    def turn(given: Given) -> tuple[Tensor, ...]:
        weights = given["parameters"].detach().requires_grad_()
        term = None
        if penalty is not None:
            term = turns.PenaltyTerm(penalty, given["strength"], given.get("share"))
        judge = judge_with(discriminator, weights, given)
        fake = made_with(generator, given["other"], given["z"])
        found = turns.discriminator_turn(judge, given["real"], fake, loss, term)
        (gradient,) = torch.autograd.grad(found.loss + found.penalty, weights)
        return (*moved(given, gradient), *(each.mean().detach() for each in found))

    inputs = {
        **optimizer_inputs(discriminator),
        "other": flat(generator),
        **batch_inputs(generator, batch_size),
        **wave_input(discriminator),
        **({} if penalty is None else {"strength": torch.tensor(0.1)}),
        **({"share": torch.rand(batch_size)} if penalty is not None and penalty.between else {}),
    }
    outputs = (*STATE, "loss", "penalty", "real_logit", "fake_logit")
    return Function(turn, inputs, outputs)


def generator_turn(
    discriminator: PointDiscriminator,
    generator: PointGenerator,
    loss: AdversarialLoss,
    batch_size: int,
) -> Function:
    """생성기의 차례를, 상태를 받아 상태를 내는 함수로 만듭니다. 판별기는 멈춘 채 심판만 합니다.

    Args:
        discriminator: 구조를 빌릴 판별기.
        generator: 구조를 빌릴 생성기. 가중치는 입력으로 받습니다.
        loss: 두 참가자의 손실.
        batch_size: 한 차례에 만드는 가짜의 수 B.

    Returns:
        출력은 고친 매개변수와 두 평균, 손실.
    """

    def turn(given: Given) -> tuple[Tensor, ...]:
        weights = given["parameters"].detach().requires_grad_()
        judge = judge_with(discriminator, given["other"], given)
        fake = made_with(generator, weights, given["z"])
        found = turns.generator_turn(judge, given["real"], fake, loss)
        (gradient,) = torch.autograd.grad(found.loss, weights)
        return (*moved(given, gradient), found.loss.detach())

    inputs = {
        **optimizer_inputs(generator),
        "other": flat(discriminator),
        **batch_inputs(generator, batch_size),
        **wave_input(discriminator),
    }
    return Function(turn, inputs, (*STATE, "loss"))


# --8<-- [end:turns]


# --8<-- [start:look]
def look(
    discriminator: PointDiscriminator,
    generator: PointGenerator,
    loss: AdversarialLoss,
    batch_size: int,
    lattice: int,
    field: int,
) -> Function:
    r"""배우지 않고 보기만 합니다: 가짜와 그것이 밀리는 쪽, 휘어진 잠재 공간, 판별기의 점수 지도.

    Args:
        discriminator: 구조를 빌릴 판별기.
        generator: 구조를 빌릴 생성기.
        loss: 두 참가자의 손실. 가짜가 밀리는 세기를 정합니다.
        batch_size: 볼 가짜의 수 B.
        lattice: 잠재 공간에 놓은 격자점의 수.
        field: 로짓을 잴 평면의 점의 수.

    Returns:
        출력은 가짜 `(B, 2)`, 손실이 줄어드는 쪽 $-B\,\partial L_G / \partial G(z)$ `(B, 2)`,
        휘어진 격자 `(lattice, 2)`, 점수 지도의 로짓 `(field,)`.
    """

    def view(given: Given) -> tuple[Tensor, ...]:
        judge = judge_with(discriminator, given["other"], given)
        weights = given["parameters"]
        fake = made_with(generator, weights, given["z"]).detach().requires_grad_()
        found = turns.generator_turn(judge, given["real"], fake, loss)
        (slope,) = torch.autograd.grad(found.loss, fake)
        bent = made_with(generator, weights, given["lattice"])
        return fake.detach(), -batch_size * slope, bent, judge(given["field"])

    inputs = {
        "other": flat(discriminator),
        "parameters": flat(generator),
        **batch_inputs(generator, batch_size),
        "lattice": torch.randn(lattice, generator.latent_size),
        "field": torch.randn(field, 2),
        **wave_input(discriminator),
    }
    return Function(view, inputs, ("fake", "push", "bent", "logits"))


def points(generator: PointGenerator, count: int) -> Function:
    """생성기로 점만 만듭니다. 봉우리를 셀 때 씁니다.

    Args:
        generator: 구조를 빌릴 생성기. 가중치는 입력으로 받습니다.
        count: 만들 점의 수.

    Returns:
        출력은 점 `(count, 2)`.
    """

    def make(given: Given) -> tuple[Tensor, ...]:
        return (made_with(generator, given["parameters"], given["z"]),)

    inputs = {"parameters": flat(generator), "z": torch.randn(count, generator.latent_size)}
    return Function(make, inputs, ("points",))


# --8<-- [end:look]

STATE = ("new_parameters", "new_momentum", "new_variance")


def judge_with(
    discriminator: PointDiscriminator, parameters: Tensor, given: Given
) -> Callable[[Tensor], Tensor]:
    """벡터로 받은 가중치와, 받았다면 푸리에 특징의 방향으로 판정하는 함수입니다."""
    buffers = {name: given[name] for name, _ in discriminator.named_buffers() if name in given}
    weights = {**named(discriminator, parameters), **buffers}

    def judge(points: Tensor) -> Tensor:
        logits: Tensor = functional_call(discriminator, weights, (points,))
        return logits

    return judge


def made_with(generator: PointGenerator, parameters: Tensor, z: Tensor) -> Tensor:
    """벡터로 받은 가중치로 만든 점입니다."""
    points: Tensor = functional_call(generator, named(generator, parameters), (z,))
    return points


def moved(given: Given, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """차례를 맡은 쪽을 기울기대로 고칩니다."""
    return adam(
        given["parameters"], given["momentum"], given["variance"], gradient,
        given["step"], given["learning_rate"], given["epsilon"],
    )  # fmt: skip


def optimizer_inputs(network: nn.Module) -> dict[str, Tensor]:
    """차례를 맡은 쪽의 매개변수와 Adam의 상태, 그리고 세 설정입니다."""
    vector = flat(network)
    return {
        "parameters": vector,
        "momentum": torch.zeros_like(vector),
        "variance": torch.zeros_like(vector),
        "step": torch.tensor(1.0),
        "learning_rate": torch.tensor(1e-3),
        "epsilon": torch.tensor(EPSILON),
    }


def batch_inputs(generator: PointGenerator, batch_size: int) -> dict[str, Tensor]:
    """진짜 `(B, 2)`와 잠재 벡터 `(B, latent_size)`입니다."""
    return {
        "real": torch.randn(batch_size, 2),
        "z": torch.randn(batch_size, generator.latent_size),
    }


def wave_input(discriminator: PointDiscriminator) -> dict[str, Tensor]:
    """판별기에 덧붙이는 푸리에 특징의 방향입니다. 배우지 않으므로 그대로 건네기만 합니다."""
    return {"directions": discriminator.directions} if discriminator.waves else {}


def to_onnx(function: Function) -> bytes:
    """함수를 추적해 ONNX로 적습니다.

    Args:
        function: 추적할 함수.

    Returns:
        ONNX 파일의 내용. 설명과 추적의 흔적은 뺍니다.
    """
    from torch.fx.experimental.proxy_tensor import make_fx

    values = tuple(function.inputs.values())
    graph = make_fx(function.positional, tracing_mode="fake")(*values)
    return _written(graph, values, list(function.inputs), list(function.outputs))


def module_to_onnx(function: Function) -> bytes:
    """기울기를 구하지 않는 함수를 ONNX로 적습니다. 크기를 바꾸는 연산은 쪼개지 않고 그대로 둡니다.

    Args:
        function: 적을 함수.

    Returns:
        ONNX 파일의 내용.
    """

    class Called(nn.Module):
        def forward(self, *given: Tensor) -> tuple[Tensor, ...]:
            return function.positional(*given)

    values = tuple(function.inputs.values())
    return _written(Called(), values, list(function.inputs), list(function.outputs))


def program_to_onnx(
    program: torch.export.ExportedProgram,
    values: tuple[Tensor, ...],
    inputs: Iterable[str],
    outputs: Iterable[str],
) -> bytes:
    """이미 추적한 프로그램을 ONNX로 적습니다. 크기를 부를 때 정하는 차원도 그대로 남습니다.

    Args:
        program: `torch.export.export`가 추적한 것.
        values: 추적할 때의 입력.
        inputs: 입력의 이름.
        outputs: 출력의 이름.

    Returns:
        ONNX 파일의 내용. 설명과 추적의 흔적은 뺍니다.
    """
    traced: Any = program  # 모듈처럼 받되 다시 추적하지 않음
    return _written(traced, values, list(inputs), list(outputs))


# --8<-- [start:generator]
def generator_to_onnx(network: nn.Module, input_size: int, *, half: bool = True) -> bytes:
    """평가 상태의 생성기를 ONNX로 적습니다. 배치의 크기는 부를 때 정합니다.

    Args:
        network: 벡터 `(B, input_size)`를 이미지로 바꾸는 신경망.
        input_size: 입력 벡터의 길이. 종류를 고르는 생성기는 원-핫까지 셉니다.
        half: 참이면 가중치를 float16으로 적습니다. 계산은 늘 float32입니다.

    Returns:
        입력 `input`, 출력 `images`인 ONNX 파일의 내용.
    """
    training = network.training
    network.eval()
    try:
        values = (torch.zeros(2, input_size),)
        content = _written(network, values, ["input"], ["images"], batch=True)
    finally:
        network.train(training)
    return with_half_weights(content) if half else content


def with_half_weights(content: bytes, kept: Container[str] = ()) -> bytes:
    """ONNX의 float32 가중치를 float16으로 바꾸고, 쓸 때 float32로 되돌리게 합니다.

    Args:
        content: ONNX 파일의 내용.
        kept: 그대로 둘 상수의 이름.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load_from_string(content)
    casts = []
    for place, weight in enumerate(model.graph.initializer):
        if weight.data_type != TensorProto.FLOAT or weight.name in kept:
            continue
        name = f"{weight.name}.half"
        half = numpy_helper.to_array(weight).astype("float16")
        casts.append(helper.make_node("Cast", [name], [weight.name], to=TensorProto.FLOAT))
        model.graph.initializer[place].CopyFrom(numpy_helper.from_array(half, name))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    written: bytes = model.SerializeToString()
    return written


# --8<-- [end:generator]


def _written(
    module: nn.Module,
    values: tuple[Tensor, ...],
    inputs: list[str],
    outputs: list[str],
    *,
    batch: bool = False,
) -> bytes:
    """모듈을 ONNX로 적고, 쓰지 않는 설명을 지웁니다."""
    import onnx

    shapes: Any = ({0: torch.export.Dim("batch")},) if batch else None
    level = logging.getLogger("torch.onnx").level
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    try:
        with (
            warnings.catch_warnings(),
            redirect_stdout(io.StringIO()),
            redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")  # 추적하는 쪽의 안내: 결과는 테스트가 확인
            program: Any = torch.onnx.export(
                module, values, dynamo=True, input_names=inputs, output_names=outputs,
                dynamic_shapes=shapes, verbose=False,
            )  # fmt: skip
    finally:
        logging.getLogger("torch.onnx").setLevel(level)
    model = program.model_proto
    for part in (model, model.graph, *model.graph.node, *model.graph.initializer):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    for part in (*model.graph.input, *model.graph.output, *model.graph.value_info):
        part.ClearField("metadata_props")
    del model.graph.value_info[:]
    onnx.checker.check_model(model, full_check=True)
    written: bytes = model.SerializeToString()
    return written

"""`gan100.py`의 학습을 준비와 한 스텝으로 나눕니다. 옮겨 적지 않고 파일의 문장을 돌립니다."""

from __future__ import annotations

import ast
import math
import runpy
from collections.abc import Callable
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.overrides import TorchFunctionMode

from gan_docs.experiments.gan100 import FILE
from gan_docs.export import EPSILON, Function, Given, adam, flat, named

STATE = (
    *("discriminator", "discriminator_variance"),
    *("generator", "generator_variance", "average"),
)


class Loop(NamedTuple):
    """`train`의 두 도막입니다.

    Attributes:
        script: 파일이 정의한 이름들.
        before: `for`의 앞. 데이터와 두 신경망과 최적화기를 만듭니다.
        body: `for`의 안. 한 스텝입니다.
    """

    script: dict[str, Any]
    before: CodeType
    body: CodeType


# --8<-- [start:read]
def read() -> Loop:
    """파일을 읽어 `train`의 문장을 나눕니다."""
    path = Path(__file__).parents[2] / FILE
    functions = {
        node.name: node.body
        for node in ast.parse(path.read_text("utf-8"), FILE).body
        if isinstance(node, ast.FunctionDef)
    }
    before: list[ast.stmt] = []
    for statement in functions["train"]:
        if isinstance(statement, ast.For):
            return Loop(runpy.run_path(str(path)), compiled(before), compiled(statement.body))
        before.append(statement)
    raise ValueError(f"{FILE}의 train에 for가 있어야 합니다: 없음")


def compiled(statements: list[ast.stmt]) -> CodeType:
    """문장들을 실행할 수 있게 묶습니다."""
    return compile(ast.Module(statements, []), FILE, "exec")


def begin(loop: Loop, width: int, steps: int, seed: int) -> dict[str, Any]:
    """`for`의 앞까지 실행합니다. 반환한 이름들로 `advance`가 이어 갑니다."""
    network = loop.script["network"]

    def resized(inputs: int, outputs: int) -> nn.Sequential:
        made: nn.Sequential = network(inputs, outputs, width)
        return made

    names = {**loop.script, "network": resized, "steps": steps, "seed": seed, "report": quiet}
    exec(loop.before, names)
    return names


def advance(loop: Loop, names: dict[str, Any], step: int | Tensor) -> tuple[Tensor, Tensor]:
    """한 스텝을 실행합니다.

    Returns:
        생성기의 손실, 그리고 판별기가 진짜에 짝지은 가짜보다 더 준 점수의 평균.
    """
    local = {**names, "step": step}
    exec(loop.body, local)
    gap: Tensor = (local["real_logits"] - local["fake_logits"]).mean()
    return local["loss"].detach(), gap.detach()


# --8<-- [end:read]


def quiet(step: int) -> None:
    """진행을 알리지 않습니다."""


# --8<-- [start:trace]
class Draws(TorchFunctionMode):
    """난수를 뽑는 함수가, 뽑는 대신 정해 둔 것을 내게 합니다."""

    def __init__(self, draws: dict[Callable[..., Any], Callable[..., Any]]) -> None:
        super().__init__()
        self.draws = draws

    def __torch_function__(
        self, function: Any, types: Any, arguments: Any = (), options: Any = None
    ) -> Any:
        """정해 둔 것이 있으면 그것을, 없으면 여느 때처럼 부릅니다."""
        return self.draws.get(function, function)(*arguments, **(options or {}))


class Held:
    """가중치를 벡터로 받은 신경망입니다."""

    def __init__(self, network: nn.Module, vector: Tensor) -> None:
        self.network, self.vector = network, vector.detach().clone()

    def __call__(self, given: Tensor) -> Tensor:
        """신경망을 부릅니다."""
        made: Tensor = functional_call(self.network, named(self.network, self.vector), (given,))
        return made

    def parameters(self) -> list[Tensor]:
        """매개변수를 모두 이은 벡터 하나입니다."""
        return [self.vector]

    def requires_grad_(self, learning: bool) -> None:
        """고정하거나 풉니다."""
        self.vector.requires_grad_(learning)


class HeldAdam:
    """상태를 밖에서 받는 Adam입니다."""

    def __init__(self, held: Held, variance: Tensor, step: Tensor, epsilon: Tensor) -> None:
        self.held, self.variance, self.count, self.epsilon = held, variance, step + 1, epsilon
        self.param_groups: list[dict[str, Any]] = [{}]
        held.requires_grad_(True)

    def zero_grad(self) -> None:
        """지난 기울기를 지웁니다."""
        self.held.vector.grad = None

    def step(self) -> None:
        """`backward`가 남긴 기울기로 한 번 고칩니다. β₁이 0이라 첫째 평균은 간직하지 않습니다."""
        (parameters,), (group,) = self.held.parameters(), self.param_groups
        if parameters.grad is None:
            raise ValueError("backward()를 먼저 불러야 합니다: 기울기가 없음")
        moved, _, self.variance = adam(
            parameters.detach(), parameters.grad, self.variance, parameters.grad,
            self.count, group["lr"], self.epsilon,
        )  # fmt: skip
        self.held.vector = moved.detach()


def step_function(loop: Loop, width: int) -> Function:
    """한 스텝을, 상태를 받아 상태를 내는 함수로 만듭니다.

    Args:
        loop: 파일의 두 도막.
        width: 은닉층의 너비. 파일의 기본값은 256입니다.

    Returns:
        출력은 고친 상태, 생성기의 손실, 진짜와 짝지은 가짜의 로짓 차이.
    """
    names = begin(loop, width, steps=1, seed=0)
    networks = {name: names[name] for name in ("discriminator", "generator", "average")}

    def turn(given: Given) -> tuple[Tensor, ...]:
        held = {name: Held(network, given[name]) for name, network in networks.items()}
        optimizers = [
            HeldAdam(held[name], given[f"{name}_variance"], given["step"], given["epsilon"])
            for name in ("discriminator", "generator")
        ]
        draws = Draws({torch.randint: lambda *_: slice(None), torch.randn: lambda *_: given["z"]})
        local = {
            **{**names, **held, "adam": optimizers},
            **{"digits": given["real"], "steps": given["steps"]},
            # 텐서를 받는 같은 함수
            "math": SimpleNamespace(pi=math.pi, cos=torch.cos),
            "max": lambda least, value: value.clamp(min=least),
            "min": lambda most, value: value.clamp(max=most),
        }
        with draws:
            loss, gap = advance(loop, local, given["step"])
        return (
            held["discriminator"].vector, optimizers[0].variance, held["generator"].vector,
            optimizers[1].variance, held["average"].vector, loss, gap,
        )  # fmt: skip

    judge, maker, average = (flat(network) for network in networks.values())
    states = judge, torch.zeros_like(judge), maker, torch.zeros_like(maker), average
    batch, latent = loop.script["BATCH_SIZE"], loop.script["LATENT_SIZE"]
    inputs = {
        **dict(zip(STATE, states, strict=True)),
        "real": torch.zeros(batch, names["digits"].shape[1]),
        "z": torch.zeros(batch, latent),
        "step": torch.tensor(0.0),
        "steps": torch.tensor(1000.0),
        "epsilon": torch.tensor(EPSILON),
    }
    outputs = (*(f"new_{name}" for name in STATE), "loss", "gap")
    return Function(turn, inputs, outputs)


def sample_function(loop: Loop, width: int, count: int) -> Function:
    """평균한 생성기로 만든 숫자와, 그것을 파일의 `enlarge`로 키운 것입니다.

    Args:
        loop: 파일의 두 도막.
        width: 은닉층의 너비.
        count: 만들 수.

    Returns:
        출력은 8×8 `(count, 64)`와 40×40 `(count, 1600)`.
    """
    network = begin(loop, width, steps=1, seed=0)["average"]

    def make(given: Given) -> tuple[Tensor, ...]:
        images = Held(network, given["average"])(given["z"])
        large: Tensor = loop.script["enlarge"](images.reshape(count, 1, 8, 8))
        return images, large.reshape(count, -1)

    z = torch.zeros(count, loop.script["LATENT_SIZE"])
    return Function(make, {"average": flat(network), "z": z}, ("images", "large"))


# --8<-- [end:trace]

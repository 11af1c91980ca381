"""손실 함수를 a와 b의 식으로 적습니다: 함수에 글자를 넣어, 한 셈을 그대로 받아 적습니다."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.nn.functional import relu, softplus

from gan_docs.losses import Loss

CALLED = {
    relu: "relu",
    softplus: "softplus",
    **{getattr(torch, name): name for name in ("exp", "log", "sigmoid", "square")},
}
SUM, PRODUCT, SIGN, WHOLE = 1, 2, 3, 5  # 묶는 세기: 더하기, 곱하기, 앞의 -, 나뉘지 않는 것


class FormulaError(TypeError):
    """식으로 적을 수 없는 손실입니다."""


class Written:
    """텐서의 자리에 넣는 식 하나입니다. 연산을 하면 그 연산을 적은 식이 나옵니다.

    Attributes:
        text: 식의 글.
        binding: 맨 바깥 연산이 묶는 세기.
        shape: 모양을 견주는 손실을 위한 빈 모양.
    """

    shape = ()

    def __init__(self, text: str, binding: int = WHOLE) -> None:
        self.text, self.binding = text, binding

    @classmethod
    def __torch_function__(
        cls,
        function: Callable[..., Any],
        types: Sequence[type],
        arguments: Sequence[Any] = (),
        options: Mapping[str, Any] | None = None,
    ) -> Written:
        """torch의 함수를 그 이름으로 적습니다."""
        if function not in CALLED or len(arguments) != 1:
            known = ", ".join(CALLED.values())
            raise FormulaError(f"식으로 적을 수 있는 함수는 {known}입니다: 받은 값 {function}")
        part: Written = arguments[0]
        return part.called(CALLED[function])

    def called(self, name: str) -> Written:
        """이름이 붙은 함수에 넣은 식입니다."""
        return Written(f"{name}({self.text})")

    def within(self, binding: int) -> str:
        """더 세게 묶는 연산의 안에서는 괄호를 칩니다."""
        return self.text if self.binding >= binding else f"({self.text})"

    def __add__(self, other: Written | float) -> Written:
        return Written(f"{self.within(SUM)} + {of(other).within(PRODUCT)}", SUM)

    def __radd__(self, other: float) -> Written:
        return of(other) + self

    def __sub__(self, other: Written | float) -> Written:
        return Written(f"{self.within(SUM)} - {of(other).within(PRODUCT)}", SUM)

    def __rsub__(self, other: float) -> Written:
        return of(other) - self

    def __mul__(self, other: Written | float) -> Written:
        return Written(f"{self.within(PRODUCT)} * {of(other).within(SIGN)}", PRODUCT)

    def __rmul__(self, other: float) -> Written:
        return of(other) * self

    def __neg__(self) -> Written:
        return Written(f"-{self.within(WHOLE)}", SIGN)

    def square(self) -> Written:
        """제곱한 식입니다."""
        return self.called("square")

    def mean(self) -> Written:
        """배치의 평균은 식마다 한 번이라 적지 않습니다."""
        return self


def of(value: Written | float) -> Written:
    """수는 적힌 그대로, 식은 그대로입니다."""
    return (
        value if isinstance(value, Written) else Written(f"{value:g}", SUM if value < 0 else WHOLE)
    )


def formula(loss: Loss) -> str:
    """손실을 진짜의 로짓 a와 가짜의 로짓 b의 식으로 적습니다.

    Raises:
        FormulaError: 식에 없는 함수를 쓰는 손실일 때.
    """
    call: Callable[..., Any] = loss
    try:
        made = call(Written("a"), Written("b"))
    except AttributeError as error:
        raise FormulaError(f"식으로 적을 수 없는 셈입니다: {error.name}") from None
    text: str = made.text
    return text

"""받은 값이 맞는지 일을 시작하기 전에 확인합니다."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Integral, Real

import torch
from torch import Tensor

LARGEST_SEED = 2**63 - 1  # 받아들이는 가장 큰 시드: int64의 가장 큰 수
LARGEST_SIDE = 256  # 이보다 큰 이미지는 이 책의 작은 신경망이 배우지 못함


def whole_number(name: str, value: object, *, least: int, most: float = math.inf) -> int:
    """범위 안의 정수인지 확인하고 파이썬의 정수로 돌려줍니다.

    Args:
        name: 오류에 적을 인자의 이름.
        value: 확인할 값. 참·거짓은 정수로 치지 않습니다.
        least: 받아들이는 가장 작은 값.
        most: 받아들이는 가장 큰 값.

    Raises:
        TypeError: 정수가 아닐 때.
        ValueError: 범위를 벗어날 때.
    """
    wanted = f"{least} 이상" if most == math.inf else f"{least} 이상 {most} 이하"
    message = f"{name}은(는) {wanted}의 정수여야 합니다: 받은 값 {value!r}"
    if isinstance(value, bool) or not isinstance(value, Integral):  # NumPy의 정수도 정수
        raise TypeError(message)
    if not least <= (whole := int(value)) <= most:
        raise ValueError(message)
    return whole


def number(
    name: str,
    value: object,
    *,
    least: float = -math.inf,
    above: float = -math.inf,
    below: float = math.inf,
    most: float = math.inf,
) -> float:
    """범위 안의 유한한 수인지 확인하고 파이썬의 수로 돌려줍니다.

    Args:
        name: 오류에 적을 인자의 이름.
        value: 확인할 값. 참·거짓은 수로 치지 않습니다.
        least: 받아들이는 가장 작은 값.
        above: 이보다 커야 하는 값.
        below: 이보다 작아야 하는 값.
        most: 받아들이는 가장 큰 값.

    Raises:
        TypeError: 수가 아닐 때.
        ValueError: 범위를 벗어나거나 유한하지 않을 때.
    """
    lower = f"{least} 이상" if above == -math.inf else f"{above} 초과"
    upper = "" if below == math.inf else f", {below} 미만"
    upper += "" if most == math.inf else f", {most} 이하"
    message = f"{name}은(는) {lower}{upper}의 유한한 수여야 합니다: 받은 값 {value!r}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(message)
    found = value if isinstance(value, int | float) else float(value)  # NumPy의 수도 수
    if not (math.isfinite(found) and least <= found <= most and above < found < below):
        raise ValueError(message)
    return found


def one_of(name: str, value: object, choices: Iterable[str]) -> None:
    """정해 둔 이름 가운데 하나인지 확인합니다.

    Raises:
        ValueError: 모르는 이름일 때.
    """
    known = list(choices)
    if value not in known:
        raise ValueError(
            f"{name}은(는) {', '.join(known)} 가운데 하나여야 합니다: 받은 값 {value!r}"
        )


def image_size(width: int, height: int) -> None:
    """이미지의 두 변이 8 이상 256 이하의 정수인지 확인합니다.

    Raises:
        TypeError: 정수가 아닐 때.
        ValueError: 8보다 작거나 256보다 클 때.
    """
    whole_number("width", width, least=8, most=LARGEST_SIDE)
    whole_number("height", height, least=8, most=LARGEST_SIDE)


def image_shape(width: int, height: int, channels: int) -> tuple[int, int, int]:
    """이미지의 크기를 확인하고 `(channels, height, width)`로 돌려줍니다.

    Args:
        width: 가로 화소 수. 8 이상 256 이하.
        height: 세로 화소 수. 8 이상 256 이하.
        channels: 1(흑백) 또는 3(색).

    Raises:
        TypeError: 정수가 아닐 때.
        ValueError: 크기가 8보다 작거나 256보다 크거나, 채널이 1도 3도 아닐 때.
    """
    image_size(width, height)
    whole_number("channels", channels, least=1)
    if channels not in (1, 3):
        raise ValueError(f"channels는 1(흑백) 또는 3(색)이어야 합니다: 받은 값 {channels}")
    return channels, height, width


def class_count(classes: int) -> int:
    """종류의 수가 0(조건 없음) 또는 2 이상인지 확인합니다.

    Raises:
        TypeError: 정수가 아닐 때.
        ValueError: 음수이거나 1일 때.
    """
    whole_number("classes", classes, least=0)
    if classes == 1:
        raise ValueError("classes는 0(조건 없음) 또는 2 이상이어야 합니다: 받은 값 1")
    return classes


def matching_labels(labels: Tensor | None, classes: int, count: int) -> None:
    """이름표가 모델의 종류와 배치의 크기에 맞는지 확인합니다.

    Args:
        labels: 종류의 번호. 모양 `(B,)`. 조건이 없는 모델에서는 `None`.
        classes: 모델이 아는 종류의 수. 0이면 조건이 없습니다.
        count: 배치의 크기 B.

    Raises:
        ValueError: 이름표가 있어야 하는데 없거나, 없어야 하는데 있거나, 모양이나 범위가 다를 때.
    """
    if classes and labels is None:
        raise ValueError(f"종류가 {classes}개인 모델에는 labels가 필요합니다: 받은 값 None")
    if not classes and labels is not None:
        raise ValueError("조건이 없는 모델(classes=0)은 labels를 받지 않습니다")
    if labels is not None and labels.shape != (count,):
        raise ValueError(
            f"labels의 모양은 ({count},)이어야 합니다: 받은 모양 {tuple(labels.shape)}"
        )
    if labels is not None:
        labels_within(labels, classes)


def labels_within(labels: Tensor, classes: int) -> None:
    """이름표가 모두 0 이상 `classes` 미만인지 확인합니다. 값을 읽을 수 없을 때에는 지나갑니다.

    Raises:
        ValueError: 범위를 벗어난 이름표가 있을 때.
    """
    if torch.compiler.is_compiling() or labels.numel() == 0:
        return
    try:
        low, high = (int(each) for each in labels.aminmax())
    except RuntimeError:  # vmap이나 모양만 있는 텐서에는 읽을 값이 없음
        return
    classes_within("labels는", low, high, classes)


def classes_within(name: str, low: int, high: int, classes: int) -> None:
    """가장 작은 번호와 가장 큰 번호가 종류의 번호인지 확인합니다.

    Args:
        name: 오류에 적을, 조사까지 붙은 이름.
        low: 가장 작은 번호.
        high: 가장 큰 번호.
        classes: 종류의 수.

    Raises:
        ValueError: 0보다 작거나 `classes` 이상일 때.
    """
    if not 0 <= low <= high < classes:
        raise ValueError(f"{name} 0 이상 {classes} 미만이어야 합니다: 받은 범위 {low}–{high}")


def sample_request(count: int, generator: torch.Generator) -> None:
    """표본을 몇 개, 어느 난수로 뽑을지 확인합니다.

    Raises:
        TypeError: `count`가 정수가 아니거나 `generator`가 난수가 아닐 때.
        ValueError: `count`가 1보다 작을 때.
    """
    whole_number("count", count, least=1)
    if not isinstance(generator, torch.Generator):
        raise TypeError(
            f"generator는 torch.Generator여야 합니다: 받은 값 {type(generator).__name__}"
        )


def instance_of(name: str, value: object, kind: type) -> None:
    """받은 값이 이 클래스의 것인지 확인합니다.

    Raises:
        TypeError: 다른 것일 때.
    """
    if not isinstance(value, kind):
        raise TypeError(f"{name}은(는) {kind.__name__}이어야 합니다: 받은 값 {value!r}")


def packs(batch_size: int, pack: int) -> None:
    """배치가 판별기의 `pack`개씩 나누어떨어지는지 확인합니다.

    Raises:
        ValueError: 나누어떨어지지 않을 때.
    """
    if batch_size % pack:
        raise ValueError(f"batch_size는 pack의 배수여야 합니다: 받은 값 {batch_size}, {pack}")

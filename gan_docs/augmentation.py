"""증강: 판별기에게 보이기 전에 진짜와 가짜를 똑같이 바꿉니다. 모두 미분할 수 있습니다."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from gan_docs.checks import instance_of, number
from gan_docs.data import Data

NUMBERS = 8  # 이미지 한 장을 바꾸는 데 쓰는 난수의 수


# --8<-- [start:colour]
def brightness(images: Tensor, random: Tensor, most: float) -> Tensor:
    """모든 화소에 `-most`와 `most` 사이의 한 수를 더합니다. `random`은 `(B,)`의 0–1."""
    return images + most * (2 * _each(random) - 1)


def saturation(images: Tensor, random: Tensor, most: float) -> Tensor:
    """채널의 평균에서 벗어난 만큼을 `1 - most`에서 `1 + most`배로 바꿉니다.

    흑백은 벗어난 것이 없어 그대로 둡니다.
    """
    if images.shape[1] == 1:
        return images
    return _stretched(images, images.mean(1, keepdim=True), random, most)


def contrast(images: Tensor, random: Tensor, most: float) -> Tensor:
    """이미지의 평균에서 벗어난 만큼을 `1 - most`에서 `1 + most`배로 바꿉니다."""
    return _stretched(images, images.mean((1, 2, 3), keepdim=True), random, most)


def _stretched(images: Tensor, middle: Tensor, random: Tensor, most: float) -> Tensor:
    return middle + (images - middle) * (1 + most * (2 * _each(random) - 1))


def _each(random: Tensor) -> Tensor:
    """이미지마다의 수 `(B,)`를 `(B, C, H, W)`에 곱할 모양으로."""
    return random[:, None, None, None]


# --8<-- [end:colour]


# --8<-- [start:place]
def translation(images: Tensor, random: Tensor, most: float) -> Tensor:
    """화소 몇 칸씩 옮깁니다. 한 변의 `most`까지이며 빈 곳은 0입니다. `random`은 `(B, 2)`."""
    down, right = (
        _moved(side, most, each).to(images.dtype)
        for side, each in zip(images.shape[2:], random.unbind(1), strict=True)
    )
    # 옮기기를 행렬의 곱으로: 어느 화소가 어디로 갔는지가 그대로 기울기의 길
    return down[:, None] @ images @ right[:, None].mT


def _moved(side: int, most: float, random: Tensor) -> Tensor:
    """`side`칸을 옮기는 행렬 `(B, side, side)`입니다. 벗어난 칸의 줄은 0입니다."""
    farthest = int(most * side)
    steps = (random * (2 * farthest + 1)).long().clamp(max=2 * farthest) - farthest
    place = torch.arange(side, device=random.device)
    return place[:, None] - place == steps[:, None, None]


def cutout(images: Tensor, random: Tensor, most: float) -> Tensor:
    """두 변이 `most`배인 사각형 하나를 0으로 지웁니다. `random`은 `(B, 2)`."""
    down, right = (
        _covered(side, most, each).to(images.dtype)
        for side, each in zip(images.shape[2:], random.unbind(1), strict=True)
    )
    return images * (1 - down[:, None, :, None] * right[:, None, None, :])


def _covered(side: int, most: float, random: Tensor) -> Tensor:
    """지울 칸이 참인 `(B, side)`입니다.

    지울 곳의 가운데를 `side + 1`자리(지울 변이 홀수면 `side`자리) 가운데서 고릅니다.
    """
    size = int(most * side)
    spots = side + 1 - size % 2
    first = (random * spots).long().clamp(max=spots - 1)[:, None] - size // 2
    place = torch.arange(side, device=random.device)
    return (first <= place) & (place < first + size)


def flip(images: Tensor, random: Tensor, share: float) -> Tensor:
    """`share`의 비율로 골라 왼쪽과 오른쪽을 뒤집습니다. `random`은 `(B,)`의 0–1."""
    return torch.where(_each(random) < share, images.flip(3), images)


# --8<-- [end:place]


OPERATIONS: list[tuple[Callable[[Tensor, Tensor, float], Tensor], int | slice]] = [
    (brightness, 0),  # 거는 차례와, 난수에서 쓰는 자리
    (saturation, 1),
    (contrast, 2),
    (translation, slice(3, 5)),
    (cutout, slice(5, 7)),
    (flip, 7),
]
STRENGTHS = {  # 골랐을 때의 세기
    "brightness": 0.5,
    "saturation": 1.0,
    "contrast": 0.5,
    "translation": 0.125,
    "cutout": 0.5,
    "flip": 0.25,
}


# --8<-- [start:augment]
@dataclass(frozen=True)
class Augment:
    """판별기가 볼 이미지를 한 장씩 다르게 바꿉니다. 세기는 0–1이고, 0인 것은 하지 않습니다.

    진짜에만 걸면 생성기가 바뀐 이미지를 흉내 냅니다. 진짜와 가짜에 함께 걸고 그 사이로 기울기를
    흘리면, 판별기는 외우기 어려워지고 생성기는 바뀌지 않은 이미지를 배웁니다.

    Attributes:
        brightness: 더하거나 빼는 가장 큰 밝기.
        saturation: 채도를 가장 크게 바꾸는 비율. 흑백은 바꾸지 않습니다.
        contrast: 대비를 가장 크게 바꾸는 비율.
        translation: 가장 멀리 옮기는 거리. 한 변에 대한 비율.
        cutout: 지울 사각형의 변. 한 변에 대한 비율.
        flip: 좌우를 뒤집을 이미지의 비율. 글자처럼 뒤집으면 다른 것이 되는 데이터에는 0.
            0.5면 판별기가 방향을 알 수 없어, 생성기가 뒤집힌 것도 만듭니다.

    Raises:
        TypeError: 수가 아닐 때.
        ValueError: 범위를 벗어나거나 모두 0일 때.

    Source:
        Zhao et al. (2020), arXiv:2006.10738. 값은 [-1, 1]을 벗어나기도 합니다. 좌우 뒤집기의
        자리와 기본값은 이 책이 정했습니다.
    """

    brightness: float = STRENGTHS["brightness"]
    saturation: float = STRENGTHS["saturation"]
    contrast: float = STRENGTHS["contrast"]
    translation: float = STRENGTHS["translation"]
    cutout: float = STRENGTHS["cutout"]
    flip: float = 0.0  # 뒤집으면 다른 것이 되는 데이터가 있어 부를 때만

    def __post_init__(self) -> None:
        for each in fields(self):
            number(f"augment의 {each.name}", getattr(self, each.name), least=0, most=1)
        if not any(getattr(self, each.name) for each in fields(self)):
            raise ValueError(
                "augment의 세기가 모두 0이라 바꾸는 것이 없습니다. 쓰지 않으려면 None을 주세요"
            )

    def apply(self, images: Tensor, random: Tensor) -> Tensor:
        """이미지마다 제 난수로 바꿉니다.

        Args:
            images: 모양 `(B, C, H, W)`. 기울기가 이 이미지까지 흐릅니다.
            random: `draw_changes`가 뽑은 수. 모양 `(B, NUMBERS)`.

        Returns:
            같은 모양의 이미지.
        """
        random = random.to(images.device, images.dtype)
        for operation, columns in OPERATIONS:
            if strength := getattr(self, operation.__name__):
                images = operation(images, random[:, columns], strength)
        return images


def draw_changes(count: int, generator: torch.Generator) -> Tensor:
    """이미지 `count`장을 바꿀 난수를 CPU에서 뽑습니다. 모양 `(count, NUMBERS)`, 0 이상 1 미만."""
    return torch.rand(count, NUMBERS, generator=generator)


def change(
    images: Tensor, augment: Augment | None, pack: int, draw: Callable[[], Tensor]
) -> Tensor:
    """판별기가 볼 배치를 바꿉니다. 진짜 뒤에 가짜를 이었으면 몫마다 난수를 따로 뽑습니다.

    Args:
        images: 진짜, 가짜, 또는 둘을 이은 것. 모양 `(B / pack, pack * C, H, W)`.
        augment: 바꾸는 법. `None`이면 난수를 뽑지 않고 그대로 돌려줍니다.
        pack: 판별기가 나란히 보는 수. 나란히 보는 것도 저마다 다르게 바꿉니다.
        draw: 한 배치의 난수 `(B, NUMBERS)`를 뽑는 함수.

    Returns:
        같은 모양의 이미지.
    """
    if augment is None:
        return images
    alone = images.reshape(len(images) * pack, -1, *images.shape[2:])
    numbers = draw()
    while len(numbers) < len(alone):
        numbers = torch.cat([numbers, draw()])
    return augment.apply(alone, numbers).reshape(images.shape)


# --8<-- [end:augment]


def check_augment(augment: Augment | None, data: Data) -> None:
    """증강이 `Augment`이고 데이터가 이미지인지 확인합니다. 학습의 난수는 쓰지 않습니다.

    Raises:
        TypeError: `Augment`가 아닐 때.
        ValueError: 데이터가 이미지가 아닐 때.
    """
    if augment is None:
        return
    instance_of("augment", augment, Augment)
    images, _ = data.sample(1, torch.Generator().manual_seed(0))
    if images.ndim != 4:
        raise ValueError(
            f"augment는 이미지 (B, C, H, W)에만 씁니다: 받은 모양 {tuple(images.shape)}"
        )

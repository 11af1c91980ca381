"""데이터를 담는 그릇: 이미지 모음과 2차원 점, 그리고 뽑을 때의 흔들기."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from gan_docs.checks import labels_within, number, sample_request

Batch = tuple[Tensor, Tensor | None]
PARTS = ("train", "held_out", "all")  # 학습용, 평가용, 모두


class Data(Protocol):
    """학습이 데이터에 바라는 것: 이름과, 시드를 받아 한 묶음을 뽑는 함수."""

    @property
    def name(self) -> str:
        """기록과 명령줄에 쓰는 이름."""

    @property
    def class_names(self) -> tuple[str, ...]:
        """종류의 이름. 이름표가 없으면 비어 있습니다."""

    def sample(self, count: int, generator: torch.Generator) -> Batch:
        """`count`개의 표본과 이름표를 되풀이를 허락하여 뽑습니다."""

    def digest(self) -> str:
        """내용과 설정이 같으면 같은 SHA-256입니다."""


# --8<-- [start:jitter]
@dataclass(frozen=True)
class Jitter:
    """표본을 뽑을 때마다 조금씩 돌리고, 기울이고, 키우고, 옮깁니다.

    Attributes:
        rotation: 가장 크게 돌리는 각도. 단위 도.
        shear: 가장 크게 기울이는 정도. 높이에 대한 가로 밀림의 비율.
        scale: 크기를 가장 크게 바꾸는 비율. 0.1이면 0.9배에서 1.1배.
        shift: 가장 멀리 옮기는 거리. 이미지 한 변에 대한 비율.
    """

    rotation: float = 6.0
    shear: float = 0.1
    scale: float = 0.08
    shift: float = 0.04

    def __post_init__(self) -> None:
        for name, limit in (("rotation", 180), ("shear", 1), ("scale", 1), ("shift", 1)):
            number(name, getattr(self, name), least=0, below=limit)

    def apply(self, images: Tensor, generator: torch.Generator) -> Tensor:
        """이미지마다 다른 아핀 변환을 겁니다. 빈 곳은 종이(-1)로 채웁니다.

        Args:
            images: 모양 `(B, C, H, W)`, 값 [-1, 1].
            generator: 변환을 정하는 난수.

        Returns:
            같은 모양과 범위의 새 텐서.
        """
        count, _, height, width = images.shape
        rotation, shear, scale, right, down = 2 * torch.rand(5, count, generator=generator) - 1
        angle = rotation * math.radians(self.rotation)
        cosine, sine = angle.cos(), angle.sin()
        slant, size = shear * self.shear, 1 + scale * self.scale
        # 출력 좌표에서 입력 좌표로 가는 행렬: 정사각형이 아니면 화소의 길이를 맞춤
        first = torch.stack(
            [cosine, (slant * cosine - sine) * (height / width), 2 * self.shift * right * size]
        )
        second = torch.stack(
            [sine * (width / height), slant * sine + cosine, 2 * self.shift * down * size]
        )
        matrix = torch.stack([first, second]).permute(2, 0, 1) / size[:, None, None]
        points = functional.affine_grid(matrix, list(images.shape), align_corners=False)
        moved = functional.grid_sample(images + 1, points, mode="bicubic", align_corners=False)
        return (moved - 1).clamp(-1, 1)


# --8<-- [end:jitter]


@dataclass(frozen=True, eq=False)
class ImageData:
    """이미지 모음입니다. 이름표는 있을 수도 없을 수도 있습니다.

    화소는 uint8로도 담습니다. 메모리는 float32의 4분의 1이고, 뽑을 때에야 [-1, 1]로 펼칩니다.

    Attributes:
        name: 기록에 쓰는 이름.
        images: 모양 `(N, C, H, W)`. float32면 값 [-1, 1], uint8이면 0–255.
        labels: 모양 `(N,)`, int64, 0 이상 종류의 수 미만. 없으면 `None`.
        class_names: 종류의 이름. 이름표가 없으면 비어 있습니다.
        jitter: 뽑을 때마다 거는 변환. 없으면 `None`.

    Raises:
        ValueError: 모양, 자료형, 범위가 위와 다를 때.
    """

    name: str
    images: Tensor
    labels: Tensor | None
    class_names: tuple[str, ...]
    jitter: Jitter | None = None

    def __post_init__(self) -> None:
        images, labels, classes = self.images, self.labels, len(self.class_names)
        kinds = (torch.float32, torch.uint8)
        if images.ndim != 4 or images.dtype not in kinds or not images.numel():
            raise ValueError(
                "images는 모양 (N, C, H, W)의 float32나 uint8이어야 합니다: "
                f"받은 값 {tuple(images.shape)}, {images.dtype}"
            )
        low, high = images.aminmax()
        if images.dtype == torch.float32 and not (low >= -1 and high <= 1):
            raise ValueError(f"images의 값은 [-1, 1]이어야 합니다: 받은 범위 [{low}, {high}]")
        if (labels is None) != (classes == 0):
            raise ValueError("labels와 class_names는 함께 주거나 함께 비워야 합니다")
        if labels is not None and (labels.shape != images.shape[:1] or labels.dtype != torch.int64):
            raise ValueError(
                f"labels는 모양 ({len(images)},)의 int64여야 합니다: "
                f"받은 값 {tuple(labels.shape)}, {labels.dtype}"
            )
        if labels is not None:
            labels_within(labels, classes)

    @property
    def width(self) -> int:
        """가로 화소 수."""
        return self.images.shape[3]

    @property
    def height(self) -> int:
        """세로 화소 수."""
        return self.images.shape[2]

    @property
    def channels(self) -> int:
        """채널 수. 1은 흑백, 3은 색."""
        return self.images.shape[1]

    @property
    def classes(self) -> int:
        """종류의 수. 이름표가 없으면 0."""
        return len(self.class_names)

    def sample(self, count: int, generator: torch.Generator) -> Batch:
        """되풀이를 허락하여 이미지를 뽑고 변환을 겁니다.

        Args:
            count: 뽑을 수. 1 이상.
            generator: 뽑기와 변환을 정하는 난수. 같은 상태면 결과도 같습니다.

        Returns:
            `(count, C, H, W)` 이미지와 `(count,)` 이름표 또는 `None`.

        Raises:
            TypeError: `count`가 정수가 아니거나 `generator`가 난수가 아닐 때.
            ValueError: `count`가 1보다 작을 때.
        """
        sample_request(count, generator)
        index = torch.randint(len(self.images), (count,), generator=generator)
        images = self.at(index)
        if self.jitter is not None:
            images = self.jitter.apply(images, generator)
        return images, None if self.labels is None else self.labels[index]

    def at(self, index: Tensor | slice) -> Tensor:
        """고른 번호의 이미지를 변환 없이 냅니다. 모양 `(B, C, H, W)`, float32, 값 [-1, 1]."""
        chosen = self.images[index]
        return chosen if chosen.is_floating_point() else from_bytes(chosen)

    def pieces(self, size: int = 500) -> Iterator[Tensor]:
        """모든 이미지를 차례대로 `size`장씩 나누어 냅니다. 한꺼번에 펼치지 않습니다."""
        for start in range(0, len(self.images), size):
            yield self.at(slice(start, start + size))

    def digest(self) -> str:
        """이미지, 이름표, 설정의 SHA-256입니다. 하나라도 바뀌면 달라집니다."""
        return fingerprint((self.name, self.class_names, self.jitter), self.images, self.labels)


@dataclass(frozen=True, eq=False)
class MixtureData:
    """같은 무게의 2차원 정규분포를 여럿 섞은 점들입니다.

    Attributes:
        name: 기록에 쓰는 이름.
        centers: 봉우리의 자리. 모양 `(K, 2)`, float32.
        sigma: 봉우리마다의 표준 편차. 0 이상.
        class_names: 언제나 비어 있습니다. 점에는 이름표가 없습니다.
    """

    name: str
    centers: Tensor
    sigma: float
    class_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        centers = self.centers
        if centers.ndim != 2 or centers.shape[1:] != (2,) or centers.dtype != torch.float32:
            raise ValueError(
                "centers는 모양 (K, 2)의 float32여야 합니다: "
                f"받은 값 {tuple(centers.shape)}, {centers.dtype}"
            )
        if not len(centers) or not centers.isfinite().all():
            raise ValueError("centers는 하나 이상의 유한한 점이어야 합니다")
        number("sigma", self.sigma, least=0)

    def sample(self, count: int, generator: torch.Generator) -> Batch:
        """봉우리를 균등하게 골라 그 둘레의 점을 뽑습니다.

        Args:
            count: 뽑을 수. 1 이상.
            generator: 봉우리와 자리를 정하는 난수.

        Returns:
            `(count, 2)` 점과 `None`.

        Raises:
            TypeError: `count`가 정수가 아니거나 `generator`가 난수가 아닐 때.
            ValueError: `count`가 1보다 작을 때.
        """
        sample_request(count, generator)
        index = torch.randint(len(self.centers), (count,), generator=generator)
        noise = torch.randn(count, 2, generator=generator)
        return self.centers[index] + self.sigma * noise, None

    def digest(self) -> str:
        """자리와 설정의 SHA-256입니다."""
        return fingerprint((self.name, self.sigma), self.centers)


def from_bytes(pixels: Tensor | NDArray[np.uint8]) -> Tensor:
    """8비트 화소 0–255를 [-1, 1]의 float32로 옮깁니다. 모양은 그대로입니다."""
    return torch.as_tensor(pixels).float().div_(127.5).sub_(1)


def to_bytes(images: Tensor) -> Tensor:
    """[-1, 1]의 이미지를 8비트 화소 0–255로 줄입니다. 벗어난 값은 끝으로 당깁니다."""
    return ((images + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)


def fingerprint(settings: object, *tensors: Tensor | None) -> str:
    """설정과 텐서의 모양, 자료형, 바이트를 이어 SHA-256을 냅니다."""
    result = hashlib.sha256(repr(settings).encode())
    for tensor in tensors:
        if tensor is None:
            result.update(b"None")
        else:
            result.update(f"{tuple(tensor.shape)} {tensor.dtype}".encode())
            result.update(tensor.contiguous().view(-1).numpy().data)  # 복사 없이 바이트를 읽음
    return result.hexdigest()

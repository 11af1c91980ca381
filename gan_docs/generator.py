"""생성기: 잠재 벡터를 이미지로 바꿉니다."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn

from gan_docs.checks import class_count, image_shape, matching_labels, whole_number
from gan_docs.feature_maps import map_channels, smallest_map
from gan_docs.summary import Part, print_summary, save_picture


# --8<-- [start:class]
class Generator(nn.Module):
    """잠재 벡터 `z`를 받아 이미지를 만드는 순차모델입니다.

    Args:
        width: 이미지의 가로 화소 수. 8 이상 256 이하이며 2의 거듭제곱이 아니어도 됩니다.
        height: 이미지의 세로 화소 수. 8 이상 256 이하.
        channels: 1(흑백) 또는 3(색).
        latent_size: 잠재 벡터의 길이.
        classes: 종류의 수. 0이면 종류를 고를 수 없습니다.

    Raises:
        TypeError: 크기가 정수가 아닐 때.
        ValueError: 크기가 범위를 벗어날 때.

    Source:
        구조는 Radford et al. (2016), arXiv:1511.06434를 줄인 것이고, 확대는
        Shi et al. (2016), arXiv:1609.05158의 화소 재배열입니다.
    """

    def __init__(
        self,
        width: int = 28,
        height: int = 28,
        channels: int = 1,
        latent_size: int = 100,
        *,
        classes: int = 0,
    ) -> None:
        super().__init__()
        self.shape = image_shape(width, height, channels)  # (C, H, W)
        self.latent_size = whole_number("latent_size", latent_size, least=1)
        self.classes = class_count(classes)
        self.network = self.model()

    def model(self) -> nn.Sequential:
        """신경망을 새로 만들어 반환합니다. 벡터 `(B, latent_size + classes)`가 이미지가 됩니다."""
        return build_network(self.shape, self.latent_size + self.classes)

    def join(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """잠재 벡터 뒤에 종류를 원-핫으로 붙여 신경망의 입력을 만듭니다.

        Args:
            z: 잠재 벡터. 모양 `(B, latent_size)`.
            labels: 만들 종류. 모양 `(B,)`. 조건이 없으면 생략합니다.

        Returns:
            신경망의 입력. 모양 `(B, latent_size + classes)`.

        Raises:
            ValueError: `z`나 이름표의 모양이 모델과 다를 때.
        """
        if z.ndim != 2 or z.shape[1] != self.latent_size:
            raise ValueError(
                f"z의 모양은 (B, {self.latent_size})이어야 합니다: 받은 모양 {tuple(z.shape)}"
            )
        matching_labels(labels, self.classes, len(z))
        if labels is None:
            return z
        return torch.cat([z, nn.functional.one_hot(labels, self.classes).to(z.dtype)], dim=1)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """잠재 벡터마다 이미지 하나를 만듭니다.

        Args:
            z: 표준 정규분포에서 뽑은 잠재 벡터. 모양 `(B, latent_size)`.
            labels: 만들 종류. 모양 `(B,)`. 조건이 없으면 생략합니다.

        Returns:
            값이 [-1, 1]인 이미지. 모양 `(B, C, H, W)`.

        Raises:
            ValueError: `z`나 이름표의 모양이 모델과 다를 때.
        """
        images: Tensor = self.network(self.join(z, labels))
        return images

    def summary(self) -> None:
        """층, 출력 모양, 매개변수 수를 화면에 출력합니다."""
        print_summary(self.network, torch.zeros(1, self.latent_size + self.classes))

    def save_model(self, folder: str | Path = "data") -> Path:
        """신경망의 구조를 그린 PNG를 `folder`에 저장하고 그 경로를 반환합니다.

        Raises:
            OSError: 폴더에 쓸 수 없을 때.
        """
        part = Part("생성기", "generator", self.network)
        size = (self.latent_size + self.classes,)
        return save_picture([part], size, Path(folder) / "generator.png")


# --8<-- [end:class]


# --8<-- [start:network]
def build_network(shape: tuple[int, int, int], input_size: int) -> nn.Sequential:
    """생성기의 층을 쌓습니다. 은닉층을 지나 작은 특징 맵에서 여러 번 두 배로 키웁니다."""
    channels, height, width = shape
    features = map_channels(height, width)  # 작은 맵부터의 채널: 28×28이면 [64, 32]
    start = smallest_map(height, width)  # 28×28이면 (7, 7)
    layers: list[nn.Module] = [
        nn.Linear(input_size, 128),
        nn.ReLU(),
        nn.Linear(128, features[0] * start[0] * start[1]),
        nn.Unflatten(1, (features[0], *start)),  # (B, 64, 7, 7)
    ]
    for inputs, outputs in pairwise([*features, channels]):
        layers += [
            nn.BatchNorm2d(inputs),
            nn.ReLU(),
            nn.Conv2d(inputs, 4 * outputs, kernel_size=3, padding=1),
            nn.PixelShuffle(2),  # 채널 네 장을 펼쳐 두 배로: (B, 32, 14, 14), (B, C, 28, 28)
        ]
    if any(side % 2 ** len(features) for side in (height, width)):
        layers.append(Crop(height, width))  # 나누어떨어지지 않으면 남는 줄을 잘라 냄
    return nn.Sequential(*layers, nn.Tanh())  # 값을 [-1, 1]로


# --8<-- [end:network]


class Crop(nn.Module):
    """이미지의 왼쪽 위에서 `height` × `width`만 남깁니다.

    Args:
        height: 남길 세로 화소 수.
        width: 남길 가로 화소 수.
    """

    def __init__(self, height: int, width: int) -> None:
        super().__init__()
        self.height, self.width = height, width

    def forward(self, images: Tensor) -> Tensor:
        """모양 `(B, C, H', W')`를 `(B, C, height, width)`로 자릅니다."""
        return images[..., : self.height, : self.width]

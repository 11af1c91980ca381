"""판별기: 이미지가 진짜인지 가짜인지 로짓 하나로 답합니다."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn

from gan_docs.checks import class_count, image_shape, matching_labels, whole_number
from gan_docs.feature_maps import map_channels, smallest_map
from gan_docs.summary import Part, print_summary, save_picture


# --8<-- [start:class]
class Discriminator(nn.Module):
    """이미지를 받아 진짜(큰 로짓)와 가짜(작은 로짓)를 가르는 이진 분류기입니다.

    Args:
        width: 이미지의 가로 화소 수. 8 이상 256 이하이며 2의 거듭제곱이 아니어도 됩니다.
        height: 이미지의 세로 화소 수. 8 이상 256 이하.
        channels: 1(흑백) 또는 3(색).
        latent_size: 판정하기 전에 이미지를 요약하는 벡터의 길이.
        classes: 종류의 수. 0이면 종류를 묻지 않습니다.

    Raises:
        TypeError: 크기가 정수가 아닐 때.
        ValueError: 크기가 범위를 벗어날 때.

    Source:
        구조는 Radford et al. (2016), arXiv:1511.06434를 줄인 것이고, 종류를 묻는 방법은
        Miyato & Koyama (2018), arXiv:1802.05637의 투영을 선형층 하나로 적은 것입니다.
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
        """판별기의 신경망을 새로 만들어 반환합니다. 이미지 `(B, C, H, W)`가 로짓이 됩니다."""
        return build_network(self.shape, self.latent_size, self.classes)

    def forward(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """이미지마다 로짓 하나를 계산합니다.

        Args:
            images: 값이 [-1, 1]인 이미지. 모양 `(B, C, H, W)`.
            labels: 이미지의 종류. 모양 `(B,)`. 조건이 없으면 생략합니다.

        Returns:
            로짓. 모양 `(B,)`. 클수록 진짜로 봅니다.

        Raises:
            ValueError: 이미지나 이름표의 모양이 모델과 다를 때.
        """
        if images.shape[1:] != self.shape:
            raise ValueError(
                f"이미지의 모양은 (B, {', '.join(map(str, self.shape))})이어야 합니다: "
                f"받은 모양 {tuple(images.shape)}"
            )
        matching_labels(labels, self.classes, len(images))
        if len(images) == 0:  # PixelUnshuffle은 빈 배치를 접지 못함
            return images.flatten()
        logits: Tensor = self.network(images)  # (B, 1) 또는 (B, classes)
        if labels is None:
            return logits.squeeze(1)
        return logits.gather(1, labels.unsqueeze(1)).squeeze(1)  # 물어본 종류의 로짓만

    def summary(self) -> None:
        """층, 출력 모양, 매개변수 수를 화면에 출력합니다."""
        print_summary(self.network, torch.zeros(1, *self.shape))

    def save_model(self, folder: str | Path = "data") -> Path:
        """신경망의 구조를 그린 PNG를 `folder`에 저장하고 그 경로를 반환합니다.

        Raises:
            OSError: 폴더에 쓸 수 없을 때.
        """
        part = Part("판별기", "discriminator", self.network)
        return save_picture([part], self.shape, Path(folder) / "discriminator.png")


# --8<-- [end:class]


# --8<-- [start:network]
def build_network(shape: tuple[int, int, int], latent_size: int, classes: int) -> nn.Sequential:
    """판별기의 층을 차례로 쌓습니다. 배치 정규화는 쓰지 않습니다."""
    channels, height, width = shape
    features = map_channels(height, width)[::-1]  # 큰 맵부터의 채널: 28×28이면 [32, 64]
    fold = 2 if len(features) == 2 else 4  # 큰 이미지는 네 칸씩 접어 가장 큰 맵을 건너뜀
    features = features[fold // 4 :]
    end = smallest_map(height, width)  # 28×28이면 (7, 7)
    layers: list[nn.Module] = []
    if height % fold or width % fold:  # 나누어떨어지지 않으면 끝 줄을 덧댐
        layers.append(nn.ReplicationPad2d((0, -width % fold, 0, -height % fold)))
    layers += [
        nn.PixelUnshuffle(fold),  # 화소를 버리지 않고 접기: (B, 4C, 14, 14)
        nn.Conv2d(fold**2 * channels, features[0], kernel_size=3, padding=1),
        nn.LeakyReLU(0.2),
    ]
    for inputs, outputs in pairwise(features):
        layers += [
            nn.Conv2d(inputs, outputs, kernel_size=3, stride=2, padding=1),  # (B, 64, 7, 7)
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(features[-1] * end[0] * end[1], latent_size),
        nn.LeakyReLU(0.2),
        nn.Linear(latent_size, max(classes, 1)),  # 종류마다 로짓 하나, 조건이 없으면 하나
    )


# --8<-- [end:network]

"""적대 모델: 생성기와 판별기를 하나로 잇습니다."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

import torch
from torch import Tensor, nn

from gan_docs.sampling import first_size
from gan_docs.summary import Part, print_summary, save_picture


# --8<-- [start:class]
class GAN(nn.Module):
    """생성기와 판별기를 하나의 모델로 연결합니다.

    Args:
        discriminator_model: 이미지를 로짓으로 바꾸는 신경망.
        generator_model: 잠재 벡터를 이미지로 바꾸는 신경망.

    Raises:
        TypeError: 둘 가운데 하나가 신경망이 아닐 때.
        ValueError: 생성기가 만든 이미지를 판별기가 받지 못할 때.

    Source:
        Goodfellow et al. (2014), Figure 1. arXiv:1406.2661
    """

    def __init__(self, discriminator_model: nn.Module, generator_model: nn.Module) -> None:
        super().__init__()
        for name, network in (
            ("discriminator_model", discriminator_model),
            ("generator_model", generator_model),
        ):
            if not isinstance(network, nn.Module):
                raise TypeError(f"{name}은(는) 신경망(nn.Module)이어야 합니다: 받은 값 {network!r}")
        self.discriminator = discriminator_model
        self.generator = generator_model
        self.latent_size: int = getattr(generator_model, "latent_size", 0) or first_size(
            generator_model
        )
        self.classes: int = getattr(generator_model, "classes", 0)
        self.pack: int = getattr(discriminator_model, "pack", 1)
        check_connection(self)

    def model(self) -> nn.Sequential:
        """잠재 벡터를 로짓으로 바꾸는 순차모델을 만들어 반환합니다. 가중치는 둘과 나눕니다."""
        parts = {"generator": self.generator, "discriminator": self.discriminator}
        return nn.Sequential(
            OrderedDict((name, getattr(part, "network", part)) for name, part in parts.items())
        )

    def generate(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """잠재 벡터로 가짜를 만듭니다. 모양 `(B, latent_size)` → `(B, C, H, W)`."""
        fake: Tensor = self.generator(z) if labels is None else self.generator(z, labels)
        return fake

    def judge(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """이미지마다 로짓을 매깁니다. 모양 `(B, C, H, W)` → `(B,)`."""
        if labels is None:
            logits: Tensor = self.discriminator(images)
        else:
            logits = self.discriminator(images, labels)
        return logits.flatten()  # (B, 1)을 내놓는 순차모델도 (B,)로

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """`z`로 만든 가짜를 판별기가 얼마나 진짜로 보는지 계산합니다.

        Args:
            z: 잠재 벡터. 모양 `(B, latent_size)`.
            labels: 만들 종류. 모양 `(B,)`. 조건이 없으면 생략합니다.

        Returns:
            로짓. 모양 `(B,)`.
        """
        return self.judge(pack_neighbours(self.generate(z, labels), self.pack), labels)

    def summary(self) -> None:
        """두 신경망의 층, 출력 모양, 매개변수 수를 화면에 인쇄합니다."""
        print_summary(self.model(), (self.latent_size + self.classes,))

    def save_model(self, folder: str | Path = "data") -> Path:
        """이어진 두 신경망의 구조를 그린 PNG를 `folder`에 저장하고 그 경로를 반환합니다.

        Raises:
            OSError: 폴더에 쓸 수 없을 때.
        """
        generator, discriminator = (nn.Sequential(*part.children()) for part in self.model())
        parts = [
            Part("생성기", "generator", generator),
            Part("판별기", "discriminator", discriminator),
        ]
        return save_picture(parts, (self.latent_size + self.classes,), Path(folder) / "gan.png")


# --8<-- [end:class]


def pack_neighbours(images: Tensor, pack: int, axis: int = 0) -> Tensor:
    """판별기가 나란히 보도록 이웃한 이미지를 잇습니다.

    Args:
        images: 이을 이미지. 모양 `(B, C, …)`.
        pack: 이을 수 m. B는 m의 배수입니다.
        axis: 배치의 차원. 시드를 앞에 쌓아 `(S, B, …)`이면 1.

    Returns:
        이은 이미지. 모양 `(B / m, m * C, …)`.
    """
    if pack == 1:
        return images
    before, (channels, *rest) = images.shape[:axis], images.shape[axis + 1 :]
    return images.reshape(*before, -1, pack * channels, *rest)


def check_connection(gan: GAN) -> None:
    """빈 벡터 두 개를 흘려 보아 두 신경망이 이어지는지 확인합니다. 가중치와 통계는 그대로입니다.

    Raises:
        ValueError: 이어지지 않거나 로짓이 이미지마다 하나가 아닐 때.
    """
    other = getattr(gan.discriminator, "classes", gan.classes)
    if other != gan.classes:
        raise ValueError(f"두 모델의 classes가 같아야 합니다: 생성기 {gan.classes}, 판별기 {other}")
    training = gan.training
    parameter = next(gan.generator.parameters())
    z = parameter.new_zeros(2 * gan.pack, gan.latent_size)
    labels = torch.zeros(len(z), dtype=torch.long, device=z.device) if gan.classes else None
    try:
        with torch.no_grad():
            logits = gan.eval()(z, labels)
    except (RuntimeError, ValueError) as error:
        raise ValueError(f"판별기가 생성기의 이미지를 받지 못합니다: {error}") from error
    finally:
        gan.train(training)
    if logits.shape != (2,):
        raise ValueError(
            "판별기는 이미지마다 로짓 하나를 내야 합니다: "
            f"이미지 {len(z)}장에 받은 모양 {tuple(logits.shape)}"
        )

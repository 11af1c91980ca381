"""적대 모델: 생성기와 판별기를 하나로 잇습니다."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from pathlib import Path

import torch
from torch import Tensor, nn

from gan_docs.sampling import latent_shape, make_images
from gan_docs.summary import Part, print_summary, save_picture


# --8<-- [start:class]
class GAN(nn.Module):
    """생성기와 판별기를 하나의 모델로 연결합니다.

    Args:
        discriminator_model: 이미지를 로짓으로 바꾸는 신경망.
        generator_model: 잠재 벡터를 이미지로 바꾸는 신경망.

    Raises:
        TypeError: 둘 가운데 하나가 신경망이 아니거나, 텐서 하나를 내지 않을 때.
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
        self.latent_size: int = latent_shape(generator_model)[0]
        self.classes: int = getattr(generator_model, "classes", 0)
        self.pack: int = getattr(discriminator_model, "pack", 1)
        check_connection(self)

    def model(self) -> nn.Sequential:
        """벡터를 로짓으로 바꾸는 순차모델을 만들어 반환합니다. 가중치는 둘과 나눕니다.

        받는 것은 잠재 벡터 뒤에 종류를 원-핫으로 붙인 `(B, latent_size + classes)`이고, 내는 것은
        `forward`와 같은 로짓입니다.
        """
        first = GeneratorPart(self.generator, self.latent_size, self.classes)
        second = DiscriminatorPart(self.discriminator, self.pack)
        return nn.Sequential(OrderedDict(generator=first, discriminator=second))

    def generate(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """잠재 벡터로 가짜를 만듭니다. 모양 `(B, latent_size)` → `(B, C, H, W)`."""
        return make_images(self.generator, z, labels)

    def judge(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """이미지마다 로짓을 매깁니다. 모양 `(B, C, H, W)` → `(B,)`."""
        return judge_images(self.discriminator, images, labels)

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
        """두 신경망의 층, 출력 모양, 매개변수 수를 화면에 출력합니다."""
        print_summary(self, *blank_inputs(self, self.pack))

    def save_model(self, folder: str | Path = "data") -> Path:
        """이어진 두 신경망의 구조를 그린 PNG를 `folder`에 저장하고 그 경로를 반환합니다.

        Raises:
            OSError: 폴더에 쓸 수 없을 때.
        """
        first, second = self.model()
        parts = [Part("생성기", "generator", first), Part("판별기", "discriminator", second)]
        size = (self.latent_size + self.classes,)
        return save_picture(parts, size, Path(folder) / "gan.png", count=self.pack)


# --8<-- [end:class]


class GeneratorPart(nn.Module):
    """순차모델의 앞: 원-핫으로 붙인 종류를 떼어 생성기를 부르고, 이미지와 종류를 함께 넘깁니다.

    Args:
        generator: 생성기.
        latent_size: 잠재 벡터의 길이.
        classes: 종류의 수. 조건이 없으면 0.
    """

    def __init__(self, generator: nn.Module, latent_size: int, classes: int) -> None:
        super().__init__()
        self.generator, self.latent_size, self.classes = generator, latent_size, classes

    def forward(self, joined: Tensor) -> tuple[Tensor, Tensor | None]:
        """모양 `(B, latent_size + classes)` → 이미지 `(B, C, H, W)`와 종류 `(B,)`."""
        z, one_hot = joined[:, : self.latent_size], joined[:, self.latent_size :]
        labels = one_hot.argmax(1) if self.classes else None
        return make_images(self.generator, z, labels), labels


class DiscriminatorPart(nn.Module):
    """순차모델의 뒤: 이미지와 종류를 받아 판별기를 부릅니다.

    Args:
        discriminator: 판별기.
        pack: 판별기가 나란히 보는 이미지의 수.
    """

    def __init__(self, discriminator: nn.Module, pack: int) -> None:
        super().__init__()
        self.discriminator, self.pack = discriminator, pack

    def forward(self, made: tuple[Tensor, Tensor | None]) -> Tensor:
        """이미지 `(B, C, H, W)`와 종류 `(B,)` → 로짓 `(B,)`."""
        images, labels = made
        return judge_images(self.discriminator, pack_neighbours(images, self.pack), labels)


def judge_images(discriminator: nn.Module, images: Tensor, labels: Tensor | None = None) -> Tensor:
    """이미지마다 로짓을 매깁니다. 모양 `(B, C, H, W)` → `(B,)`.

    Raises:
        TypeError: 판별기가 텐서가 아닌 것을 낼 때.
    """
    logits: Tensor = discriminator(images) if labels is None else discriminator(images, labels)
    if not isinstance(logits, Tensor):
        raise TypeError(f"판별기의 답은 텐서 하나여야 합니다: 받은 값 {type(logits).__name__}")
    return logits.flatten()  # (B, 1)을 내놓는 순차모델도 (B,)로


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


def blank_inputs(gan: GAN, count: int) -> tuple[Tensor, ...]:
    """적대 모델에 흘려 볼 빈 잠재 벡터와, 종류를 고르는 모델이면 이름표입니다."""
    z = next(gan.generator.parameters()).new_zeros(count, gan.latent_size)
    return (z, torch.zeros(count, dtype=torch.long, device=z.device)) if gan.classes else (z,)


def check_connection(gan: GAN) -> None:
    """빈 벡터 두 개를 흘려 보아 두 신경망이 이어지는지 확인합니다. 가중치와 통계는 그대로입니다.

    Raises:
        TypeError: 둘 가운데 하나가 텐서 하나를 내지 않거나, 받는 인자가 다를 때.
        ValueError: 이어지지 않거나 로짓이 이미지마다 하나가 아닐 때.
    """
    other = getattr(gan.discriminator, "classes", gan.classes)
    if other != gan.classes:
        raise ValueError(f"두 모델의 classes가 같아야 합니다: 생성기 {gan.classes}, 판별기 {other}")
    training = gan.training
    inputs = blank_inputs(gan, 2 * gan.pack)
    try:
        with torch.no_grad():
            logits = gan.eval()(*inputs)
            warn_of_ranges(gan)
    except (RuntimeError, ValueError) as error:
        raise ValueError(f"판별기가 생성기의 이미지를 받지 못합니다: {error}") from error
    finally:
        gan.train(training)
    if logits.shape != (2,):
        raise ValueError(
            "판별기는 이미지마다 로짓 하나를 내야 합니다: "
            f"이미지 {len(inputs[0])}장에 받은 모양 {tuple(logits.shape)}"
        )


def warn_of_ranges(gan: GAN) -> None:
    """넓게 흩은 입력을 흘려 보아, 끝에 시그모이드가 붙은 신경망을 알립니다."""
    random = torch.Generator().manual_seed(0)  # 부른 쪽의 난수는 그대로
    z, *labels = blank_inputs(gan, 16 * gan.pack)  # 우연히 한쪽에 몰리지 않을 만큼
    images = make_images(gan.generator, spread_like(z, random), *labels)
    low, high = images.min().item(), images.max().item()
    if images.ndim > 2 and 0 <= low < high:  # 평면의 점은 범위를 정하지 않음
        warnings.warn(
            "생성기가 음수를 내지 않습니다: 이미지의 값은 -1과 1 사이이므로 마지막 층을 "
            f"nn.Tanh()로 바꾸세요(받은 범위 {low:.2g}–{high:.2g})",
            stacklevel=4,
        )
    images = pack_neighbours(images, gan.pack)
    logits = judge_images(gan.discriminator, spread_like(images, random), *labels)
    if 0 <= logits.min() < logits.max() <= 1:
        warnings.warn(
            "판별기가 0과 1 사이의 값만 냅니다: 손실은 로짓을 받으니 마지막 nn.Sigmoid()를 빼세요",
            stacklevel=4,
        )


def spread_like(tensor: Tensor, random: torch.Generator) -> Tensor:
    """같은 모양의 넓은 난수입니다. 시그모이드가 아니면 0과 1 사이를 벗어날 만큼 흩습니다."""
    return (1000 * torch.randn(tensor.shape, generator=random)).to(tensor)

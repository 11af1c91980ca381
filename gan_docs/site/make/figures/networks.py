"""세 모델의 구조를 그린 그림."""

from __future__ import annotations

from typing import Any

from gan_docs.discriminator import Discriminator
from gan_docs.drawing import structure
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.generator import Generator
from gan_docs.site.make.figures import Figure
from gan_docs.summary import Part


# --8<-- [start:discriminator_structure]
def discriminator_structure(result: Result, palette: Palette) -> Any:
    """`Discriminator().save_model()`이 그리는 그림입니다."""
    model = Discriminator()
    part = Part("판별기", "discriminator", model.network)
    return structure.draw([part], model.shape, palette)


# --8<-- [end:discriminator_structure]


# --8<-- [start:generator_structure]
def generator_structure(result: Result, palette: Palette) -> Any:
    """`Generator().save_model()`이 그리는 그림입니다."""
    model = Generator()
    part = Part("생성기", "generator", model.network)
    return structure.draw([part], (model.latent_size,), palette)


# --8<-- [end:generator_structure]


# --8<-- [start:gan_structure]
def gan_structure(result: Result, palette: Palette) -> Any:
    """`GAN(…).save_model()`이 그리는 그림입니다."""
    generator, discriminator = Generator(), Discriminator()
    parts = [
        Part("생성기", "generator", generator.network),
        Part("판별기", "discriminator", discriminator.network),
    ]
    return structure.draw(parts, (generator.latent_size,), palette)


# --8<-- [end:gan_structure]

FIGURES = [
    Figure(
        "discriminator-structure",
        None,
        "판별기는 이미지를 접고 줄여 로짓 하나로 답합니다.",
        "이미지가 합성곱 두 층과 선형층 두 층을 지나 로짓 하나가 된다.",
        discriminator_structure,
    ),
    Figure(
        "generator-structure",
        None,
        "생성기는 잠재 벡터를 4분의 1 크기의 특징 맵으로 바꾼 뒤, 두 번 두 배로 키웁니다.",
        "잠재 벡터가 특징 맵을 거쳐 28×28 이미지가 된다.",
        generator_structure,
    ),
    Figure(
        "gan-structure",
        None,
        "적대 모델은 생성기의 출력을 판별기의 입력에 잇습니다.",
        "잠재 벡터가 생성기와 판별기를 차례로 지나 로짓이 된다.",
        gan_structure,
    ),
]

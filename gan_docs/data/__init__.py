"""자료: 한글, 숫자, 2차원 점, 내려받는 모음, 독자의 이미지. 값은 [-1, 1]입니다."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from gan_docs.data import sources
from gan_docs.data.containers import (
    Batch,
    Data,
    ImageData,
    Jitter,
    MixtureData,
    check_number,
    check_size,
    check_whole,
)

__all__ = [
    "DATASETS",
    "SYLLABLES",
    "Batch",
    "Data",
    "ImageData",
    "Jitter",
    "MixtureData",
    "digits",
    "fashion_mnist",
    "folder",
    "grid",
    "hangul",
    "load",
    "mnist",
    "moons",
    "ring",
]

SYLLABLES = sources.SYLLABLES


def hangul(
    part: str = "train", width: int = 28, height: int = 28, jitter: bool = True
) -> ImageData:
    """여러 글꼴로 쓴 가나다라마바사아자차카타파하입니다. 잉크가 +1, 종이가 -1입니다.

    56×56의 바탕 글자를 짧은 변에 맞춰 줄이고 남는 곳은 종이로 채웁니다. 56보다 크게 부르면
    흐려집니다. 학습용과 평가용은 글꼴 갈래로 나뉘어, 같은 갈래가 두 쪽에 들지 않습니다.

    Args:
        part: `train`(학습용), `held_out`(평가용), `all`(모두).
        width: 가로 화소 수. 8 이상.
        height: 세로 화소 수. 8 이상.
        jitter: 참이면 뽑을 때마다 글자를 조금씩 흔듭니다.

    Returns:
        글꼴마다 14장, 차례는 글꼴과 글자순. 모양 `(N, 1, height, width)`.

    Raises:
        FileNotFoundError: 글자 파일이 없을 때.
        TypeError: 크기가 정수가 아니거나 `jitter`가 참·거짓이 아닐 때.
        ValueError: `part`를 모르거나 크기가 8보다 작거나 글자 파일이 깨졌을 때.

    Source:
        글꼴의 이름, 저작권, 허가는 `gan_docs/assets/NOTICE.md`에 있습니다.
    """
    if part not in ("train", "held_out", "all"):
        raise ValueError(f"part는 train, held_out, all 가운데 하나여야 합니다: 받은 값 {part!r}")
    if not isinstance(jitter, bool):
        raise TypeError(f"jitter는 True 또는 False여야 합니다: 받은 값 {jitter!r}")
    check_size(width, height)
    glyphs, held_out = sources.read_glyphs(sources.HANGUL_FILE)
    if part != "all":
        glyphs = glyphs[held_out if part == "held_out" else ~held_out]
    labels = torch.arange(len(SYLLABLES)).repeat(len(glyphs))
    images = _fit(2 * glyphs.flatten(0, 1).unsqueeze(1) - 1, width, height)
    name = "hangul" if part == "train" else f"hangul-{part}"
    return ImageData(name, images, labels, SYLLABLES, Jitter() if jitter else None)


def digits(width: int = 28, height: int = 28) -> ImageData:
    """scikit-learn의 손글씨 숫자 1,797자입니다. 획이 +1, 바탕이 -1입니다.

    원본은 8×8입니다. 다른 크기를 부르면 한 화소를 두르고, 삼차 보간으로 여덟 배 키우고,
    시그모이드로 획을 또렷이 한 뒤 그 크기로 줄입니다. 새 정보가 생기지는 않습니다.

    Args:
        width: 가로 화소 수. 8 이상.
        height: 세로 화소 수. 8 이상.

    Returns:
        모양 `(1797, 1, height, width)`의 이미지와 0–9의 이름표.

    Raises:
        TypeError: 크기가 정수가 아닐 때.
        ValueError: 크기가 8보다 작을 때.

    Source:
        Alpaydin & Kaynak (1998), UCI Optical Recognition of Handwritten Digits
    """
    check_size(width, height)
    from sklearn.datasets import load_digits

    bunch = load_digits()
    ink = torch.tensor(bunch.images, dtype=torch.float32).unsqueeze(1) / 16  # (1797, 1, 8, 8)
    labels = torch.tensor(bunch.target, dtype=torch.int64)
    if (width, height) != (8, 8):
        padded = functional.pad(ink, (1, 1, 1, 1))
        enlarged = functional.interpolate(padded, size=(80, 80), mode="bicubic")
        paper, full = torch.sigmoid(10 * (torch.tensor([0.0, 1.0]) - 0.4))
        ink = ((torch.sigmoid(10 * (enlarged - 0.4)) - paper) / (full - paper)).clamp(0, 1)
    images = _fit(2 * ink - 1, width, height)
    return ImageData("digits", images, labels, tuple("0123456789"))


# --8<-- [start:mixtures]
def ring(modes: int = 8, radius: float = 1.0, sigma: float = 0.01) -> MixtureData:
    """원 위에 같은 간격으로 놓인 봉우리들입니다.

    Args:
        modes: 봉우리의 수. 1 이상.
        radius: 원의 반지름. 0보다 큰 수.
        sigma: 봉우리마다의 표준 편차. 0 이상.

    Raises:
        TypeError: 수가 아닐 때.
        ValueError: 범위를 벗어날 때.

    Source:
        Lin et al. (2018), PacGAN의 2D-ring. arXiv:1712.04086
    """
    check_whole("modes", modes, least=1)
    check_number("radius", radius, above=0)
    angles = torch.arange(modes, dtype=torch.float64) * (2 * math.pi / modes)
    centers = radius * torch.stack([angles.cos(), angles.sin()], dim=1)
    return MixtureData("ring", centers.float(), sigma)


def grid(side: int = 5, spacing: float = 2.0, sigma: float = 0.05) -> MixtureData:
    """원점을 가운데에 둔 정사각 격자의 봉우리들입니다. 기본값은 {-4, -2, 0, 2, 4}²입니다.

    Args:
        side: 한 변의 봉우리 수. 1 이상.
        spacing: 이웃한 봉우리의 거리. 0보다 큰 수.
        sigma: 봉우리마다의 표준 편차. 0 이상.

    Raises:
        TypeError: 수가 아닐 때.
        ValueError: 범위를 벗어날 때.

    Source:
        Lin et al. (2018), PacGAN의 2D-grid. arXiv:1712.04086
    """
    check_whole("side", side, least=1)
    check_number("spacing", spacing, above=0)
    line = spacing * (torch.arange(side, dtype=torch.float32) - (side - 1) / 2)
    return MixtureData("grid", torch.cartesian_prod(line, line).reshape(-1, 2), sigma)


def moons(modes: int = 32, radius: float = 0.8, sigma: float = 0.04) -> MixtureData:
    """서로를 파고드는 두 반달을 따라 같은 간격으로 놓인 봉우리들입니다.

    Args:
        modes: 두 반달에 나누어 놓을 봉우리의 수. 2 이상의 짝수.
        radius: 반달의 반지름. 0보다 큰 수.
        sigma: 봉우리마다의 표준 편차. 0 이상.

    Raises:
        TypeError: 수가 아닐 때.
        ValueError: 범위를 벗어나거나 `modes`가 홀수일 때.

    Source:
        모양은 scikit-learn의 `make_moons`와 같고, 가운데를 원점으로 옮겼습니다.
    """
    check_whole("modes", modes, least=2)
    if modes % 2:
        raise ValueError(f"modes는 짝수여야 합니다: 받은 값 {modes}")
    check_number("radius", radius, above=0)
    angles = torch.linspace(0, math.pi, modes // 2, dtype=torch.float64)
    upper = torch.stack([angles.cos() - 0.5, angles.sin() - 0.25], dim=1)
    return MixtureData("moons", (radius * torch.cat([upper, -upper])).float(), sigma)


# --8<-- [end:mixtures]


def mnist(folder: str | os.PathLike[str] | None = None, part: str = "train") -> ImageData:
    """손글씨 숫자 MNIST를 28×28 원본 그대로 읽습니다. 처음에만 내려받습니다(약 12 MB).

    Args:
        folder: 파일 네 개를 둘 폴더. `None`이면 사용자의 캐시 폴더.
        part: `train`(60,000장), `held_out`(10,000장), `all`(70,000장).

    Raises:
        ConnectionError: 파일이 없는데 내려받지도 못했을 때.
        OSError: 폴더에 쓸 수 없을 때.
        ValueError: `part`를 모를 때.

    Source:
        LeCun, Cortes & Burges (1998), The MNIST database of handwritten digits
    """
    return _downloaded(sources.MNIST, part, folder)


def fashion_mnist(folder: str | os.PathLike[str] | None = None, part: str = "train") -> ImageData:
    """옷과 신발 Fashion-MNIST를 28×28 원본 그대로 읽습니다. 처음에만 내려받습니다(약 31 MB).

    Args:
        folder: 파일 네 개를 둘 폴더. `None`이면 사용자의 캐시 폴더.
        part: `train`(60,000장), `held_out`(10,000장), `all`(70,000장).

    Raises:
        ConnectionError: 파일이 없는데 내려받지도 못했을 때.
        OSError: 폴더에 쓸 수 없을 때.
        ValueError: `part`를 모를 때.

    Source:
        Xiao, Rasul & Vollgraf (2017), Fashion-MNIST. arXiv:1708.07747
    """
    return _downloaded(sources.FASHION_MNIST, part, folder)


def folder(
    path: str | os.PathLike[str], width: int = 28, height: int = 28, channels: int = 1
) -> ImageData:
    """독자의 이미지 폴더를 읽습니다. 하위 폴더가 둘 이상이면 그 이름이 종류가 됩니다.

    이미지는 비율을 지켜 가운데를 자르고 크기를 맞춥니다. 비치는 곳은 흰 바탕에 얹습니다.

    Args:
        path: PNG, JPEG, WebP, BMP, GIF, TIFF가 든 폴더.
        width: 가로 화소 수. 8 이상.
        height: 세로 화소 수. 8 이상.
        channels: 1(흑백) 또는 3(색).

    Returns:
        이름순의 이미지. 모양 `(N, channels, height, width)`. 검정이 -1, 흰색이 +1.

    Raises:
        FileNotFoundError: 폴더가 없을 때.
        NotADirectoryError: 폴더가 아닐 때.
        TypeError: 크기나 채널이 정수가 아닐 때.
        ValueError: 크기가 맞지 않거나, 이미지가 없거나, 읽을 수 없는 이미지가 있을 때.
    """
    check_size(width, height)
    check_whole("channels", channels, least=1)
    if channels not in (1, 3):
        raise ValueError(f"channels는 1(흑백) 또는 3(색)이어야 합니다: 받은 값 {channels}")
    root = Path(path)
    if not root.exists():
        raise FileNotFoundError(f"이미지 폴더가 없습니다: {root}")
    if not root.is_dir():
        raise NotADirectoryError(f"이미지 폴더가 아니라 파일입니다: {root}")
    groups = [
        child for child in sorted(root.iterdir()) if child.is_dir() and sources.visible(child)
    ]
    loose = sources.image_files(root)
    if groups and loose:
        raise ValueError(f"{root}에 이미지와 하위 폴더가 섞여 있습니다: 한쪽만 두세요")
    groups = groups or [root]
    files = [sources.image_files(group) for group in groups]
    for group, found in zip(groups, files, strict=True):
        if not found:
            raise ValueError(
                f"{group}에 이미지가 없습니다: {', '.join(sources.IMAGE_SUFFIXES)} 파일을 두세요"
            )
    images = torch.stack(
        [sources.read_image(file, width, height, channels) for found in files for file in found]
    )
    if len(groups) == 1:
        return ImageData(root.resolve().name, images, None, ())
    labels = torch.arange(len(groups)).repeat_interleave(torch.tensor([len(f) for f in files]))
    names = tuple(group.name for group in groups)
    return ImageData(root.resolve().name, images, labels, names)


DATASETS: dict[str, Callable[[], ImageData | MixtureData]] = {
    "hangul": hangul,
    "digits": digits,
    "ring": ring,
    "grid": grid,
    "moons": moons,
    "mnist": mnist,
    "fashion_mnist": fashion_mnist,
}


def load(name: str) -> ImageData | MixtureData:
    """이름으로 자료를 기본 설정대로 부릅니다.

    Args:
        name: hangul, digits, ring, grid, moons, mnist, fashion_mnist 가운데 하나.

    Raises:
        ValueError: 모르는 이름일 때.
    """
    if name not in DATASETS:
        raise ValueError(f"자료는 {', '.join(DATASETS)} 가운데 하나여야 합니다: 받은 값 {name!r}")
    return DATASETS[name]()


def _downloaded(
    source: sources.Source, part: str, folder: str | os.PathLike[str] | None
) -> ImageData:
    """내려받은 배열을 [-1, 1]의 이미지로 바꿉니다."""
    pixels, targets = sources.images_and_labels(source, part, folder)
    images = torch.from_numpy(pixels.astype(np.float32)).unsqueeze(1).div_(127.5).sub_(1)
    name = source.folder if part == "train" else f"{source.folder}-{part}"
    labels = torch.from_numpy(targets.astype(np.int64))
    return ImageData(name, images, labels, source.class_names)


def _fit(images: Tensor, width: int, height: int) -> Tensor:
    """정사각형 이미지를 짧은 변에 맞춰 바꾸고 남는 곳을 종이(-1)로 채웁니다."""
    side = min(width, height)
    if images.shape[-1] != side:
        images = functional.interpolate(
            images, size=(side, side), mode="bicubic", antialias=True
        ).clamp(-1, 1)
    across, down = width - side, height - side
    borders = (across // 2, across - across // 2, down // 2, down - down // 2)
    return functional.pad(images, borders, value=-1.0)

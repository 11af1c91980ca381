"""글자: 여러 글꼴의 한글과 사람이 쓴 숫자. 둘 다 인터넷 없이 읽습니다."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from gan_docs.checks import image_size, one_of
from gan_docs.data.containers import PARTS, ImageData, Jitter
from gan_docs.data.shipped import shipped

SYLLABLES = tuple("가나다라마바사아자차카타파하")
HANGUL_FILE = Path(__file__).parents[1] / "assets" / "hangul.npz"


def hangul(
    part: str = "train", width: int = 28, height: int = 28, jitter: bool = True
) -> ImageData:
    """여러 글꼴로 쓴 가나다라마바사아자차카타파하입니다. 잉크가 +1, 종이가 -1입니다.

    56×56의 바탕 글자를 짧은 변에 맞춰 줄이고 남는 곳은 종이로 채웁니다. 56보다 크게 부르면
    흐려집니다. 학습용과 평가용은 글꼴 갈래로 나뉘어, 같은 갈래가 두 쪽에 들지 않습니다.

    Args:
        part: `train`(학습용), `held_out`(평가용), `all`(모두).
        width: 가로 화소 수. 8 이상 256 이하.
        height: 세로 화소 수. 8 이상 256 이하.
        jitter: 참이면 뽑을 때마다 글자를 조금씩 흔듭니다.

    Returns:
        글꼴마다 14장, 차례는 글꼴과 글자순. 모양 `(N, 1, height, width)`.

    Raises:
        FileNotFoundError: 글자 파일이 없을 때.
        TypeError: 크기가 정수가 아니거나 `jitter`가 참·거짓이 아닐 때.
        ValueError: `part`를 모르거나 크기가 8보다 작거나 256보다 크거나 글자 파일이 깨졌을 때.

    Source:
        글꼴의 이름, 저작권, 허가는 `gan_docs/assets/NOTICE.md`에 있습니다.
    """
    one_of("part", part, PARTS)
    if not isinstance(jitter, bool):
        raise TypeError(f"jitter는 True 또는 False여야 합니다: 받은 값 {jitter!r}")
    image_size(width, height)
    glyphs, held_out = read_glyphs(HANGUL_FILE)
    if part != "all":
        glyphs = glyphs[held_out if part == "held_out" else ~held_out]
    labels = torch.arange(len(SYLLABLES)).repeat(len(glyphs))
    images = fit(2 * glyphs.flatten(0, 1).unsqueeze(1) - 1, width, height)
    name = "hangul" if part == "train" else f"hangul-{part}"
    return ImageData(name, images, labels, SYLLABLES, Jitter() if jitter else None)


def digits(width: int = 28, height: int = 28) -> ImageData:
    """scikit-learn의 손글씨 숫자 1,797자입니다. 획이 +1, 바탕이 -1입니다.

    원본은 8×8입니다. 다른 크기를 부르면 한 화소를 두르고, 삼차 보간으로 여덟 배 키우고,
    시그모이드로 획을 또렷이 한 뒤 그 크기로 줄입니다. 새 정보가 생기지는 않습니다.

    Args:
        width: 가로 화소 수. 8 이상 256 이하.
        height: 세로 화소 수. 8 이상 256 이하.

    Returns:
        모양 `(1797, 1, height, width)`의 이미지와 0–9의 이름표.

    Raises:
        TypeError: 크기가 정수가 아닐 때.
        ValueError: 크기가 8보다 작거나 256보다 클 때.

    Source:
        Alpaydin & Kaynak (1998), UCI Optical Recognition of Handwritten Digits
    """
    image_size(width, height)
    from sklearn.datasets import load_digits

    bunch = load_digits()
    ink = torch.tensor(bunch.images, dtype=torch.float32).unsqueeze(1) / 16  # (1797, 1, 8, 8)
    labels = torch.tensor(bunch.target, dtype=torch.int64)
    if (width, height) != (8, 8):
        padded = functional.pad(ink, (1, 1, 1, 1))
        enlarged = functional.interpolate(padded, size=(80, 80), mode="bicubic")
        paper, full = torch.sigmoid(10 * (torch.tensor([0.0, 1.0]) - 0.4))
        ink = ((torch.sigmoid(10 * (enlarged - 0.4)) - paper) / (full - paper)).clamp(0, 1)
    images = fit(2 * ink - 1, width, height)
    return ImageData("digits", images, labels, tuple("0123456789"))


def read_glyphs(path: Path) -> tuple[Tensor, Tensor]:
    """화소 둘을 한 바이트에 담은 글자 파일을 풉니다.

    Returns:
        `(글꼴, 14, 56, 56)`의 잉크(0–1)와 `(글꼴,)`의 평가용 표시.

    Raises:
        FileNotFoundError: 파일이 없을 때.
        ValueError: 파일이 깨졌거나 다른 글자가 들었을 때.
    """
    arrays = shipped(path, "glyphs", "held_out", "syllables")
    packed, held_out = arrays["glyphs"], arrays["held_out"]
    syllables = tuple(arrays["syllables"].tolist())
    if syllables != SYLLABLES:
        raise ValueError(f"글자 파일의 글자가 다릅니다: {path}에는 {''.join(syllables)}")
    pixels = np.stack([packed >> 4, packed & 15], axis=-1).reshape(*packed.shape[:-1], -1)
    return torch.from_numpy(pixels.astype(np.float32) / 15), torch.from_numpy(held_out)


def fit(images: Tensor, width: int, height: int) -> Tensor:
    """정사각형 이미지를 짧은 변에 맞춰 바꾸고 남는 곳을 종이(-1)로 채웁니다."""
    side = min(width, height)
    if images.shape[-1] != side:
        images = functional.interpolate(
            images, size=(side, side), mode="bicubic", antialias=True
        ).clamp(-1, 1)
    across, down = width - side, height - side
    borders = (across // 2, across - across // 2, down // 2, down - down // 2)
    return functional.pad(images, borders, value=-1.0)

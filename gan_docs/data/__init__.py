"""데이터: 한글, 숫자, 얼굴, 2차원 점, 내려받는 모음, 여러분의 이미지. 값은 [-1, 1]입니다."""

from __future__ import annotations

from collections.abc import Callable

from gan_docs.checks import one_of
from gan_docs.data.containers import Batch, Data, ImageData, Jitter, MixtureData
from gan_docs.data.datasets import DatasetData, from_dataset
from gan_docs.data.downloads import fashion_mnist, mnist
from gan_docs.data.faces import emoji
from gan_docs.data.folders import folder
from gan_docs.data.glyphs import SYLLABLES, digits, hangul
from gan_docs.data.mixtures import grid, moons, ring

__all__ = [
    "DATASETS",
    "SYLLABLES",
    "Batch",
    "Data",
    "DatasetData",
    "ImageData",
    "Jitter",
    "MixtureData",
    "digits",
    "emoji",
    "fashion_mnist",
    "folder",
    "from_dataset",
    "grid",
    "hangul",
    "load",
    "mnist",
    "moons",
    "ring",
]

DATASETS: dict[str, Callable[[], ImageData | MixtureData]] = {
    "hangul": hangul,
    "digits": digits,
    "emoji": emoji,
    "ring": ring,
    "grid": grid,
    "moons": moons,
    "mnist": mnist,
    "fashion_mnist": fashion_mnist,
}


def load(name: str) -> ImageData | MixtureData:
    """이름으로 데이터를 기본 설정대로 부릅니다.

    Args:
        name: `DATASETS`의 이름 가운데 하나.

    Raises:
        ValueError: 모르는 이름일 때.
    """
    one_of("name", name, DATASETS)
    return DATASETS[name]()

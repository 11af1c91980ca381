"""신경망을 한눈에 보기: 층의 표와 구조의 그림은 결과와 상관없으므로, 부를 때만 찾습니다."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from torch import Tensor, nn

STRUCTURE = "gan_docs.drawing.structure"  # 이름으로만: 그림을 고쳐도 학습한 결과는 그대로


class Part(NamedTuple):
    """그림에 그릴 신경망 하나입니다.

    Attributes:
        title: 그림에 적을 이름.
        role: `generator` 또는 `discriminator`. 색을 고릅니다.
        network: 앞의 신경망이 낸 것을 받는 신경망.
    """

    title: str
    role: str
    network: nn.Module


def print_summary(network: nn.Module, *inputs: Tensor) -> None:
    """층, 출력 모양, 매개변수 수를 화면에 출력합니다.

    Args:
        network: 요약할 신경망.
        inputs: 흘려 볼 입력. 모양 `(B, …)`.
    """
    import_module(STRUCTURE).print_table(network, inputs)


def save_picture(
    parts: Sequence[Part], input_shape: tuple[int, ...], path: Path, *, count: int = 1
) -> Path:
    """구조의 그림을 PNG로 저장하고 그 경로를 반환합니다.

    Args:
        parts: 차례로 이어진 신경망들.
        input_shape: 배치를 뺀 입력의 모양.
        path: 저장할 파일. 폴더는 없으면 만듭니다.
        count: 한 번에 흘려 볼 입력의 수. 여러 장을 나란히 보는 판별기는 그만큼 받습니다.

    Raises:
        OSError: 폴더에 쓸 수 없을 때.
    """
    saved: Path = import_module(STRUCTURE).save(parts, input_shape, path, count)
    return saved

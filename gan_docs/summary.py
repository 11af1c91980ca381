"""신경망을 한눈에 보기: 층의 표를 인쇄하고, 구조의 그림을 저장합니다."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from torch import nn


class Part(NamedTuple):
    """그림에 그릴 신경망 하나입니다.

    Attributes:
        title: 그림에 적을 이름.
        role: `generator` 또는 `discriminator`. 색을 고릅니다.
        network: 층이 차례로 이어진 신경망.
    """

    title: str
    role: str
    network: nn.Sequential


def print_summary(network: nn.Module, input_shape: tuple[int, ...]) -> None:
    """층, 출력 모양, 매개변수 수를 화면에 인쇄합니다.

    Args:
        network: 요약할 신경망.
        input_shape: 배치를 뺀 입력의 모양.
    """
    import torchinfo

    report = torchinfo.summary(
        network,
        input_size=(1, *input_shape),
        col_names=("output_size", "num_params"),
        verbose=0,
        device="cpu",
    )
    print(re.sub(r"Units\.(\w)\w*", r"\1", str(report)))  # Units.MEGABYTES는 M으로


def save_picture(parts: Sequence[Part], input_shape: tuple[int, ...], path: Path) -> Path:
    """구조의 그림을 PNG로 저장하고 그 경로를 반환합니다.

    Args:
        parts: 차례로 이어진 신경망들.
        input_shape: 배치를 뺀 입력의 모양.
        path: 저장할 파일. 폴더는 없으면 만듭니다.

    Raises:
        OSError: 폴더에 쓸 수 없을 때.
    """
    drawing = import_module("gan_docs.drawing.structure")  # 결과와 상관없는 그림은 부를 때만 찾음
    saved: Path = drawing.save(parts, input_shape, path)
    return saved

"""얼굴 이모지를 늘어놓은 그림."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.site.make.figures import Figure
from gan_docs.site.make.figures.few import WAYS

COLUMNS = 5  # 360px 화면에서 밀지 않고 보이는 수


# --8<-- [start:emoji_faces]
def emoji_faces(result: Result, palette: Palette) -> Any:
    """두 줄마다 위가 증강하며 배워 만든 얼굴, 아래가 화소로 가장 가까운 배운 얼굴입니다."""
    rows, columns = 4, COLUMNS
    both = np.stack([result.arrays[f"augmented_{name}"] for name in ("made", "nearest")])
    shown = both[:, : rows * columns].reshape(2, rows, columns, 3, 32, 32)
    pairs = [faces(shown[:, row].reshape(-1, 3, 32, 32), columns, palette) for row in range(rows)]
    blank = np.zeros((16, *pairs[0].shape[1:]), np.uint8)  # 짝과 짝 사이
    return np.concatenate([part for pair in pairs for part in (pair, blank)][:-1])


# --8<-- [end:emoji_faces]


# --8<-- [start:emoji_both]
def emoji_both(result: Result, palette: Palette) -> Any:
    """위는 증강 없이, 아래는 증강하며 배운 같은 시드의 처음 스무 얼굴입니다."""
    walls = [faces(result.arrays[f"{way}_made"][:20], COLUMNS, palette) for way in WAYS]
    blank = np.zeros((24, *walls[0].shape[1:]), np.uint8)
    return np.concatenate([walls[0], blank, walls[1]])


# --8<-- [end:emoji_both]


# --8<-- [start:dcgan_faces]
def dcgan_faces(result: Result, palette: Palette) -> Any:
    """DCGAN의 조리법으로 배운 생성기의 처음 서른 얼굴입니다."""
    return faces(result.arrays["made"], COLUMNS, palette)


# --8<-- [end:dcgan_faces]


def faces(images: Any, columns: int, palette: Palette) -> Any:
    """0–255로 보관한 색 이미지를 늘어놓습니다."""
    return pictures.wall(images, columns=columns, scale=2, gap=1, palette=palette)


FIGURES = [
    Figure(
        "emoji-both",
        "emoji",
        "위는 증강 없이, 아래는 증강하며 배운 생성기의 처음 스무 얼굴입니다. "
        "고르지 않고 그대로 보였습니다.",
        "위아래 모두 대부분 얼굴로 읽히고, 뭉개진 얼굴이 섞여 있다.",
        emoji_both,
        1.0,
    ),
    Figure(
        "emoji-faces",
        "emoji",
        "두 줄이 한 짝입니다. 위는 증강하며 배운 생성기가 만든 얼굴, 아래는 배운 얼굴 "
        "{{ emoji.faces }}장 가운데 화소로 가장 가까운 것입니다.",
        "만든 얼굴은 짝과 눈이나 입이나 색이 다르다.",
        emoji_faces,
        1.0,
    ),
    Figure(
        "dcgan-faces",
        "dcgan",
        "DCGAN의 조리법으로 같은 얼굴을 배워 만든 서른 얼굴입니다. 고르지 않고 그대로 보였습니다.",
        "둥근 얼굴의 꼴은 있지만 눈과 입이 뭉개진 것이 많다.",
        dcgan_faces,
        1.0,
    ),
]

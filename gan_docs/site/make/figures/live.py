"""브라우저에서 살아 움직이는 요소의 정지 그림."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.experiments.plane import FIELD, LATTICE, WINDOW
from gan_docs.site.make.figures import Figure
from gan_docs.site.make.figures.glyphs import unpacked

LONGEST = 0.22  # 가장 긴 화살표의 길이(평면의 단위)
ARROWS = 64
LEVELS = 10  # 점수 지도의 짙기를 나누는 수: 등고선처럼 보이고 파일이 작음


# --8<-- [start:plane_scene]
def plane_scene(result: Result, palette: Palette) -> Any:
    """판별기의 점수 지도 위에 휘어진 잠재 공간, 진짜와 가짜, 가짜가 밀리는 쪽을 겹칩니다."""
    seen = result.arrays
    figure = pictures.new_figure(5.2, 5.2)
    axes = figure.subplots()
    logits = seen["logits"].reshape(FIELD, FIELD)
    low, high = np.quantile(logits, [0.05, 0.95])
    red = LinearSegmentedColormap.from_list(
        "field", [f"{palette.discriminator}00", f"{palette.discriminator}8C"], N=LEVELS
    )
    half = WINDOW * FIELD / (FIELD - 1)  # 칸의 한가운데가 잰 자리
    axes.imshow(logits, cmap=red, vmin=low, vmax=high, extent=(-half, half, -half, half))
    bent = seen["bent"].reshape(LATTICE, LATTICE, 2)
    for line in (*bent, *bent.transpose(1, 0, 2)):
        axes.plot(*line.T, color=palette.generator, linewidth=0.8, alpha=0.5)
    pictures.draw_points(axes, seen["fake"], seen["real"], palette)
    push = LONGEST * seen["push"] / np.linalg.norm(seen["push"], axis=1).max()
    axes.quiver(
        *seen["fake"][:ARROWS].T, *push[:ARROWS].T, color=palette.ink,
        angles="xy", scale_units="xy", scale=1, width=0.003,
    )  # fmt: skip
    axes.set(xlim=(-WINDOW, WINDOW), ylim=(-WINDOW, WINDOW))
    return figure


# --8<-- [end:plane_scene]


# --8<-- [start:latent_directions]
def latent_directions(result: Result, palette: Palette) -> Any:
    """방향마다 한 줄: 가운데에서 왼쪽으로 -3, 오른쪽으로 +3까지 밀어 봅니다."""
    rows = unpacked(result.arrays["rows"])
    return pictures.wall(rows.reshape(-1, 1, 28, 28), columns=7, scale=3, gap=3, palette=palette)


# --8<-- [end:latent_directions]

FIGURES = [
    Figure(
        "plane-scene",
        "plane",
        "초록 동그라미가 진짜, 파란 마름모가 가짜입니다. 붉은 곳일수록 판별기가 진짜로 봅니다.",
        "휘어진 격자 위의 가짜가 고리의 여덟 봉우리에 모여 있고, 화살표가 봉우리를 가리킨다.",
        plane_scene,
        colours=96,
        element="gan-trainer",
        claims=("plane.strict_modes == plane.modes == 8", "plane.reverse_kl <= 0.02"),
    ),
    Figure(
        "latent-directions",
        "explorer",
        "위에서부터 굵기, 너비, 길이, 좌우, 상하입니다. 한 방향으로 밀면 그 하나만 크게 바뀝니다.",
        "한 줄에서 가가 가늘다가 굵어지고, 다음 줄에서 좁다가 넓어진다. 다섯 줄이 저마다 다르다.",
        latent_directions,
        1.0,
        element="latent-explorer",
    ),
]

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
    rows = result.arrays["rows"]
    return pictures.wall(rows.reshape(-1, 1, 28, 28), columns=7, scale=3, gap=3, palette=palette)


# --8<-- [end:latent_directions]


# --8<-- [start:two_walks]
def two_walks(result: Result, palette: Palette) -> Any:
    """두 점의 짝마다 위는 곧은 길, 아래는 구면을 따라간 길입니다."""
    rows = result.arrays["rows"]  # (짝 × 2, 단계, 1, 28, 28)
    count, steps = rows.shape[:2]
    figure = pictures.new_figure(4.4, 0.62 * count + 0.7)
    axes = figure.subplots()
    wall = pictures.wall(
        rows.reshape(-1, *rows.shape[2:]), columns=steps, scale=3, gap=4, palette=palette
    )
    axes.imshow(wall, interpolation="nearest")
    axes.spines[:].set_visible(False)
    axes.set_yticks([96 * row + 42 for row in range(count)], ["곧게", "구면"] * (count // 2))
    lengths = result.arrays["lengths"][0]
    axes.set_xticks(
        [96 * step + 42 for step in range(steps)], [f"{each:.1f}" for each in lengths], fontsize=11
    )
    axes.set_xlabel("맨 위 줄의 잠재 벡터의 길이", fontsize=11)
    axes.tick_params(length=0)
    return figure


# --8<-- [end:two_walks]


# --8<-- [start:gan100_live]
def gan100_live(result: Result, palette: Palette) -> Any:
    """시점마다 한 줄: 같은 잠재 벡터 열이 숫자가 되어 갑니다."""
    frames = result.arrays["wide.frames"]  # (시점, 10, 1, 40, 40)
    images = frames.reshape(-1, *frames.shape[2:])
    return pictures.wall(images, columns=frames.shape[1], scale=1, gap=4, palette=palette)


# --8<-- [end:gan100_live]

FIGURES = [
    Figure(
        "plane-scene",
        "plane",
        "초록 동그라미가 진짜, 파란 마름모가 가짜입니다. 붉은 곳일수록 판별기가 진짜로 봅니다.",
        "휘어진 격자 위의 가짜가 고리의 여덟 봉우리에 모여 있고, 화살표가 봉우리를 가리킨다.",
        plane_scene,
        colours=52,
        element="gan-trainer",
        claims=("plane.strict_modes == plane.modes == 8", "plane.reverse_kl <= 0.02"),
    ),
    Figure(
        "latent-directions",
        "explorer",
        "위에서부터 굵기, 너비, 길이, 좌우, 상하입니다. 심판은 {{ explorer.rows_shown }}자 가운데 "
        "{{ explorer.rows_read }}자를 가로 읽습니다.",
        "한 줄에서 가가 가늘다가 굵어지고, 다음 줄에서 좁다가 넓어진다. 다섯 줄이 저마다 다르다.",
        latent_directions,
        1.0,
        element="latent-explorer",
        claims=("explorer.rows_read >= 0.8 * explorer.rows_shown",),
    ),
    Figure(
        "gan100-live",
        "gan100_live",
        "같은 잠재 벡터 열이 잡음에서 숫자가 됩니다. 한 줄이 한 시점이고, 맨 위가 처음, "
        "맨 아래가 {{ gan100_live.steps_each:, }}스텝입니다.",
        "위 줄의 잡음이 아래 줄로 갈수록 또렷한 숫자가 된다.",
        gan100_live,
        1.0,
        element="digit-trainer",
        claims=("gan100_live.wide_sure > 0.85",),
    ),
    Figure(
        "two-walks",
        "walk",
        "위는 곧게, 아래는 구면을 따라 걸은 것입니다. 곧은 길의 한가운데에서는 잠재 벡터가 "
        "{{ walk.straight_shrunk:.2f }}배로 짧아집니다.",
        "두 길의 양 끝은 같고, 곧은 길의 가운데 글자는 구면을 따라간 글자보다 무난하다.",
        two_walks,
        claims=(
            "walk.straight_shrunk < 0.75 and walk.sphere_shrunk > 0.95",
            "walk.straight_spread < walk.sphere_spread",
        ),
    ),
]

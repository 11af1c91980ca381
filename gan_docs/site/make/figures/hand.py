"""몇 자로 글씨체를 찾은 그림."""

from __future__ import annotations

from typing import Any

from gan_docs.data import SYLLABLES
from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.experiments.inversion import EXPERIMENT
from gan_docs.site.make.figures import Figure

GIVEN = EXPERIMENT.parameters["given"]
NUMBERS = {1: "한", 2: "두", 4: "네"}
SHOWN = [0, *range(max(GIVEN), 12)]  # 준 글자 가운데 하나와, 주지 않은 글자
KINDS = ("오차가 가운데인 글꼴", "가장 굵은 글꼴", "나머지 가운데 가장 크게 틀린 글꼴")


# --8<-- [start:hand_found]
def hand_found(result: Result, palette: Palette) -> Any:
    """왼쪽은 보인 한 자, 오른쪽은 그 한 자에서 찾은 글씨체로 쓴 열네 자입니다."""
    rows = result.arrays["pictures"][0][..., None, :].reshape(-1, 14, 1, 28, 28)
    true, found = rows[0], rows[1]
    figure = pictures.new_figure(4.4, 1.4)
    panels = figure.subplots(1, 2, width_ratios=[1, 3.6])
    walls = [
        pictures.wall(true[:1], columns=1, scale=8, palette=palette),
        pictures.wall(found, columns=7, scale=4, gap=3, palette=palette),
    ]
    titles = (f"보인 {SYLLABLES[0]}", "찾은 글씨체로 쓴 열네 자")
    for axes, wall, title in zip(panels, walls, titles, strict=True):
        axes.imshow(wall, interpolation="nearest")
        axes.set_title(title, fontsize=11)
        axes.set_axis_off()
    return figure


# --8<-- [end:hand_found]


# --8<-- [start:hand_faces]
def hand_faces(result: Result, palette: Palette) -> Any:
    """글꼴마다 맨 윗줄이 진짜, 아래 줄들이 준 글자의 수마다 찾은 것입니다."""
    faces = result.arrays["pictures"].reshape(len(KINDS), -1, 14, 1, 28, 28)
    errors = result.arrays[f"found_{GIVEN[-1]}"][0][result.arrays["shown"]]
    names = ["진짜", *(f"{NUMBERS[given]} 자" for given in GIVEN)]
    figure = pictures.new_figure(4.4, 6.6)
    for axes, face, kind, error in zip(
        figure.subplots(len(faces), 1), faces, KINDS, errors, strict=True
    ):
        shown = face[:, SHOWN]
        wall = pictures.wall(
            shown.reshape(-1, 1, 28, 28), columns=len(SHOWN), scale=4, gap=3, palette=palette
        )
        axes.imshow(wall, interpolation="nearest")
        axes.spines[:].set_visible(False)
        axes.set_yticks([124 * row + 56 for row in range(len(names))], names, fontsize=11)
        axes.set_xticks([])
        axes.tick_params(length=0)
        axes.set_title(f"{kind}: 네 자로 찾은 오차 {error:.2f}", fontsize=11, loc="left")
        apart = 124 - 6.0  # 진짜와 찾은 것을 나눔
        axes.axhline(apart, color=palette.rule, linewidth=1)
    return figure


# --8<-- [end:hand_faces]

FIGURES = [
    Figure(
        "hand-found",
        "inversion",
        "생성기가 배운 적 없는 글꼴의 가 한 자만 보이고 찾은 글씨체입니다.",
        "왼쪽에 가 한 자, 오른쪽에 같은 굵기와 너비로 쓴 열네 자가 있다.",
        hand_found,
        element="hangul-hand",
        claims=("inversion.found_1_read > 0.9",),
    ),
    Figure(
        "hand-faces",
        "inversion",
        "처음 보는 글꼴 셋입니다. 굵은 글꼴은 획의 둘레가 번지고, "
        "붓글씨는 비스듬한 획과 그 끝을 잃습니다.",
        "첫 글꼴은 진짜와 비슷하고, 굵은 글꼴은 둘레가 흐리고, 붓글씨는 반듯한 글씨로 바뀐다.",
        hand_faces,
        claims=(
            "inversion.found_4[0][inversion.shown[2]] > 1.5 * inversion.found_4_error",
            "inversion.ink[inversion.shown[1]] == max(inversion.ink)",
        ),
    ),
]

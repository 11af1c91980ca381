"""디랙 GAN에서 두 참가자가 움직인 자취."""

from __future__ import annotations

from typing import Any

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.site.make.figures import Figure


# --8<-- [start:dirac_paths]
def dirac_paths(result: Result, palette: Palette) -> Any:
    """움직이는 방법마다 한 칸: 빈 동그라미에서 출발해 마름모에서 끝난 자취입니다."""
    names = {"together": "함께", "alternating": "번갈아", "penalty": "번갈아 + 벌점"}
    figure = pictures.new_figure(4.2, 2.2)
    panels = figure.subplots(1, len(names), sharex=True, sharey=True)
    for axes, (way, name) in zip(panels, names.items(), strict=True):
        psi, theta = result.arrays[f"path_{way}"].T
        axes.plot(psi, theta, color=palette.ink, linewidth=1)
        axes.plot(psi[0], theta[0], "o", mfc=palette.paper, mec=palette.ink, markersize=6)
        axes.plot(psi[-1], theta[-1], "D", color=palette.generator, markersize=6)
        axes.plot(0, 0, "+", color=palette.real, markersize=10, markeredgewidth=1.6)
        axes.set(aspect="equal", xticks=[], yticks=[])
        axes.set_title(name, fontsize=11)
        axes.set_xlabel("판별기 ψ", color=palette.discriminator)
    panels[0].set_ylabel("생성기 θ", color=palette.generator)
    return figure


# --8<-- [end:dirac_paths]

FIGURES = [
    Figure(
        "dirac-paths",
        "dirac",
        "같은 곳에서 출발해도 함께 움직이면 멀어지고, 번갈아 움직이면 맴돌고, 벌점이 있으면 "
        "균형(+)에 멎습니다.",
        "함께 움직인 자취는 바깥으로 도는 나선, 번갈아 움직인 자취는 닫힌 타원, 벌점을 더한 자취는 "
        "가운데로 들어가는 나선이다.",
        dirac_paths,
        claims=(
            "dirac.together > 2 * dirac.start",
            "0.9 * dirac.start < dirac.alternating_least",
            "dirac.alternating_most < 1.1 * dirac.start",
            "dirac.penalty < 0.001 * dirac.start",
        ),
    ),
]

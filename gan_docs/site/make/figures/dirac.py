"""디랙 GAN에서 두 참가자가 움직인 자취."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.patches import Circle

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.site.make.figures import Figure


# --8<-- [start:dirac_paths]
def dirac_paths(result: Result, palette: Palette) -> Any:
    """움직이는 방법마다 한 칸: 빈 동그라미에서 마름모까지의 자취와, 출발한 거리의 점선입니다."""
    names = {"together": "함께", "alternating": "번갈아", "penalty": "번갈아 + 벌점"}
    figure = pictures.new_figure(4.2, 2.2)
    panels = figure.subplots(1, len(names))
    for axes, (way, name) in zip(panels, names.items(), strict=True):
        psi, theta = result.arrays[f"path_{way}"].T
        start = float(np.hypot(psi[0], theta[0]))
        axes.add_patch(Circle((0, 0), start, fill=False, linestyle=":", color=palette.quiet))
        reach = 1.2 * max(start, float(np.abs(result.arrays[f"path_{way}"]).max()))
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach))
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
        "균형(+)에 멎습니다. 점선은 출발한 거리입니다.",
        "함께 움직인 자취는 점선의 바깥으로 도는 나선, 번갈아 움직인 자취는 점선에 붙은 닫힌 타원, "
        "벌점을 더한 자취는 가운데로 들어가는 나선이다.",
        dirac_paths,
        claims=(
            "dirac.together > 2 * dirac.start",
            "0.9 * dirac.start < dirac.alternating_least",
            "dirac.alternating_most < 1.1 * dirac.start",
            "dirac.penalty < 0.001 * dirac.start",
        ),
    ),
]

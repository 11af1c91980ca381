"""이미지가 적을 때를 그린 그림."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.ticker import NullFormatter

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.site.make.figures import Figure

WAYS = {"plain": "증강 없이", "augmented": "증강하며"}


# --8<-- [start:few_measured]
def few_measured(result: Result, palette: Palette) -> Any:
    """위는 품질, 아래는 외움. 시드마다의 값을 점으로, 중앙값을 선으로 그립니다."""
    seen, sizes = result.arrays, result.arrays["sizes"]
    looks: dict[str, dict[str, Any]] = {
        "plain": {"color": palette.quiet, "marker": "o", "linestyle": (0, (4, 1.5))},
        "augmented": {"color": palette.generator, "marker": "D", "linestyle": "-"},
    }
    titles = {
        "frechet": "품질: 처음 보는 진짜까지의 프레셰 거리 (↓ 좋음)",
        "ratio": "외움: 최근접 비율 (1이면 새 진짜만큼 새롭고, 0이면 베낌)",
    }
    figure = pictures.new_figure(4.4, 5.4)
    for axes, (measure, title) in zip(figure.subplots(2, sharex=True), titles.items(), strict=True):
        for way, look in looks.items():
            values = seen[f"{way}_{measure}"]
            middle = np.median(values, axis=1)
            color, marker = look["color"], look["marker"]
            axes.plot(sizes, middle, color=color, linestyle=look["linestyle"], linewidth=1.6)
            axes.plot(
                np.repeat(sizes, values.shape[1]), values.ravel(), marker, color=color,
                markersize=4.5, alpha=0.6, markeredgewidth=0,
            )  # fmt: skip
        middles = {way: np.median(seen[f"{way}_{measure}"], axis=1) for way in looks}
        colors = {way: look["color"] for way, look in looks.items()}
        name_lines(axes, sizes, middles, colors, lift=12 if measure == "frechet" else 31)
        axes.set_title(title, fontsize=11, loc="left")
        fresh = 1.0 if measure == "ratio" else float(result.numbers["frechet_real"])
        axes.axhline(fresh, color=palette.real, linewidth=1)
        axes.annotate(
            "새 진짜", (sizes[-1], fresh), xytext=(0, 3 if measure == "frechet" else -14),
            textcoords="offset points", color=palette.real, fontsize=11, ha="right",
        )  # fmt: skip
        axes.set_ylim(0, 1.05 * max(seen[f"{way}_{measure}"].max() for way in looks))
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axes.minorticks_off()
    axes.set_xlabel("배운 이미지의 수")
    return figure


# --8<-- [end:few_measured]


def name_lines(
    axes: Any, sizes: Any, middles: dict[str, Any], colors: dict[str, str], lift: float
) -> None:
    """두 선이 가장 벌어진 곳에서, 위의 선에는 `lift`만큼 위에 아래의 선에는 아래에 적습니다."""
    one, other = middles.values()
    place = int(np.abs(one - other)[:-1].argmax())  # 오른쪽 끝에는 적을 자리가 없음
    for way, middle in middles.items():
        upper = middle[place] == max(one[place], other[place])
        axes.annotate(
            WAYS[way], (sizes[place], middle[place]), xytext=(6, lift if upper else -18),
            textcoords="offset points", color=colors[way], fontsize=11,
        )  # fmt: skip


FIGURES = [
    Figure(
        "few-measured",
        "few",
        "시드 {{ few.seeds }}개를 모두 점으로, 중앙값을 선으로 그렸습니다. "
        "증강하면 50장에서도 덜 베끼지만, 100장부터는 같은 스텝 수에서 품질이 더 나쁩니다.",
        "위에서는 100장부터 증강하며 배운 선이 위에 있고, "
        "아래에서는 증강 없는 선이 50장에서 훨씬 낮다.",
        few_measured,
        claims=(
            "few.plain_ratio_50 < 0.7 * few.augmented_ratio_50",
            "all(median(a) > median(b)"
            " for a, b in zip(few.augmented_frechet[1:], few.plain_frechet[1:]))",
        ),
    ),
]

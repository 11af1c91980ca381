"""둥근 얼굴을 늘어놓은 그림."""

from __future__ import annotations

from typing import Any

from gan_docs import data
from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.site.make.figures import Figure

SHOWN = 12  # 디자인마다 보일 얼굴의 수


# --8<-- [start:emoji_designs]
def emoji_designs(result: Result, palette: Palette) -> Any:
    """한 줄이 한 디자인, 한 열이 한 표정입니다. 표정은 같은 간격으로 고릅니다."""
    real = data.emoji()
    kinds = len(real.images) // real.classes
    chosen = real.images.unflatten(0, (real.classes, kinds))[:, :: kinds // SHOWN][:, :SHOWN]
    return pictures.wall(chosen.flatten(0, 1), columns=SHOWN, gap=3, palette=palette)


# --8<-- [end:emoji_designs]


FIGURES = (
    Figure(
        "emoji-designs",
        None,
        "data.emoji()의 얼굴입니다. 한 줄이 한 디자인으로, 위에서부터 Noto Emoji(Google, "
        "Apache 2.0), Twemoji(Twitter와 기여자들, CC BY 4.0), Fluent Emoji와 Fluent Emoji "
        "Flat(Microsoft, MIT)입니다. 한 열은 네 디자인이 그린 같은 표정입니다.",
        "네 디자인이 같은 표정 열두 가지를 저마다의 화풍으로 그린 둥근 얼굴.",
        emoji_designs,
    ),
)

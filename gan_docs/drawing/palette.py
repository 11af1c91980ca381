"""그림이 함께 쓰는 색과 글꼴."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FONT = Path(__file__).parents[1] / "assets" / "gan-docs-sans.otf"


class Palette(NamedTuple):
    """뜻마다 정해진 색입니다. 색만으로 구분하지 않도록 선과 점의 모양도 함께 바꿉니다."""

    generator: str  # 생성기와 가짜: 마름모, 파선
    discriminator: str  # 판별기: 실선
    real: str  # 진짜: 동그라미
    rule: str  # 눈금과 테두리
    ink: str  # 글
    quiet: str  # 덧붙이는 글
    paper: str  # 바탕


LIGHT = Palette("#2539A6", "#C83821", "#1D7A34", "#CAC9C5", "#22211F", "#65635E", "#FFFFFF")
DARK = Palette("#9AA8F5", "#FF8A75", "#7CCB8D", "#55534F", "#E9E7E2", "#ABA9A3", "#1E1E20")
PALETTES = {"light": LIGHT, "dark": DARK}


@cache
def font_name() -> str:
    """한글 글꼴을 Matplotlib에 등록하고 그 이름을 반환합니다.

    Raises:
        FileNotFoundError: 패키지의 글꼴 파일이 없을 때. 네모로 그리느니 멈춥니다.
    """
    from matplotlib import font_manager

    if not FONT.is_file():
        raise FileNotFoundError(f"한글 글꼴이 없습니다. 패키지를 다시 설치하세요: {FONT}")
    font_manager.fontManager.addfont(str(FONT))
    return font_manager.FontProperties(fname=str(FONT)).get_name()


@contextmanager
def style(palette: Palette = LIGHT) -> Iterator[None]:
    """이 안에서 그리는 그림에 색과 글꼴을 입힙니다."""
    import matplotlib

    settings: dict[Any, Any] = {
        "font.family": font_name(),
        "font.size": 11,
        "axes.unicode_minus": False,
        "axes.edgecolor": palette.rule,
        "axes.labelcolor": palette.quiet,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "text.color": palette.ink,
        "xtick.color": palette.quiet,
        "ytick.color": palette.quiet,
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "savefig.facecolor": "none",
        "grid.color": palette.rule,
        "svg.hashsalt": "gan_docs",
    }
    with matplotlib.rc_context(settings):
        yield

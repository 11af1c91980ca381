"""그림마다 함수 하나입니다. 밝은 화면과 어두운 화면의 그림을 짝으로 그려 보관합니다."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from gan_docs.drawing.palette import FONT, PALETTES, Palette, style
from gan_docs.experiments.experiment import Result
from gan_docs.site.make import keys, results
from gan_docs.site.make.storage import cache_folder
from gan_docs.site.make.store import Store

MODULES = ("glyphs", "curves", "planes", "measures", "networks", "live")
TOOLS = (*keys.TOOLS, "matplotlib", "pillow")
DOTS_PER_INCH = 200
SUFFIX = ".webp"
FOLDER = "assets/figures"
WATCHED = (0, 30, 100, 300, 1000, 2700)  # 한글 GAN의 기록 가운데 그림에 놓을 스텝


class Figure(NamedTuple):
    """그림 하나: 이름, 쓰는 실험, 그림말, 대체 글, 그리는 함수.

    Attributes:
        draw: `(결과, 팔레트)`를 받아 Matplotlib 그림이나 RGBA 배열을 내는 함수.
        density: 화면의 화소 하나에 들 그림의 화소 수.
        colours: Matplotlib 그림에 남길 색의 수. 가는 선과 점이 많아도 파일이 작습니다.
        element: 그림의 자리에서 살아 움직일 요소의 이름. 없으면 정지 그림입니다.
    """

    name: str
    experiment: str | None
    caption: str
    alt: str
    draw: Callable[[Result, Palette], Any]
    density: float = DOTS_PER_INCH / 100
    colours: int = 64
    element: str | None = None

    @property
    def module(self) -> str:
        """함수가 사는 모듈."""
        return self.draw.__module__

    @property
    def section(self) -> str:
        """함수를 담은 구역의 이름: 함수의 이름과 같습니다."""
        return self.draw.__name__

    def address(self, scheme: str) -> str:
        """사이트에서의 자리. 이름에 키가 있어 낡은 그림이 남지 않습니다."""
        return f"{FOLDER}/{self.name}-{key(self.name)[:8]}-{scheme}{SUFFIX}"


@cache
def figures() -> Mapping[str, Figure]:
    """모든 그림을 이름으로 찾습니다."""
    modules = [import_module(f"{__name__}.{module}") for module in MODULES]
    return {figure.name: figure for module in modules for figure in module.FIGURES}


class FigureError(ValueError):
    """그릴 수 없는 그림입니다."""


@cache
def key(name: str) -> str:
    """그림을 바꿀 수 있는 모든 것의 키입니다.

    Raises:
        FigureError: 한글 글꼴이 없을 때.
    """
    if not FONT.is_file():
        raise FigureError(f"그림의 한글 글꼴이 없습니다: {FONT}. 패키지를 다시 설치하세요")
    figure = figures()[name]
    return keys.digest(
        name,
        keys.sources([figure.module]),
        keys.digest(FONT),
        results.key(figure.experiment) if figure.experiment else "",
        keys.versions(TOOLS),
    )


def store() -> Store:
    """그림을 보관하는 곳입니다."""
    return Store(cache_folder("figures"))


def missing() -> list[str]:
    """아직 그리지 않은 그림의 이름입니다."""
    return [name for name in figures() if store().find(name, key(name)) is None]


def draw(name: str) -> Path:
    """그림의 짝을 그려 보관하고 그 폴더를 반환합니다.

    Raises:
        FigureError: 글꼴에 없는 글자가 있을 때. 네모로 그리느니 멈춥니다.
    """
    figure = figures()[name]
    result = results.result(figure.experiment) if figure.experiment else Result({}, {})

    def write(folder: Path) -> None:
        for scheme, palette in PALETTES.items():
            with style(palette), warnings.catch_warnings():
                warnings.filterwarnings("error", "Glyph .* missing from font")
                try:
                    drawn = figure.draw(result, palette)
                    picture = pixels(drawn, palette, figure.colours)
                except UserWarning as error:
                    raise FigureError(
                        f"그림 {name}: 글꼴 {FONT.name}에 없는 글자가 있습니다: {error}"
                    ) from error
                (folder / f"{scheme}{SUFFIX}").write_bytes(encode(picture))

    return store().make(name, key(name), write)


def pixels(drawn: Any, palette: Palette, colours: int) -> Image.Image:
    """배열은 그대로, Matplotlib 그림은 색의 수를 줄여 화소로 옮깁니다."""
    if isinstance(drawn, np.ndarray):
        return Image.fromarray(drawn)
    return reduced(painted(drawn), palette, colours)


def painted(drawn: Any) -> Image.Image:
    """Matplotlib 그림을 화소로 옮깁니다."""
    content = io.BytesIO()
    drawn.savefig(content, format="png", dpi=DOTS_PER_INCH)
    return Image.open(content)


def reduced(picture: Image.Image, palette: Palette, colours: int) -> Image.Image:
    """색의 수를 줄인 그림입니다. 가장자리는 바탕의 색에 섞고, 바탕은 다시 비칩니다."""
    picture = picture.convert("RGBA")
    paper = Image.new("RGBA", picture.size, palette.paper)
    paper.alpha_composite(picture)
    flat = paper.convert("RGB").quantize(
        colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    flat.info["transparency"] = flat.getpixel((0, 0))  # 구석은 늘 바탕
    return flat.convert("RGBA")


def encode(picture: Image.Image) -> bytes:
    """화소를 하나도 잃지 않는 WebP로 적습니다. 같은 그림은 같은 바이트가 됩니다."""
    content = io.BytesIO()
    picture.convert("RGBA").save(content, "WEBP", lossless=True, quality=100, method=4)
    return content.getvalue()

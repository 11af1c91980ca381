"""그림마다 함수 하나입니다. 밝은 화면과 어두운 화면의 그림을 짝으로 그려 보관합니다."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from gan_docs.drawing.palette import FONT, PALETTES, Palette
from gan_docs.experiments.experiment import Result
from gan_docs.site.make import keys, painting, results
from gan_docs.site.make.storage import cache_folder
from gan_docs.site.make.store import Store

SUFFIX = ".webp"
MARKUP = re.compile(r"`|\*\*|\]\(|\$")  # 그림말과 대체 글은 적은 그대로 보임
FOLDER = "assets/figures"
PALETTE = Palette.__module__
Draw = Callable[[Result, Palette], Any]
WATCHED = (0, 30, 100, 300, 1000, 2700)  # 한글 GAN의 기록 가운데 그림에 놓을 스텝


class Figure(NamedTuple):
    """그림 하나: 이름, 쓰는 실험, 그림말, 대체 글, 그리는 함수.

    Attributes:
        draw: `(결과, 팔레트)`를 받아 Matplotlib 그림이나 RGBA 배열을 내는 함수.
        density: 화면의 화소 하나에 들 그림의 화소 수.
        colours: Matplotlib 그림에 남길 색의 수. 가는 선과 점이 많아도 파일이 작습니다.
        element: 그림의 자리에서 살아 움직일 요소의 이름. 없으면 정지 그림입니다.
        one_seed: 여러 시드로 한 실험에서 첫 시드만 보이는지. 그림의 내력이 그렇게 적습니다.
        claims: 그림말과 대체 글의 결론을 받치는 식. 빌드가 실험의 수로 셈합니다.
    """

    name: str
    experiment: str | None
    caption: str
    alt: str
    draw: Draw
    density: float = painting.DOTS_PER_INCH / 100
    colours: int = 64
    element: str | None = None
    one_seed: bool = False
    claims: tuple[str, ...] = ()

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


class FigureError(ValueError):
    """그릴 수 없는 그림입니다."""


@cache
def figures() -> Mapping[str, Figure]:
    """모든 그림을 이름으로 찾습니다. 이 폴더의 모든 모듈에서 `FIGURES`를 봅니다.

    Raises:
        FigureError: 이름이 같은 그림이 둘이거나, 없는 실험을 쓰거나, 그림말이나 대체 글이 없거나
            Markdown일 때.
    """
    found: dict[str, Figure] = {}
    for module in results.modules(__name__):
        for figure in getattr(module, "FIGURES", ()):
            if figure.name in found:
                raise FigureError(f"이름이 같은 그림이 둘입니다: {figure.name}")
            if figure.experiment and figure.experiment not in results.experiments():
                raise FigureError(f"그림 {figure.name}의 실험 {figure.experiment}이(가) 없습니다")
            if not (figure.caption.strip() and figure.alt.strip()):
                raise FigureError(f"그림 {figure.name}의 그림말이나 대체 글(alt)이 없습니다")
            if marked := MARKUP.search(figure.caption + figure.alt):
                raise FigureError(
                    f"그림 {figure.name}의 그림말과 대체 글은 적은 그대로 보이므로 Markdown을 쓰지 "
                    f"않습니다: 받은 표시 {marked[0]}"
                )
            found[figure.name] = figure
    return found


@cache
def key(name: str) -> str:
    """그림의 키입니다. 프로세스마다 한 번만 셈합니다."""
    return current_key(name, keys.first())


def current_key(name: str, walk: keys.Walk | None = None) -> str:
    """그림을 바꿀 수 있는 모든 것의 키를, 지금의 파일로 다시 셈합니다.

    그림말은 들지 않습니다. `walk`를 주면 그것이 이미 읽은 파일은 다시 읽지 않습니다.

    Raises:
        FigureError: 한글 글꼴이 없을 때.
    """
    if not FONT.is_file():
        raise FigureError(f"그림의 한글 글꼴이 없습니다: {FONT}. 패키지를 다시 설치하세요")
    figure = figures()[name]
    drawing = (
        f"{figure.module}.{figure.section}",
        f"{painting.__name__}.paint",
        f"{PALETTE}.PALETTES",
    )
    return keys.digest(
        name,
        keys.sources(drawing, walk),
        figure.colours,
        keys.digest(FONT),
        results.key(figure.experiment) if figure.experiment else "",
        keys.versions(keys.DRAWING_TOOLS),
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
        ChangedError: 그리는 동안 코드가 바뀌었을 때.
        FigureError: 글꼴에 없는 글자가 있을 때. 네모로 그리느니 멈춥니다.
    """
    figure = figures()[name]

    def write(folder: Path) -> None:
        result = results.result(figure.experiment) if figure.experiment else Result({}, {})
        for scheme, palette in PALETTES.items():
            try:
                content = painting.paint(figure.draw, result, palette, figure.colours)
            except UserWarning as error:
                raise FigureError(
                    f"그림 {name}: 글꼴 {FONT.name}에 없는 글자가 있습니다: {error}"
                ) from error
            (folder / f"{scheme}{SUFFIX}").write_bytes(content)
        results.check_unchanged(f"그림 {name}", key(name), lambda: current_key(name))

    return store().make(name, key(name), write)

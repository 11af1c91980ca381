"""페이지를 나눌 때 보일 그림: 제목과 분류, 그리고 이 빌드가 그린 그림 한 장."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from gan_docs.drawing import palette
from gan_docs.drawing.palette import LIGHT
from gan_docs.site.html import fonts
from gan_docs.site.html.metadata import Entry, Picture
from gan_docs.site.make import figures, keys
from gan_docs.site.make.storage import cache_folder
from gan_docs.site.make.store import Store
from gan_docs.site.page import filling
from gan_docs.site.page.frontmatter import FrontMatter

FOLDER = "assets/share"
FILE = "share.png"
GLYPHS = "hangul-samples"  # 페이지에 그림이 없으면 한글 GAN의 글자
WIDTH, HEIGHT, MARGIN = 1200, 630, 72
TEXT_WIDTH = 540
BOX = (660, 96, WIDTH - MARGIN, HEIGHT - 96)  # 그림의 자리
SIZES = (76, 68, 60, 52, 44, 36)  # 제목은 들어가는 가장 큰 크기로
LINES = 4
LINE_HEIGHT = 1.28
TALL = 1.3  # 너비의 몇 배부터 긴 그림인지
COLOURS = 128


def picture(
    front: FrontMatter, name: str | None, site_name: str, modules: Path
) -> tuple[Picture, Path]:
    """나눌 그림을 찾거나 만듭니다: 사이트에서의 자리와 보관한 파일.

    페이지의 첫 그림인 `name`이 없으면 한글 GAN의 글자를 씁니다.
    """
    shown = name if name and name in figures.figures() else GLYPHS
    key = keys.digest(
        front.title, front.categories, site_name, figures.key(shown), _recipe(modules)
    )

    def write(folder: Path) -> None:
        drawn = draw(front.title, front.categories, site_name, shown, modules)
        (folder / FILE).write_bytes(drawn)

    folder = Store(cache_folder("share")).make("share", key, write)
    alt = f"{front.title}. {filling.fill(figures.figures()[shown].alt, shown)}"
    return Picture(f"{FOLDER}/{key[:12]}.png", WIDTH, HEIGHT, alt), folder / FILE


def illustrated(
    entries: Iterable[Entry], site_name: str, modules: Path
) -> tuple[list[Entry], dict[str, Path]]:
    """페이지마다 나눌 그림을 딸립니다. 사이트에 놓을 자리마다의 파일을 함께 돌려줍니다."""
    made, files = [], {}
    for entry in entries:
        shown, file = picture(entry.front_matter, entry.figure, site_name, modules)
        made.append(entry._replace(picture=shown))
        files[shown.place] = file
    return made, files


def draw(
    title: str, categories: tuple[str, ...], site_name: str, name: str, modules: Path
) -> bytes:
    """1200×630의 PNG를 그립니다. 색의 수를 줄여 작습니다."""
    canvas = Image.new("RGB", (WIDTH, HEIGHT), LIGHT.paper)
    _paste(
        canvas, figures.draw(name) / f"light{figures.SUFFIX}", figures.figures()[name].density == 1
    )
    pen = ImageDraw.Draw(canvas)
    strong, text = (modules / face.source for face in (fonts.STRONG, fonts.TEXT))
    small = ImageFont.truetype(str(text), 30)
    pen.rectangle((0, 0, WIDTH, 12), fill=LIGHT.discriminator)
    pen.text((MARGIN, 92), " · ".join(categories), LIGHT.discriminator, small, anchor="ls")
    font, lines = fitted(title, strong)
    size = font.size
    top = (HEIGHT - size * LINE_HEIGHT * len(lines)) / 2
    for number, line in enumerate(lines):
        place = (MARGIN, top + size * (LINE_HEIGHT * number + 1))
        pen.text(place, line, LIGHT.ink, font, anchor="ls")
    pen.line((MARGIN, HEIGHT - 112, MARGIN + TEXT_WIDTH, HEIGHT - 112), LIGHT.rule, 2)
    pen.text((MARGIN, HEIGHT - 64), site_name, LIGHT.quiet, small, anchor="ls")
    flat = canvas.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    made = io.BytesIO()
    flat.save(made, "PNG", optimize=True)
    return made.getvalue()


def fitted(title: str, file: Path) -> tuple[Any, list[str]]:
    """제목이 자리에 들어가는 가장 큰 글꼴과 그때의 줄들입니다. 넘치면 말줄임표로 줄입니다."""
    for size in SIZES:
        font = ImageFont.truetype(str(file), size)
        lines = wrapped(title, font)
        if len(lines) <= LINES:
            return font, lines
    return font, [*lines[: LINES - 1], lines[LINES - 1][:-1] + "…"]


def wrapped(title: str, font: Any) -> list[str]:
    """낱말 사이에서 줄을 바꿉니다. 한 줄보다 긴 낱말만 글자 사이에서 나눕니다."""
    lines = [""]
    for word in title.split():
        joined = f"{lines[-1]} {word}".strip()
        if font.getlength(joined) <= TEXT_WIDTH:
            lines[-1] = joined
            continue
        lines += [""] if lines[-1] else []
        for letter in word:
            if lines[-1] and font.getlength(lines[-1] + letter) > TEXT_WIDTH:
                lines.append("")
            lines[-1] += letter
    return lines


def _paste(canvas: Any, file: Path, sharp: bool) -> None:
    """그림을 자리의 가운데에 놓습니다. 화소로 그린 것을 키울 때는 흐리지 않습니다."""
    left, top, right, bottom = BOX
    with Image.open(file) as opened:
        shown = opened.convert("RGBA")
    ratio = min((right - left) / shown.width, (bottom - top) / shown.height)
    if tall := shown.height > TALL * shown.width:
        ratio = (right - left) / shown.width  # 긴 그림은 너비에 맞추고 아래로 흘려 보냄
    size = (round(shown.width * ratio), round(shown.height * ratio))
    method = Image.Resampling.NEAREST if sharp and ratio > 1 else Image.Resampling.LANCZOS
    shown = shown.resize(size, method)
    above = 0 if tall else (bottom - top - size[1]) // 2
    place = (left + (right - left - size[0]) // 2, top + above)
    canvas.paste(shown, place, shown)


@cache
def _recipe(modules: Path) -> str:
    """그림을 바꿀 수 있는 나머지: 이 파일, 색, 글꼴, Pillow의 버전."""
    sources = [Path(__file__), Path(palette.__file__)]
    typefaces = [modules / face.source for face in (fonts.STRONG, fonts.TEXT)]
    return keys.digest(*sources, *typefaces, keys.versions(["pillow"]))

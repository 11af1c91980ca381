"""사이트가 실제로 쓰는 글자만 남긴 웹 글꼴을 만듭니다.

본문은 Pretendard, 코드는 한글과 로마자의 너비가 2:1로 맞는 D2Coding, 수식은 KaTeX입니다. 모두
OFL이며, 고친 글꼴에 원래 이름을 쓰지 않도록 'GAN Docs'라는 이름을 붙입니다. 만든 글꼴은 글자의
집합을 키로 보관하므로, 새 글자가 없으면 다시 만들지 않습니다.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import fontTools
from fontTools import subset
from fontTools.ttLib import TTFont
from lxml import html as markup

from gan_docs.site.make import keys
from gan_docs.site.make.storage import write_bytes, write_text
from gan_docs.site.make.store import Store

FOLDER = "assets/fonts"
LICENSE = f"{FOLDER}/LICENSE.txt"
KEPT_NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]

COMMENT = re.compile(r"/\*.*?\*/|(?<=\s)//[^\n]*", re.DOTALL)
ASCII = frozenset(map(chr, range(0x20, 0x7F)))
BOLD = "h1 h2 h3 h4 h5 h6 b strong em th dt summary".split()
BOLD_CLASSES = frozenset(
    (
        "admonition-title definition discriminator doc-section-title generator md-header__title "
        "md-nav__item--section md-nav__title real tabbed-labels"
    ).split()
)
CODE = "code kbd pre samp".split()


class FontError(ValueError):
    """웹 글꼴을 만들 수 없습니다."""


class Face(NamedTuple):
    """사이트가 쓰는 글꼴 하나입니다."""

    file: str
    family: str
    source: str  # node_modules 안의 자리
    features: tuple[str, ...] = ()


TEXT = Face(
    "gan-docs-sans-400.woff2",
    "GAN Docs Sans",
    "pretendard/dist/public/static/Pretendard-Regular.otf",
    ("kern", "tnum"),
)
STRONG = Face(
    "gan-docs-sans-600.woff2",
    "GAN Docs Sans SemiBold",
    "pretendard/dist/public/static/Pretendard-SemiBold.otf",
    ("kern", "tnum"),
)
MONOSPACE = Face("gan-docs-mono-400.woff2", "GAN Docs Mono", "d2coding/src/d2coding.ttf")
FACES = (TEXT, STRONG, MONOSPACE)
FORMULAS = "katex/dist/fonts"
PREFIX, RENAMED = "KaTeX_", "gan-docs-math-"
# 글에는 없고 수식에만 있는 것: 겹쳐 그리는 부호와, KaTeX가 모양만 빌리는 사용자 영역
MARKS = frozenset(map(chr, [*range(0x300, 0x370), *range(0x20D0, 0x2100), *range(0xE000, 0xF900)]))


class Characters(NamedTuple):
    """어느 글꼴에 어느 글자가 필요한지입니다."""

    text: frozenset[str]
    strong: frozenset[str]
    monospace: frozenset[str]

    def __or__(self, other: tuple[frozenset[str], ...]) -> Characters:
        return Characters(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))


def of_formulas(modules: Path) -> list[Face]:
    """수식의 글꼴입니다."""
    return [
        Face(
            file.name.replace(PREFIX, RENAMED),
            f"GAN Docs Math {file.stem.removeprefix(PREFIX)}",
            f"{FORMULAS}/{file.name}",
        )
        for file in sorted((modules / FORMULAS).glob("*.woff2"))
    ]


EMPTY = Characters(frozenset(), frozenset(), frozenset())


def characters(page: str) -> Characters:
    """페이지 하나가 쓰는 글자를 모읍니다.

    본문은 화면에 나올 수 있는 모든 글자(속성과 스크립트도), 굵은 글과 코드는 그 자리의 글자입니다.
    """
    tree = markup.document_fromstring(page)
    classed = tree.xpath("//*[@class]")
    strong = [each for each in classed if not BOLD_CLASSES.isdisjoint(each.get("class").split())]
    return Characters(
        visible(page),
        visible("".join(each.text_content() for each in [*tree.iter(*BOLD), *strong])),
        visible("".join(each.text_content() for each in tree.iter(*CODE))),
    )


def of_scripts(scripts: Iterable[Path]) -> Characters:
    """요소가 화면에 쓰는 글자입니다. 페이지에는 아직 없으므로 스크립트에서 모읍니다."""
    text = "".join(COMMENT.sub("", file.read_text("utf-8")) for file in scripts)
    return EMPTY._replace(text=visible(text))


def everyday() -> Characters:
    """KS X 1001의 2,350 음절: 고치며 보는 동안에는 새 글자가 나와도 글꼴을 다시 만들지 않습니다."""
    rows = (bytes([row, cell]) for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF))
    syllables = frozenset(code.decode("euc_kr") for code in rows)
    return Characters(syllables, syllables, syllables)


def build(wanted: Characters, modules: Path, cache: Path, site: Path) -> dict[str, int]:
    """필요한 글자만 든 글꼴을 사이트에 놓고, 파일 이름마다의 크기(바이트)를 돌려줍니다."""
    sizes, recipe = {}, keys.sources([f"{__name__}._make"])
    faces = [*zip(FACES, wanted, strict=True)]
    faces += [(face, wanted.text | MARKS) for face in of_formulas(modules)]
    for face, letters in faces:
        content = _recall(face, letters | ASCII, recipe, modules, cache)
        write_bytes(site / FOLDER / face.file, content)
        sizes[face.file] = len(content)
    write_text(site / LICENSE, _license(modules))
    return sizes


def check(modules: Path) -> None:
    """원본 글꼴이 있는지 확인합니다.

    Raises:
        FontError: 하나라도 없을 때.
    """
    for face in FACES:
        if not (modules / face.source).is_file():
            package = face.source.partition("/")[0]
            raise FontError(
                f"글꼴 패키지 {package}이(가) 없습니다. `python3 dev.py build`가 설치합니다."
            )


def visible(text: str) -> frozenset[str]:
    """눈에 보이는 글자만 남깁니다. 풀어 쓴 한글은 모아 씁니다."""
    letters = frozenset(unicodedata.normalize("NFC", text))  # 겹치는 글자는 한 번만 살핌
    return frozenset(letter for letter in letters if letter.isprintable())


def _recall(
    face: Face, needed: Iterable[str], recipe: dict[str, str], modules: Path, cache: Path
) -> bytes:
    source = modules / face.source
    letters = "".join(sorted(needed))
    key = keys.digest(source.stat().st_size, fontTools.version, recipe, face, letters)

    def write(place: Path) -> None:
        (place / face.file).write_bytes(_make(face, letters, source))

    return (Store(cache).make("subset", key, write) / face.file).read_bytes()


def _make(face: Face, letters: str, source: Path) -> bytes:
    options = subset.Options()
    options.hinting = False
    options.desubroutinize = True  # 풀어 두어야 woff2가 더 작게 누름
    options.layout_features = list(face.features)
    options.name_IDs = KEPT_NAMES
    options.name_languages = [0x409]
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables += ["FFTM", "vhea", "vmtx", "VORG", "BASE", "meta"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=letters)
    with subset.load_font(str(source), options) as font, io.BytesIO() as content:
        subsetter.subset(font)
        _rename(font, face.family)
        font.flavor = "woff2"
        font.save(content)
        return content.getvalue()


def _rename(font: TTFont, family: str) -> None:
    """이름표와 CFF 안의 이름을 바꾸고, 저작권과 허가는 그대로 둡니다."""
    postscript = family.replace(" ", "")
    version = font["name"].getDebugName(5)
    for identifier, text in {1: family, 3: f"{postscript};{version}", 4: family}.items():
        font["name"].setName(text, identifier, 3, 1, 0x409)
    font["name"].setName(postscript, 6, 3, 1, 0x409)
    if "CFF " in font:
        table: Any = font["CFF "].cff
        table.fontNames = [postscript]
        table.topDictIndex[0].rawDict["FamilyName"] = family
        table.topDictIndex[0].rawDict["FullName"] = family


def _license(modules: Path) -> str:
    """글꼴들의 저작권과 OFL 전문입니다. 글꼴은 늘 이 글과 함께 다녀야 합니다."""
    notices: list[str | None] = []
    for face in (*FACES, *of_formulas(modules)):
        with TTFont(modules / face.source, lazy=True) as opened:
            notices.append(opened["name"].getDebugName(0))
    terms = (modules / "pretendard" / "dist" / "LICENSE.txt").read_text("utf-8")
    return "\n\n".join([*filter(None, dict.fromkeys(notices)), terms])

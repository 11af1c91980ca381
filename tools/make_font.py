"""그림의 글꼴 gan_docs/assets/gan-docs-sans.otf를 Pretendard에서 다시 만듭니다.

쓰는 법: `python tools/make_font.py` (npm으로 pretendard를 내려받습니다. fonttools 필요)
        `python tools/make_font.py --source Pretendard-Regular.otf` (이미 있는 파일에서)
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont, TTLibError

PACKAGE = "pretendard@1.3.9"
MEMBER = "package/dist/public/static/Pretendard-Regular.otf"
TARGET = Path(__file__).parent.parent / "gan_docs" / "assets" / "gan-docs-sans.otf"
FAMILY = "GAN Docs Sans"  # OFL의 예약된 이름 'Pretendard'는 고친 글꼴에 쓸 수 없음
POSTSCRIPT_NAME = "GANDocsSans-Regular"

PRINTABLE_ASCII = "".join(map(chr, range(0x20, 0x7F)))
LATIN_1 = "".join(map(chr, range(0xA0, 0x100)))
GREEK = "".join(map(chr, [*range(0x391, 0x3A2), *range(0x3A3, 0x3AA), *range(0x3B1, 0x3CA)]))
JAMO = "".join(map(chr, range(0x3131, 0x3164)))
SYMBOLS = (
    "–—‘’“”†‡•…‰′″‹›⁄€←↑→↓↔↕↖↗↘↙⇐⇒⇔∂∅∆∏∑−√∞∫≈≠≤≥≪≫"  # noqa: RUF001
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉ℓ‖■□▲△▶▷▼▽◀◁◆◇○●★☆✓①②③④⑤⑥⑦⑧⑨⑩「」『』《》〈〉、。"
)


def syllables() -> str:
    """KS X 1001의 완성형 음절 2,350자를 코드 순서로 돌려줍니다."""
    rows = (bytes([row, cell]) for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF))
    return "".join(code.decode("euc_kr") for code in rows)


def download(folder: Path) -> Path:
    """npm에서 Pretendard를 받아 Regular 파일의 자리를 돌려줍니다."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm이 없습니다: Node.js를 설치하거나 --source로 파일을 알려 주세요")
    command = [npm, "pack", "--silent", PACKAGE]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    archives = sorted(folder.glob("pretendard-*.tgz"))
    if done.returncode or not archives:
        raise SystemExit(f"{PACKAGE}을(를) 내려받지 못했습니다: npm 종료 코드 {done.returncode}")
    with tarfile.open(archives[0]) as archive:
        archive.extract(MEMBER, folder, filter="data")
    return folder / MEMBER


def make(source: Path) -> TTFont:
    """필요한 글자만 남기고 이름을 바꾼 글꼴을 만듭니다."""
    options = subset.Options()
    options.hinting = False
    options.desubroutinize = False
    options.layout_features = ["kern"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.name_languages = [0x409]
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables += ["DSIG", "GSUB", "vhea", "vmtx", "VORG", "BASE", "meta"]
    font = subset.load_font(str(source), options)
    wanted = PRINTABLE_ASCII + LATIN_1 + GREEK + JAMO + SYMBOLS + syllables()
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=wanted)
    subsetter.subset(font)
    rename(font)
    return font


def rename(font: TTFont) -> None:
    """이름표와 CFF에 든 이름을 새 이름으로 바꾸고, 저작권과 허가는 그대로 둡니다."""
    version = font["name"].getDebugName(5)
    renamed = {
        1: FAMILY,
        2: "Regular",
        3: f"{POSTSCRIPT_NAME};{version}",
        4: f"{FAMILY} Regular",
        5: f"{version}; subset for gan_docs",
        6: POSTSCRIPT_NAME,
    }
    for identifier, text in renamed.items():
        font["name"].setName(text, identifier, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [POSTSCRIPT_NAME]
    cff.topDictIndex[0].rawDict["FamilyName"] = FAMILY
    cff.topDictIndex[0].rawDict["FullName"] = f"{FAMILY} Regular"


def main() -> None:
    """명령줄에서 받은 파일이나 npm의 파일로 글꼴을 만듭니다."""
    parser = argparse.ArgumentParser(description="그림의 글꼴을 Pretendard에서 다시 만듭니다.")
    parser.add_argument("--source", type=Path, help="이미 가지고 있는 Pretendard-Regular.otf")
    parser.add_argument("--target", type=Path, default=TARGET, help="만들 파일의 자리")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = arguments.source or download(Path(folder))
        if not source.is_file():
            sys.exit(f"글꼴 파일이 없습니다: {source}")
        try:
            font = make(source)
        except TTLibError as error:
            sys.exit(f"글꼴 파일이 아닙니다: {source} ({error})")
        arguments.target.parent.mkdir(parents=True, exist_ok=True)
        font.save(arguments.target)
    glyphs = len(font.getBestCmap())
    print(f"{arguments.target.name}: 글자 {glyphs}개, {arguments.target.stat().st_size:,}바이트")


if __name__ == "__main__":
    main()

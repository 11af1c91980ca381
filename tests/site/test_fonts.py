import io
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from gan_docs.site.html import fonts, mathematics

MODULES = Path(__file__).parents[2] / "node_modules"
FACES = (*fonts.FACES, *fonts.of_formulas(MODULES))
PAGE = "<html><body><h1>굵은 제목</h1><p>본문 뷁</p><pre><code>코드 = 1</code></pre></body></html>"


def letters(file: Path) -> set[str]:
    return set(map(chr, TTFont(io.BytesIO(file.read_bytes())).getBestCmap()))


def test_a_page_names_the_letters_of_each_face() -> None:
    found = fonts.characters(PAGE)
    assert {"뷁", "굵", "코"} <= found.text
    assert {"굵", "제"} <= found.strong
    assert "뷁" not in found.strong
    assert {"코", "드"} <= found.monospace
    assert "본" not in found.monospace


def test_decomposed_hangul_is_composed() -> None:
    assert fonts.visible("\u1112\u1161\u11ab") == {"한"}


def test_the_everyday_letters_are_the_2350_of_the_standard() -> None:
    everyday = fonts.everyday()
    assert len(everyday.text) == 2350
    assert "가" in everyday.strong
    assert "뷁" not in everyday.text


def test_the_made_fonts_hold_the_rare_letters_and_are_small_and_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    sizes = fonts.build(fonts.characters(PAGE), MODULES, tmp_path / "cache", site)
    assert set(sizes) == {face.file for face in FACES}
    text = letters(site / fonts.FOLDER / fonts.TEXT.file)
    assert fonts.ASCII | {"뷁"} <= text and "똠" not in text
    for face in FACES:
        file = site / fonts.FOLDER / face.file
        assert file.stat().st_size < 40_000
        names = TTFont(file)["name"]
        assert names.getDebugName(1) == face.family
        assert "Copyright" in names.getDebugName(0)
    licence = (site / fonts.LICENSE).read_text("utf-8")
    for notice in ("SIL OPEN FONT LICENSE", "Pretendard", "NHN Corporation", "Khan Academy"):
        assert notice in licence
    # 같은 글자는 다시 만들지 않음
    monkeypatch.setattr(fonts, "_make", lambda *_: pytest.fail("다시 만들었습니다"))
    assert fonts.build(fonts.characters(PAGE), MODULES, tmp_path / "cache", site) == sizes


def test_the_style_sheet_loads_only_its_own_fonts(built_site: Path) -> None:
    sheet = built_site / mathematics.STYLESHEET
    style = sheet.read_text("utf-8")
    assert "http" not in style
    loaded = re.findall(r"url\(([^)]*\.woff2)\)", style)
    assert len(loaded) == style.count("url(") == len(fonts.of_formulas(MODULES)) == 20
    assert all((sheet.parent / file).is_file() for file in loaded)

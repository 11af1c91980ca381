"""모든 페이지에 같은 정책이 있고, 정책이 막을 것은 빌드를 멈춥니다."""

import re
from pathlib import Path

import pytest

from gan_docs.site.html import security, styles, theme

HEAD = (
    '<html><head><meta charset="utf-8"><script>__md_scope=new URL("..",location)</script></head>'
    "<body>{}</body></html>"
)
META = re.compile(
    r'<head>\s*<meta charset="utf-8">\s*<meta http-equiv="([^"]+)" content="([^"]+)">'
)
STOPPED = """\
<script>alert(1)</script>
<script type="module">alert(1)</script>
<img src="x" alt="" onerror="alert(1)">
<svg onload="alert(1)"></svg>
<a href="javascript:alert(1)">x</a>
<a href=" java&#10;script:alert(1)">x</a>
<svg><a xlink:href="javascript:alert(1)">x</a></svg>
<form action="javascript:alert(1)"></form>
<iframe srcdoc="x"></iframe>
<style>p { color: red }</style>
<object data="x"></object>
<base href="/">
<meta http-equiv="Refresh" content="0;url=http://192.0.2.1/">
<p style=color:red>x</p>""".splitlines()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """테마의 스크립트가 주소를 정하는 것 하나뿐인 셈 칩니다."""
    known = (f"__md_scope=new URL({theme.SETTLED_BASE},location)",)
    monkeypatch.setattr(theme, "scripts", lambda: known)


def test_every_page_has_the_same_policy_and_nothing_that_it_would_stop(built_site: Path) -> None:
    pages = [file.read_text("utf-8") for file in built_site.rglob("*.html")]
    assert len(pages) > 30
    for page in pages:
        found = META.search(page)
        assert found and found.groups() == ("Content-Security-Policy", security.policy())
        assert page.count("Content-Security-Policy") == 1
        assert security.flaws(page) == []


def test_every_moved_style_is_in_the_sheet(built_site: Path) -> None:
    sheet = (built_site / styles.STYLESHEET).read_text("utf-8")
    pages = "".join(file.read_text("utf-8") for file in built_site.rglob("*.html"))
    used = {*re.findall(r"\bmoved-[0-9a-f]{8}\b", pages)}
    assert len(used) > 50
    assert used == {*re.findall(r"^\.(moved-[0-9a-f]{8})\{", sheet, re.M)}


@pytest.mark.parametrize("markup", STOPPED)
def test_what_the_policy_would_stop_stops_the_build(small: None, markup: str) -> None:
    with pytest.raises(security.SecurityError, match="보안 정책이 막을 것"):
        security.close(HEAD.format(markup), {})


def test_a_style_becomes_a_class(small: None) -> None:
    sheet: dict[str, str] = {}
    plain = '<i style="top: -1em;">a</i><b title="x > y" class="c" style="top:-1em">b</b>'
    page = security.close(HEAD.format(plain), sheet)
    [name] = sheet
    assert f'<i class="{name}">a</i><b title="x > y" class="c {name}">' in page
    assert styles.stylesheet(sheet) == f".{name}{{top:-1em!important}}\n"
    assert f'<link rel="stylesheet" href="../{styles.STYLESHEET}">' in page


@pytest.mark.parametrize("style", ["color: 'x'", "a{b", "background: url(x;y)", "@import x", "red"])
def test_a_style_that_cannot_be_a_class_is_told(style: str) -> None:
    with pytest.raises(styles.StyleError, match="옮길 수 없습니다"):
        styles.css(style)


@pytest.mark.parametrize(
    ("lost", "error"),
    [("__md_scope", theme.ThemeError), ('<meta charset="utf-8">', security.SecurityError)],
)
def test_a_page_of_a_changed_theme_is_an_error(
    small: None, lost: str, error: type[ValueError]
) -> None:
    with pytest.raises(error, match="고칠 자리를 찾지 못했습니다"):
        security.close(HEAD.format("").replace(lost, ""), {})

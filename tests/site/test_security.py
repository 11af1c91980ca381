"""모든 쪽에 같은 정책이 있고, 정책이 막을 것은 빌드를 멈춥니다."""

import re
from pathlib import Path

import pytest
from reduced import Project

from gan_docs.site.html import security

HEAD = (
    '<html><head><meta charset="utf-8"><script>__md_scope=new URL("..",location)</script></head>'
    "<body>{}</body></html>"
)
META = re.compile(
    r'<head>\s*<meta charset="utf-8">\s*<meta http-equiv="([^"]+)" content="([^"]+)">'
)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """테마의 스크립트가 주소를 정하는 것 하나뿐인 셈 칩니다."""
    known = (f"__md_scope=new URL({security.SETTLED_BASE},location)",)
    monkeypatch.setattr(security, "scripts", lambda: known)


def test_every_page_begins_with_the_same_policy(built_site: Path) -> None:
    pages = [file.read_text("utf-8") for file in built_site.rglob("*.html")]
    found = {META.search(page).groups() for page in pages if META.search(page)}  # type: ignore[union-attr]
    assert len(pages) > 30
    assert all(META.search(page) for page in pages)
    assert found == {("Content-Security-Policy", security.policy())}
    assert all(page.count("Content-Security-Policy") == 1 for page in pages)


def test_the_policy_trusts_nothing_that_a_page_could_carry() -> None:
    policy = security.policy()
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert "unsafe" not in policy and "*" not in policy and "http" not in policy
    assert len(directives["script-src"].split()) == 1 + len(security.scripts()) == 4
    closed = ("frame-src", "object-src", "base-uri", "form-action")
    assert {directives[name] for name in closed} == {"'none'"}


def test_no_page_holds_what_the_policy_would_stop(built_site: Path) -> None:
    for file in built_site.rglob("*.html"):
        assert security.flaws(file.read_text("utf-8")) == []


def test_every_moved_style_is_in_the_sheet(built_site: Path) -> None:
    sheet = (built_site / security.STYLESHEET).read_text("utf-8")
    used = {
        name
        for file in built_site.rglob("*.html")
        for name in re.findall(r"\bmoved-[0-9a-f]{8}\b", file.read_text("utf-8"))
    }
    assert len(used) > 50
    assert used == {*re.findall(r"^\.(moved-[0-9a-f]{8})\{", sheet, re.M)}


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        '<script type="module">alert(1)</script>',
        '<img src="x" alt="" onerror="alert(1)">',
        '<svg onload="alert(1)"></svg>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" java\nscript:alert(1)">x</a>',
        '<svg><a xlink:href="javascript:alert(1)">x</a></svg>',
        '<form action="javascript:alert(1)"></form>',
        '<iframe srcdoc="x"></iframe>',
        "<style>p { color: red }</style>",
        '<object data="x"></object>',
        '<base href="/">',
        '<meta http-equiv="Refresh" content="0;url=http://192.0.2.1/">',
        "<p style=color:red>x</p>",
    ],
)
def test_what_the_policy_would_stop_stops_the_build(small: None, markup: str) -> None:
    with pytest.raises(security.SecurityError, match="보안 정책이 막을 것"):
        security.close(HEAD.format(markup), {})


@pytest.mark.parametrize(
    "markup",
    [
        '<script type="application/ld+json">{"a": 1}</script>',
        '<script src="x.js"></script>',
        '<a href="../javascript/">x</a>',
        "<p>onclick=1 style=2 &lt;script&gt;</p>",
    ],
)
def test_what_is_allowed_is_left_as_it_is(small: None, markup: str) -> None:
    assert markup in security.close(HEAD.format(markup), {})


def test_a_style_becomes_a_class(small: None) -> None:
    styles: dict[str, str] = {}
    plain = '<i style="top: -1em;">a</i><b title="x > y" class="c" style="top:-1em">b</b>'
    page = security.close(HEAD.format(plain), styles)
    [name] = styles
    assert f'<i class="{name}">a</i><b title="x > y" class="c {name}">' in page
    assert security.stylesheet(styles) == f".{name}{{top:-1em!important}}\n"
    assert f'<link rel="stylesheet" href="../{security.STYLESHEET}">' in page


def test_text_and_scripts_that_look_like_styles_are_kept(small: None) -> None:
    data = '<script type="application/json">{"a": "<p style=\\"x\\">"}</script>'
    text = '<pre>&lt;p style="color:red"&gt;</pre><!-- <p style="color:red"> -->'
    page = security.close(HEAD.format(data + text), {})
    assert data + text in page
    assert security.STYLESHEET not in page


@pytest.mark.parametrize("style", ["color: 'x'", "a{b", "background: url(x;y)", "@import x", "red"])
def test_a_style_that_cannot_be_a_class_is_told(style: str) -> None:
    with pytest.raises(security.SecurityError, match="옮길 수 없습니다"):
        security.css(style)


@pytest.mark.parametrize("lost", ["__md_scope", '<meta charset="utf-8">'])
def test_a_changed_theme_is_an_error(small: None, lost: str) -> None:
    with pytest.raises(security.SecurityError, match="고칠 자리를 찾지 못했습니다"):
        security.close(HEAD.format("").replace(lost, ""), {})


def test_a_changed_template_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in security.INLINE:
        text = (security.TEMPLATES / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("config.extra.scope", "config.scope"), "utf-8")
    monkeypatch.setattr(security, "TEMPLATES", tmp_path)
    with pytest.raises(security.SecurityError, match="인라인 스크립트의 주소"):
        security.scripts.__wrapped__()


def test_a_page_that_would_be_stopped_names_itself(project: Project) -> None:
    project.write("flaw.md", '# 쪽\n\n<p onclick="alert(1)">글</p>\n')
    done = project.build()
    assert done.returncode != 0
    assert 'flaw.md: 보안 정책이 막을 것이 쪽에 있습니다: <p onclick="alert(1)">' in done.stderr

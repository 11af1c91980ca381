"""모든 페이지를 한 번씩 열어 흠이 없는지 보고, 심은 흠은 알아채는지 봅니다.

`--all`이면 모든 페이지를 세 너비와 두 밝기에서 봅니다.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from itertools import cycle, product
from pathlib import Path
from typing import NamedTuple

import pytest
from flaws import CHECKS, WITH_PICTURES, flaws
from inspection import Inspect, Inspector, Record, inaccessible, places
from playwright.sync_api import Browser
from routes import edited, offline

PARTS = 6  # 일꾼이 나누어 열도록
TELLING = ((360, "light"), (1280, "dark"))  # 여느 때에 번갈아 여는 화면
EVERY = tuple(product((360, 768, 1280), ("light", "dark")))


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_sound(inspect: Inspect, built_site: Path, wide: bool, part: int) -> None:
    visited = places(built_site)
    assert len(visited) > 30 and "404.html" in visited
    turns = zip(visited, cycle(TELLING), strict=False)
    screens = product(visited, EVERY) if wide else turns
    found, tab = {}, cache(inspect)  # 같은 화면의 페이지는 한 탭에서 차례로
    for place, screen in list(screens)[part::PARTS]:
        if wrong := flaws(tab(*screen).visit(place, press_every=wide)):
            found[place, screen] = wrong
    assert not found


TOUCH = {"has_touch": True, "is_mobile": True}  # 가리킬 것이 없는 전화기
SCROLLED = """() => [...document.querySelectorAll("pre > code")]
  .filter((code) => code.scrollWidth > code.clientWidth && code.checkVisibility()).length"""


@pytest.mark.parametrize(
    "place",
    [
        "gan100/",
        *(
            pytest.param(each, marks=pytest.mark.wide)
            for each in ("hospital/", "reference/trainer/")
        ),
    ],
)
def test_scrolling_code_takes_the_focus_without_hover(inspect: Inspect, place: str) -> None:
    inspector = inspect(360, **TOUCH)
    page = inspector.page
    inspector.open(place)
    page.evaluate("measure.read()")  # 테마는 코드가 보일 때 초점을 뗌
    assert page.evaluate("matchMedia('(hover)').matches") is False
    assert page.evaluate(SCROLLED) > 3
    assert inaccessible(page) == []
    page.set_viewport_size({"width": 800, "height": 360})  # 눕혔다가 다시 세움
    page.set_viewport_size({"width": 360, "height": 800})
    assert inaccessible(page) == []


def test_without_the_mend_the_focus_is_lost_without_hover(inspect: Inspect) -> None:
    inspector = inspect(360, **TOUCH)
    inspector.page.route("**/code-buttons.js", edited("keepFocus();", ""))
    inspector.open("gan100/")
    inspector.page.evaluate("measure.read()")
    assert any("scrollable-region-focusable" in flaw for flaw in inaccessible(inspector.page))


FOLDED = """(() => {
  const { get } = Object.getOwnPropertyDescriptor(Element.prototype, "scrollWidth");
  globalThis.folded = 0;
  Object.defineProperty(Element.prototype, "scrollWidth", {
    get() {
      if (this.closest("details:not([open])")) globalThis.folded += 1;
      return get.call(this);
    },
  });
})()"""


@pytest.mark.parametrize(("old", "measured"), [("", False), ("code.checkVisibility() && ", True)])
def test_code_in_a_closed_fold_is_not_measured(inspect: Inspect, old: str, measured: bool) -> None:
    inspector = inspect(360, **TOUCH)
    inspector.page.add_init_script(FOLDED)
    if old:
        inspector.page.route("**/code-buttons.js", edited(old, ""))
    inspector.open("gan100/")
    inspector.page.wait_for_load_state("networkidle")
    assert (inspector.page.evaluate("folded") > 0) == measured


PALE = '<pre><code><span class="k">있다</span> {}</code></pre>'


@pytest.mark.parametrize(
    ("after", "pale"),
    [
        ('<span class="k">있다</span>', False),
        ('<span class="k" style="color: #ccc">있다</span>', True),
        ('<span class="k" style="background: #333">있다</span>', True),
        ('<span class="k" style="opacity: 0.3">있다</span>', True),
    ],
)
def test_pale_code_is_seen_among_its_likes(inspect: Inspect, after: str, pale: bool) -> None:
    record = small(inspect(360), PALE.format(after))
    assert any("color-contrast" in flaw for flaw in record.inaccessible) == pale


PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
PLANTED = "planted/"
SMALL = """<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>작은 페이지</title>
<meta http-equiv="Content-Security-Policy" content="object-src 'none'">
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><style>
body { margin: 0; color: #000; background: #fff } header { position: fixed; top: 0; height: 40px }
</style></head><body><header class="md-header">머리글</header><main class="md-content">
<article class="md-typeset"><h1>제목</h1><p>글입니다.</p></article></main></body></html>"""
CODE = """<div class="language-console"><pre style="width: 90px; position: relative">
<nav class="md-code__nav" role="none" style="position: absolute; left: {left}px; top: 0"><button
 class="md-code__button" data-md-type="copy">복사</button></nav><code>{text}</code></pre><script>
((place) => { place.querySelector("button").onclick = () => {
  getSelection().selectAllChildren(place.querySelector("code"));
  document.execCommand("copy");
}; })(document.currentScript.parentElement)</script></div>"""
LATE = """<script>addEventListener("scroll", () => {
  if (!scrollY) document.querySelector("article").style.paddingTop = "300px";
})</script>"""
LINKS = "".join(f'<p><a href="#{number}">{number}</a></p>' for number in range(60))


def code(text: str, left: int = 200) -> str:
    """복사 단추가 왼쪽에서 `left`만큼 떨어진 명령입니다."""
    return CODE.replace("{left}", str(left)).replace("{text}", text)


class Flaw(NamedTuple):
    """심을 흠: 알아챌 검사, 그 말, 작은 페이지의 끝에 심을 것."""

    check: str
    says: str
    markup: str


FLAWS = {
    "콘솔": Flaw("오류와 요청", "콘솔의 오류: 흠", "<script>console.error('흠')</script>"),
    "예외": Flaw("오류와 요청", "스크립트의 오류: 흠", "<script>throw new Error('흠')</script>"),
    "바깥의 그림": Flaw("오류와 요청", "x.png", '<img src="http://192.0.2.1/x.png" alt="x">'),
    "바깥의 글꼴": Flaw(
        "오류와 요청", "x.css", '<link rel="stylesheet" href="http://192.0.2.1/x.css">'
    ),
    "없는 파일": Flaw("오류와 요청", "404 응답", '<script src="nothing.js"></script>'),
    "막힌 것": Flaw("보안 정책", "object-src", '<object data="/" type="text/html"></object>'),
    "이름 없는 단추": Flaw("접근성", "button-name", "<button></button>"),
    "옅은 글": Flaw("접근성", "color-contrast", '<p style="color: #ccc">옅은 글</p>'),
    "빈 머리칸": Flaw(
        "접근성", "empty-table-header", "<table><tr><th></th></tr><tr><td>1</td></tr></table>"
    ),
    "넓은 조각": Flaw("옆으로 밀림", "옆으로", '<div style="width: 2000px">넓음</div>'),
    "없는 그림": Flaw("그림", "읽지 못한", '<img src="nothing.png" alt="x">'),
    "대체 글이 없는 그림": Flaw("그림", "대체 글이 없는", f'<img src="{PIXEL}">'),
    "크기가 없는 그림": Flaw("그림", "크기를 적지 않은", f'<img src="{PIXEL}" alt="x">'),
    "다른 곳의 그림": Flaw("그림", "만들지 않은", '<img src="/assets/images/favicon.png" alt="x">'),
    "늦게 밀린 글": Flaw("읽는 동안 밀림", "0.", LATE),
    "어두우면 넓은 글": Flaw(
        "밝기를 바꾸면 움직임",
        ",",
        "<style>[data-md-color-scheme=slate] p { padding: 1px }</style>",
    ),
    "무거운 파일": Flaw("무게", "바이트", '<link rel="stylesheet" href="/heavy.css">'),
    "누르기 전의 모델": Flaw("무게", "누르기 전에", '<script src="/x.onnx"></script>'),
    "물음표까지 복사": Flaw("복사", "물음표까지: $ ls", code("$ ls\na b")),
    "출력까지 복사": Flaw("복사", "출력까지: pwd", code("pwd\n/home")),
    "단추 밑의 코드": Flaw("단추에 가린 코드", "x", code("x", left=0)),
    "단추가 없는 코드": Flaw("복사 단추가 없는 코드", "<pre>", "<pre>x</pre>"),
    "가린 초점": Flaw("머리글에 가린 초점", '<a href="#', LINKS),
    "떨어진 조사": Flaw(
        "줄을 여는 조사", "식", '<p style="width: 1px"><i class="unbroken"><b>식</b> 은</i></p>'
    ),
}
HEAVY = random.Random(0).randbytes(WITH_PICTURES)  # 더 줄지 않는 스타일


def small(inspector: Inspector, markup: str, press_every: bool = True) -> Record:
    """글의 끝에 흠을 심은 작은 페이지를 엽니다."""
    page, body = inspector.page, SMALL.replace("</article>", f"{markup}</article>")
    page.route("http://192.0.2.1/**", offline)
    page.route("**/heavy.css", lambda route: route.fulfill(body=HEAVY, content_type="text/css"))
    page.route(
        inspector.address + PLANTED,
        lambda route: route.fulfill(body=body, content_type="text/html"),
    )
    return inspector.visit(PLANTED, press_every=press_every)


@pytest.fixture(scope="module")
def planted(browser: Browser, address: str, built_site: Path) -> Iterator[dict[str, list[str]]]:
    """모든 흠을 심은 페이지를 한 번 열어 찾은 것입니다."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    markup = "\n".join(flaw.markup for flaw in FLAWS.values())
    yield flaws(small(Inspector(context.new_page(), address, built_site), markup))
    context.close()


@pytest.mark.parametrize("name", FLAWS)
def test_a_planted_flaw_is_seen(planted: dict[str, list[str]], name: str) -> None:
    flaw = FLAWS[name]
    assert any(flaw.says in each for each in planted[flaw.check]), planted[flaw.check]


AIMED = """<div class="language-python"><pre><nav class="md-code__nav" role="none"><button
 class="md-code__button" data-md-type="copy" data-clipboard-target="#{aim}">복사</button></nav><code
 id="{own}">{own} = 1</code></pre></div>"""


@pytest.mark.parametrize(("aim", "wrong"), [("other", []), ("one", ["보이는 것과 다름: one = 1"])])
def test_a_button_that_is_not_pressed_is_seen_to_aim_elsewhere(
    inspect: Inspect, aim: str, wrong: list[str]
) -> None:
    both = AIMED.format(aim="one", own="one") + AIMED.format(aim=aim, own="other")
    record = small(inspect(1280), both, press_every=False)
    del record.copies[0]  # 눌렀으나 테마가 없어 복사되지 않음
    assert flaws(record, "복사") == ({"복사": wrong} if wrong else {})


def test_the_small_page_has_no_flaw(inspect: Inspect) -> None:
    assert flaws(small(inspect(360), "")) == {}


# 진짜 페이지에 심는 흠: 페이지, 고칠 응답, 바꿀 글, 새 글
EDITS = {
    "미리 받기": ("gan100/", "**/gan100/", 'as="image"', 'as="fetch"'),
    "복사": ("build/", "**/code-buttons.js", ".language-console", ".language-none"),
    "옮긴 스타일": ("style/", "**/moved.css", ".moved-", ".lost-"),
    "보안 정책": ("style/", "**/style/", "__md_hash=e=>", "__md_hash= e=>"),
}


@pytest.mark.parametrize("check", EDITS)
def test_a_flaw_of_a_real_page_is_seen(inspect: Inspect, check: str) -> None:
    place, pattern, old, new = EDITS[check]
    inspector = inspect(1280)
    inspector.page.route(pattern, edited(old, new))
    assert flaws(inspector.visit(place, axe=False), check)


def test_every_check_has_seen_a_flaw() -> None:
    assert {flaw.check for flaw in FLAWS.values()} | {*EDITS} == {*CHECKS}

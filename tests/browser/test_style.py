"""계산된 스타일이 원문의 스타일과 이 사이트의 약속을 지키는지 봅니다."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from inspection import COLOURS, RESTYLE, Open
from playwright.sync_api import Browser, Page
from routes import offline

RED, BLUE = "rgb(200, 56, 33)", "rgb(37, 57, 166)"
GREEN, RULE = "rgb(0, 128, 0)", "rgb(202, 201, 197)"
READ = """([selector, names]) => {
  const style = getComputedStyle(document.querySelector(selector));
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const inRem = (value) => (value.endsWith("px") ? `${parseFloat(value) / rem}rem` : value);
  return Object.fromEntries(names.map((name) => [name, inRem(style.getPropertyValue(name))]));
}"""
EDGES = """() => [".md-content", ".wall"].map((name) => {
  const { left, right } = document.querySelector(name).getBoundingClientRect();
  return [left, right];
})"""
CONTRAST = """(selector) => {
  const { backgroundColor: paper } = getComputedStyle(document.body);
  const { color: words } = getComputedStyle(document.querySelector(selector));
  return colours.contrast(colours.luminance(words, paper), colours.luminance(paper));
}"""
WORDS = (
    ".description",
    ".source-question",
    ".generator",
    ".discriminator",
    ".real",
    ".byline time",
    ".md-typeset p a",
    "figcaption",
    ".provenance",
    "td",
)
SHOWN = """() => [...document.querySelectorAll(".figure-card img")]
  .filter((image) => image.checkVisibility()).map((image) => image.src)"""
LOADED = """async (name) => {
  const fonts = [...(await document.fonts.ready)];
  return fonts.some(({ family, status }) => family.includes(name) && status === "loaded");
}"""
LINE = """() => {
  const paragraph = document.querySelector("article > p:not([class])");
  return paragraph.clientWidth / parseFloat(getComputedStyle(paragraph).fontSize);
}"""  # 한 줄의 글자 수
PIXELS = """async (image) => {
  await image.decode();
  return [image.naturalWidth, image.getBoundingClientRect().width];
}"""


def read(page: Page, selector: str, *names: str) -> dict[str, str]:
    """길이를 rem으로 바꾼, 계산된 스타일입니다."""
    style: dict[str, str] = page.evaluate(READ, [selector, names])
    return style


@pytest.fixture(scope="module")
def pages(browser: Browser, address: str) -> Iterator[dict[str, Page]]:
    """밝기마다 연 스타일 테스트 페이지입니다. 읽기만 하므로 여러 테스트가 함께 봅니다."""
    found = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(
            viewport={"width": 1280, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
        )
        found[scheme] = context.new_page()
        found[scheme].goto(f"{address}style/")
    yield found
    for page in found.values():
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_and_one_picture_of_each_pair_is_shown(
    pages: dict[str, Page], scheme: str
) -> None:
    page = pages[scheme]
    page.evaluate(COLOURS)
    contrasts = {selector: page.evaluate(CONTRAST, selector) for selector in WORDS}
    assert min(contrasts.values()) >= 4.5, contrasts
    pictures = page.evaluate(SHOWN)
    assert pictures and all(picture.endswith(f"#only-{scheme}") for picture in pictures)


def test_the_style_of_the_source_is_kept(pages: dict[str, Page]) -> None:
    page = pages["light"]
    description = read(page, ".description", "padding-left", "color")
    assert description == {"padding-left": "2rem", "color": GREEN}
    border = "getComputedStyle(document.querySelector('.description')).borderTop"
    assert page.evaluate(border) == f"1px solid {RULE}"
    assert page.inner_text(".source-question") == "이것도 되는걸까?"
    names = ("color", "font-size", "line-height", "font-weight", "margin-top", "margin-bottom")
    assert read(page, ".source-question", *names) == {
        "color": RED,
        "font-size": "2rem",
        "line-height": "2rem",
        "font-weight": "400",
        "margin-top": "10rem",
        "margin-bottom": "10rem",
    }


def test_the_first_page_keeps_the_red_and_the_blue(open_tab: Open, address: str) -> None:
    page = open_tab()
    page.goto(address)
    assert read(page, ".source-red", "color") == {"color": RED}
    blue = read(page, ".source-blue", "color", "font-size")
    assert blue == {"color": BLUE, "font-size": "1.6rem"}


def test_korean_is_set_upright_and_breaks_between_words(pages: dict[str, Page]) -> None:
    page = pages["light"]
    names = ("word-break", "overflow-wrap", "font-style")
    upright = {"word-break": "keep-all", "overflow-wrap": "break-word", "font-style": "normal"}
    for selector in ("article p", "article em", "figcaption"):
        assert read(page, selector, *names) == upright
    assert int(read(page, "h2", "font-weight")["font-weight"]) >= 600
    assert "GAN Docs Sans" in read(page, "article p", "font-family")["font-family"]
    assert page.evaluate(LOADED, "GAN Docs Sans")
    assert not page.evaluate(LOADED, "gan-docs-math-Fraktur")  # 알려 두고 쓰지 않은 글꼴
    assert 30 <= page.evaluate(LINE) <= 42


@pytest.mark.parametrize("width", [360, 1280])
def test_glyph_walls_keep_their_pixels(open_tab: Open, address: str, width: int) -> None:
    page = open_tab(width)
    page.goto(f"{address}style/")
    wall = page.locator("img.pixels").first
    wall.scroll_into_view_if_needed()
    size = wall.evaluate(PIXELS)
    assert size[1] % size[0] == 0
    assert wall.evaluate("(image) => getComputedStyle(image).imageRendering") == "pixelated"


@pytest.mark.parametrize(
    ("style", "clear"), [("", True), (".md-content__inner { margin-left: 0 !important }", False)]
)
def test_a_glyph_wall_stays_clear_of_the_contents(
    open_tab: Open, address: str, style: str, clear: bool
) -> None:
    page = open_tab(1280)
    page.goto(address)
    page.evaluate(RESTYLE, style)
    (left, right), (start, end) = page.evaluate(EDGES)
    assert (left <= start and end <= right) is clear


def test_the_place_of_a_picture_is_kept_before_it_loads(open_tab: Open, address: str) -> None:
    page = open_tab()
    page.route("**/*.{png,webp}", offline)
    page.goto(f"{address}style/")
    height = "document.querySelector('.figure-card .wall').clientHeight"
    assert page.evaluate(height) > 100

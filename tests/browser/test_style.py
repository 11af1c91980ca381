"""계산된 스타일이 원문의 스타일과 이 사이트의 약속을 지키는지 봅니다."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

Open = Callable[..., Page]

RED, BLUE, GREEN, RULE = "rgb(200, 56, 33)", "rgb(37, 57, 166)", "rgb(0, 128, 0)", "#CAC9C5"
READ = """([selector, names]) => {
  const style = getComputedStyle(document.querySelector(selector));
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const inRem = (value) => (value.endsWith("px") ? `${parseFloat(value) / rem}rem` : value);
  return Object.fromEntries(names.map((name) => [name, inRem(style.getPropertyValue(name))]));
}"""
CONTRAST = """(selector) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const brush = canvas.getContext("2d");
  const luminance = (color) => {
    brush.fillStyle = color;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue] = [...brush.getImageData(0, 0, 1, 1).data].map((byte) => {
      const part = byte / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const words = luminance(getComputedStyle(document.querySelector(selector)).color);
  const paper = luminance(getComputedStyle(document.body).backgroundColor);
  return (Math.max(words, paper) + 0.05) / (Math.min(words, paper) + 0.05);
}"""


def read(page: Page, selector: str, *names: str) -> dict[str, str]:
    """길이를 rem으로 바꾼, 계산된 스타일입니다."""
    style: dict[str, str] = page.evaluate(READ, [selector, names])
    return style


def test_the_description_keeps_the_style_of_the_source(open_tab: Open, address: str) -> None:
    page = open_tab()
    page.goto(f"{address}style/")
    style = read(page, ".description", "padding-left", "color", "border-top-color")
    assert style == {
        "padding-left": "2rem",
        "color": GREEN,
        "border-top-color": "rgb(202, 201, 197)",
    }
    border = "getComputedStyle(document.querySelector('.description')).borderTop"
    assert page.evaluate(border) == "1px solid rgb(202, 201, 197)"


def test_the_red_question_keeps_the_style_of_the_source(open_tab: Open, address: str) -> None:
    page = open_tab()
    page.goto(f"{address}style/")
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "selector",
    [
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
    ],
)
def test_words_stand_out_from_the_paper(
    open_tab: Open, address: str, scheme: str, selector: str
) -> None:
    page = open_tab(scheme=scheme)
    page.goto(f"{address}style/")
    assert page.evaluate(CONTRAST, selector) >= 4.5


def test_korean_is_set_upright_and_breaks_between_words(open_tab: Open, address: str) -> None:
    page = open_tab(360)
    page.goto(f"{address}style/")
    names = ("word-break", "overflow-wrap", "font-style")
    upright = {"word-break": "keep-all", "overflow-wrap": "break-word", "font-style": "normal"}
    for selector in ("article p", "article em", "figcaption"):
        assert read(page, selector, *names) == upright
    assert int(read(page, "h2", "font-weight")["font-weight"]) >= 600
    assert "GAN Docs Sans" in read(page, "article p", "font-family")["font-family"]
    assert page.evaluate("document.fonts.check('17px \\'GAN Docs Sans\\'', '가')")


def test_a_line_is_at_most_42_letters_long(open_tab: Open, address: str) -> None:
    page = open_tab(1280)
    page.goto(f"{address}style/")
    width = "(() => { const p = document.querySelector('article > p:not([class])');"
    width += "return p.clientWidth / parseFloat(getComputedStyle(p).fontSize) })()"
    assert 30 <= page.evaluate(width) <= 42


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_picture_of_the_pair_is_shown(open_tab: Open, address: str, scheme: str) -> None:
    page = open_tab(scheme=scheme)
    page.goto(f"{address}style/")
    shown = "[...document.querySelectorAll('.figure-card img')]"
    shown += ".filter((image) => image.checkVisibility()).map((image) => image.src)"
    pictures = page.evaluate(shown)
    assert pictures
    assert all(picture.endswith(f"#only-{scheme}") for picture in pictures)


@pytest.mark.parametrize("width", [360, 1280])
def test_glyph_walls_keep_their_pixels(open_tab: Open, address: str, width: int) -> None:
    page = open_tab(width)
    page.goto(f"{address}style/")
    wall = page.locator("img.pixels").first
    wall.scroll_into_view_if_needed()
    size = wall.evaluate(
        "async (image) => { await image.decode();"
        "return [image.naturalWidth, image.getBoundingClientRect().width] }"
    )
    assert size[1] % size[0] == 0
    assert wall.evaluate("(image) => getComputedStyle(image).imageRendering") == "pixelated"


def test_the_place_of_a_picture_is_kept_before_it_loads(open_tab: Open, address: str) -> None:
    page = open_tab()
    page.route("**/*.{png,webp}", lambda route: route.abort())
    page.goto(f"{address}style/")
    height = "document.querySelector('.figure-card .wall').clientHeight"
    assert page.evaluate(height) > 100


@pytest.mark.parametrize("held", [True, False])
def test_a_first_visit_in_the_dark_is_dark_before_the_theme_runs(
    open_tab: Open, address: str, held: bool
) -> None:
    page = open_tab(360, "dark")
    page.route("**/bundle.*.js", lambda route: route.fulfill(body=""))
    if not held:  # 우리의 스크립트가 없으면 밝은 화면이 번쩍임
        page.route("**/scheme.js", lambda route: route.fulfill(body=""))
    page.goto(f"{address}style/")
    scheme = page.locator("body").get_attribute("data-md-color-scheme")
    assert scheme == ("slate" if held else "default")


def test_the_chosen_scheme_is_kept_on_the_next_page(open_tab: Open, address: str) -> None:
    page = open_tab(1280, "dark")
    page.goto(f"{address}style/")
    page.get_by_title("밝은 화면으로").click()
    page.route("**/bundle.*.js", lambda route: route.fulfill(body=""))
    page.goto(f"{address}gan100/")
    assert page.locator("body").get_attribute("data-md-color-scheme") == "default"

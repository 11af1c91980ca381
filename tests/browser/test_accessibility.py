"""모든 페이지를 두 화면과 세 너비에서 axe-core로 살핍니다. 열린 요소도 살핍니다."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from inspection import places
from live import PLACES, Live
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (rules) => {
  const { violations, passes } = await axe.run({ runOnly: rules });
  return {
    passes: passes.length,
    flaws: violations.map(({ id, nodes }) => `${id}: ${nodes.length} ${nodes[0].html}`),
  };
}"""
PLANTED = {
    "이름 없는 그림": ("<img src='data:,'>", "image-alt"),
    "이름 없는 단추": ("<button></button>", "button-name"),
    "옅은 글": ("<p style='color:#ccc;background:#fff'>옅은 글</p>", "color-contrast"),
    "빈 머리칸": ("<table><tr><th></th></tr><tr><td>1</td></tr></table>", "empty-table-header"),
}


def flaws(page: Page) -> list[str]:
    """페이지의 흠입니다."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(RUN, RULES)
    assert found["passes"] > 10  # 정말로 살폈음
    return list(found["flaws"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_every_page_is_accessible(
    open_tab: Callable[..., Page], address: str, built_site: Path, width: int, scheme: str
) -> None:
    page, found = open_tab(width, scheme), {}
    for place in places(built_site):
        page.goto(address + place)
        if wrong := flaws(page):
            found[place] = wrong
    assert not found


@pytest.mark.parametrize("tag", PLACES)
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_an_open_element_is_accessible(
    open_tab: Callable[..., Page], address: str, tag: str, width: int, scheme: str
) -> None:
    page = open_tab(width, scheme)
    page.goto(address + PLACES[tag])
    live = Live(page, tag).start()
    if tag == "latent-explorer":
        live.button("64자 펼치기").click()
        live.says("64자를 펼쳤습니다")
    if tag == "gan-trainer":
        live.button("PyTorch와 같은지 확인").click()
        live.says("같습니다")
    assert flaws(page) == []


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_flaw_is_seen(open_tab: Callable[..., Page], address: str, name: str) -> None:
    markup, rule = PLANTED[name]
    page = open_tab(1280, closed=False)
    page.goto(f"{address}style/")
    page.locator("article").evaluate(
        "(article, markup) => article.insertAdjacentHTML('beforeend', markup)", markup
    )
    assert any(flaw.startswith(f"{rule}:") for flaw in flaws(page))

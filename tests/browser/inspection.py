"""페이지를 진짜 브라우저로 한 번 열어, 그 자리에서 볼 수 있는 것을 모두 모읍니다."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

from playwright.sync_api import ConsoleMessage, Error, Page, Request, Response

from gan_docs.site.html.styles import STYLESHEET

NOTEBOOK = "assets/notebook/"
ROOT = Path(__file__).parents[2]
MEASURE = "".join(
    (Path(__file__).parent / name).read_text("utf-8") for name in ("watched.js", "measure.js")
)
COLOURS = (Path(__file__).parent / "colours.js").read_text("utf-8")
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = (Path(__file__).parent / "accessible.js").read_text("utf-8")
COPY_BUTTON = ".md-code__button[data-md-type=copy]"
PAPER = COLOURS + (Path(__file__).parent / "print.js").read_text("utf-8")
A4 = 718  # 210mm에서 좌우 1cm씩을 뺀 화소
RESTYLE = """(text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets.push(sheet);
}"""  # 보안 정책 아래에서도 스타일을 더하는 길


@dataclass
class Record:
    """한 번 열어 모은 것입니다.

    Attributes:
        scheme: 탭의 밝기.
        made: 이 빌드가 만든 그림의 자리.
        troubles: 브라우저가 알려 온 것: 콘솔과 스크립트의 오류, 바깥 요청, 나쁜 응답.
        asked: 청한 주소. 차례대로, 겹치면 겹친 대로.
        sizes: 받은 파일마다의 크기. 서버가 보낸 대로 줄인 바이트.
        seen: 화면에서 잰 것. `measure.js`의 이름대로.
        inaccessible: axe가 찾은 것.
        copies: 복사 단추마다 언어, 보이는 글, 복사된 글.
    """

    scheme: str
    made: tuple[str, ...]
    troubles: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    inaccessible: list[str] = field(default_factory=list)
    copies: list[tuple[str, str, str]] = field(default_factory=list)


class Inspector:
    """탭 하나를 지켜보며 적습니다.

    Args:
        page: 지켜볼 탭. 아직 아무것도 열지 않은 것.
        address: 사이트의 주소. `/`로 끝납니다.
        site: 빌드된 사이트의 폴더.
        scheme: 탭의 밝기.
    """

    def __init__(self, page: Page, address: str, site: Path, scheme: str = "light") -> None:
        self.page, self.address, self.site = page, address, site
        self.record = Record(scheme, made_pictures(site))
        self._waiting: set[Request] = set()
        page.add_init_script(MEASURE)
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)

    def visit(self, place: str, axe: bool = True, press_every: bool = False) -> Record:
        """페이지를 열어 끝까지 읽고, 모두 잽니다. 오래 걸리는 `axe`만은 뺄 수 있습니다.

        복사 단추는 언어마다 첫째만 누르고, 나머지는 누르면 복사할 글을 봅니다.
        `press_every`면 모두 누릅니다.
        """
        self.open(place)
        record, page = self.record, self.page
        record.seen = page.evaluate("measure.open()")
        record.inaccessible = inaccessible(page) if axe else []
        record.seen |= page.evaluate("measure.read()")
        self.settle()
        record.asked, record.sizes = list(record.asked), dict(record.sizes)  # 밝기를 바꾸기 전까지
        self.look()
        record.seen |= page.evaluate("measure.shape()")
        record.seen |= page.evaluate("measure.unfold()")
        # 누른 것으로 치는 시간은 5초라 하나씩 누름
        languages = set()
        for button in page.locator(COPY_BUTTON).element_handles():
            language = button.evaluate("measure.language")
            pressed = press_every or language not in languages
            languages.add(language)
            record.copies.append(tuple(button.evaluate("measure.copy", pressed)))
        record.violations = violations(page)
        record.seen["misplaced"] = page.evaluate("measure.misplaced", moved_styles(self.site))
        return record

    def open(self, place: str) -> None:
        """페이지를 엽니다. 적던 것은 비웁니다."""
        self.record = Record(self.record.scheme, self.record.made)
        try:
            self.page.goto(self.address + place, wait_until="load")
        except Error as error:
            self.record.troubles.append(f"열리지 않음: {error}")

    def know_the_address(self) -> None:
        """사이트가 제 주소를 아는 것처럼, 모든 페이지의 주소를 적은 사이트맵을 줍니다."""
        known = (f"<url><loc>{self.address}{place}</loc></url>" for place in places(self.site))
        sitemap = f"<urlset>{''.join(known)}</urlset>"
        self.page.route(
            "**/sitemap.xml", lambda route: route.fulfill(body=sitemap, content_type="text/xml")
        )

    def look(self) -> Record:
        """지금 열린 화면을 다시 봅니다."""
        self.record.seen |= self.page.evaluate("measure.look()")
        self.record.violations = violations(self.page)
        return self.record

    def settle(self) -> None:
        """청한 것이 모두 오기를 기다립니다."""
        while self._waiting:
            self.page.wait_for_timeout(10)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.record.troubles.append(f"콘솔의 오류: {message.text}")

    def _error(self, error: Error) -> None:
        self.record.troubles.append(f"스크립트의 오류: {error}")

    def _request(self, request: Request) -> None:
        self._waiting.add(request)
        self.record.asked.append(urldefrag(request.url).url)
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.record.troubles.append(f"바깥으로 나간 요청: {request.url}")

    def _ended(self, request: Request) -> None:
        self._waiting.discard(request)

    def _response(self, response: Response) -> None:
        self.record.sizes[response.url] = int(response.headers.get("content-length", 0))
        if response.status >= 400:
            self.record.troubles.append(f"{response.status} 응답: {response.url}")


Open = Callable[..., Page]
Inspect = Callable[..., Inspector]


@cache
def made_pictures(site: Path) -> tuple[str, ...]:
    """이 빌드가 만든 그림의 자리입니다: 기록에 적힌 그림과 노트북이 그린 그림.

    손으로 적은 도식(SVG)은 학습한 것을 보이지 않으므로 글과 같습니다.
    """
    record = json.loads((site / "build.json").read_text("utf-8"))
    figures = {file for figure in record["figures"] for file in figure["files"]}
    drawn = {
        NOTEBOOK + file.name
        for file in (site / NOTEBOOK).glob("*")
        if hashlib.sha256(file.read_bytes()).hexdigest()[:12] in file.name
    }
    written = {f"assets/{file.name}" for file in (site / "assets").glob("*.svg")}
    return tuple(f"/{name}" for name in figures | drawn | written)


@cache
def moved_styles(site: Path) -> dict[str, str]:
    """Style 속성에서 옮긴 클래스마다의 선언입니다."""
    rules = (site / STYLESHEET).read_text("utf-8").splitlines()
    styles = dict(rule.removeprefix(".").removesuffix("}").split("{") for rule in rules)
    return {name: text.replace("!important", "") for name, text in styles.items()}


def inaccessible(page: Page, within: str | None = None) -> list[str]:
    """axe가 찾은 흠입니다. `within`을 주면 그 요소의 안만 봅니다."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(RUN_AXE, [RULES, within])
    assert found["passes"] > 10  # 정말로 살폈음
    return list(found["flaws"])


def printed(page: Page) -> dict[str, list[str]]:
    """종이에서 찾은 흠입니다."""
    page.emulate_media(media="print")
    page.evaluate(PAPER)
    found: dict[str, Any] = page.evaluate("paper()")
    return {name: wrong for name, wrong in found.items() if wrong}


def violations(page: Page) -> list[str]:
    """지금까지 보안 정책을 어긴 것입니다."""
    found: list[str] = page.evaluate("watched.violations")
    return found


def places(site: Path) -> list[str]:
    """사이트의 모든 페이지의 주소입니다."""
    found = (file.relative_to(site).as_posix() for file in site.rglob("*.html"))
    return sorted(place.removesuffix("index.html") for place in found)

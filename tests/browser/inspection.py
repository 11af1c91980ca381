"""쪽을 진짜 브라우저로 열어, 독자가 만날 흠을 모읍니다."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request, Response

NOTEBOOK = "assets/notebook/"
COMPRESSED = (".woff2", ".webp", ".png", ".gz")  # 서버가 다시 줄이지 않는 파일

WATCH = """addEventListener("securitypolicyviolation", (event) => {
  (window.violations ??= []).push(`${event.effectiveDirective} ${event.blockedURI}`);
});"""

# 보이는 그림을 모두 불러온 뒤, 화면에서만 알 수 있는 것을 잰다
MEASURE = """async () => {
  const shown = [...document.images].filter((image) => image.checkVisibility());
  for (const image of shown) image.loading = "eager";
  await Promise.all(shown.map((image) => image.decode().catch(() => {})));
  await document.fonts.ready;
  const root = document.documentElement;
  return {
    overflow: Math.max(root.scrollWidth, document.body.scrollWidth) - root.clientWidth,
    images: shown.map((image) => ({
      address: image.currentSrc || image.src,
      alt: image.alt.trim(),
      loaded: image.naturalWidth > 0,
      sized: image.hasAttribute("width") && image.hasAttribute("height"),
    })),
  };
}"""


class Inspector:
    """탭 하나를 지켜보며 흠을 적습니다.

    Args:
        page: 지켜볼 탭.
        address: 사이트의 주소. `/`로 끝납니다.
        site: 빌드된 사이트의 폴더.
    """

    def __init__(self, page: Page, address: str, site: Path) -> None:
        self.page = page
        self.address = address
        self.site = site
        self.made = made_images(site)
        self.flaws: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("request", self._request)
        page.on("response", self._response)

    def visit(self, place: str) -> list[str]:
        """쪽을 열어 모든 흠을 돌려줍니다."""
        self.flaws.clear()
        try:
            self.page.goto(self.address + place, wait_until="load")
        except Error as error:
            self.flaws.append(f"열리지 않음: {error}")
        return self.look()

    def look(self) -> list[str]:
        """지금 열린 쪽의 흠을 돌려줍니다."""
        measured = self.page.evaluate(MEASURE)
        if measured["overflow"] > 0:
            self.flaws.append(f"옆으로 {measured['overflow']}px 밀림")
        for image in measured["images"]:
            self._image(**image)
        return list(self.flaws)

    def _image(self, address: str, alt: str, loaded: bool, sized: bool) -> None:
        name = unquote(urlsplit(address).path).removeprefix(urlsplit(self.address).path)
        if not loaded:
            self.flaws.append(f"읽지 못한 그림: {address}")
        if not alt:
            self.flaws.append(f"대체 글이 없는 그림: {address}")
        if not sized:
            self.flaws.append(f"크기를 적지 않은 그림: {address}")
        if name not in self.made:
            self.flaws.append(f"이 빌드가 만들지 않은 그림: {address}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.flaws.append(f"콘솔의 오류: {message.text}")

    def _error(self, error: Error) -> None:
        self.flaws.append(f"스크립트의 오류: {error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.flaws.append(f"바깥으로 나간 요청: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.flaws.append(f"{response.status} 응답: {response.url}")


def made_images(site: Path) -> set[str]:
    """이 빌드가 만든 그림의 자리입니다: 기록에 적힌 그림과 노트북이 그린 그림."""
    record = json.loads((site / "build.json").read_text("utf-8"))
    figures = {file for figure in record["figures"] for file in figure["files"]}
    drawn = {
        NOTEBOOK + file.name
        for file in (site / NOTEBOOK).glob("*")
        if hashlib.sha256(file.read_bytes()).hexdigest()[:12] in file.name
    }
    return figures | drawn


# 쪽의 보안 정책 아래에서도 스타일을 더하는 길
RESTYLE = """(text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets.push(sheet);
}"""


def places(site: Path) -> list[str]:
    """사이트의 모든 쪽의 주소입니다."""
    found = (file.relative_to(site).as_posix() for file in site.rglob("*.html"))
    return sorted(place.removesuffix("index.html") for place in found)


def know_the_address(page: Page, address: str, site: Path) -> None:
    """사이트가 제 주소를 아는 것처럼, 모든 쪽의 주소를 적은 사이트맵을 줍니다."""
    rows = "".join(f"<url><loc>{address}{place}</loc></url>" for place in places(site))
    page.route(
        "**/sitemap.xml",
        lambda route: route.fulfill(body=f"<urlset>{rows}</urlset>", content_type="text/xml"),
    )


def violations(page: Page) -> list[str]:
    """지금까지 정책을 어긴 것입니다."""
    found: list[str] = page.evaluate("window.violations ?? []")
    return found


def weigh(page: Page, address: str, read: str | None = None) -> dict[str, int]:
    """쪽이 받는 파일마다의 압축한 크기입니다. `read`는 연 뒤에 쪽에서 할 일입니다."""
    sizes: dict[str, int] = {}

    def note(response: Response) -> None:
        body, url = response.body(), response.url
        sizes[url] = len(body if url.endswith(COMPRESSED) else gzip.compress(body))

    page.on("response", note)
    page.goto(address, wait_until="networkidle")
    if read is not None:
        page.evaluate(read)
        page.wait_for_load_state("networkidle")
    page.remove_listener("response", note)
    return sizes

"""mkdocs-jupyter가 실행한 노트북을 여느 쪽과 같은 Markdown으로 바꿉니다.

mkdocs-jupyter의 HTML은 쪽마다 스타일 590KB와 스크립트를 싣고, 한글 제목의 id를 비우며,
`.md` 링크를 그대로 둡니다. 그래서 셀의 출력만 거두고, 글과 코드는 노트북에서 읽어
사이트의 Markdown으로 그립니다.
출력은 노트북, 노트북이 부르는 모든 모듈, 판, 스레드 수를 열쇠로 보관합니다.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bleach
import filelock
from lxml import etree
from lxml import html as markup
from PIL import Image

from gan_docs.site.make import keys, sealed
from gan_docs.site.page import plain_markdown

TOOLS = (*keys.TOOLS, "matplotlib", "mkdocs-jupyter", "nbconvert")
FRONT_MATTER = "front_matter"
SETTINGS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
STYLES_AND_SCRIPTS = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
BACKTICKS = re.compile(r"`{3,}")
EMBEDDED = re.compile(r"data:(?P<kind>image/[a-z]+)(?:\+xml)?;base64,(?P<content>.*)", re.DOTALL)
# 출력의 HTML에 남길 것: 글과 표. 사건 속성, 스크립트, 스타일, 그림은 남기지 않음
TAGS = bleach.ALLOWED_TAGS | set(
    "br caption col colgroup dd div dl dt h1 h2 h3 h4 h5 h6 hr p pre s small span sub sup "
    "table tbody td tfoot th thead tr u".split()
)
ATTRIBUTES = {
    **bleach.ALLOWED_ATTRIBUTES,
    "*": ["class"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan", "scope"],
}
SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/svg": "svg"}


class NotebookError(ValueError):
    """노트북을 쪽으로 바꿀 수 없습니다."""


@dataclass(frozen=True)
class Output:
    """셀이 내놓은 것 하나입니다. 글, 그림(base64), 또는 HTML 조각."""

    kind: str
    content: str


@dataclass(frozen=True)
class Picture:
    """쪽 곁에 놓을 그림 파일입니다."""

    name: str
    content: bytes


class Notebook:
    """노트북 파일 하나입니다.

    Args:
        file: `.ipynb` 파일.

    Raises:
        NotebookError: 노트북으로 읽을 수 없을 때.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self.content: dict[str, Any] = json.loads(file.read_text("utf-8"))
            self.cells: list[dict[str, Any]] = self.content["cells"]
        except (ValueError, KeyError, TypeError) as error:
            raise NotebookError(f"노트북으로 읽을 수 없습니다: {error!r}") from None

    @property
    def front_matter(self) -> dict[str, Any]:
        """노트북 메타데이터의 `front_matter`입니다. 없으면 빈 사전."""
        return dict(self.content.get("metadata", {}).get(FRONT_MATTER) or {})

    @property
    def code_cells(self) -> list[dict[str, Any]]:
        """빈 것을 뺀 코드 셀입니다."""
        return [cell for cell in self.cells if cell["cell_type"] == "code" and source(cell).strip()]

    def modules(self) -> set[str]:
        """코드 셀이 부르는 패키지의 모듈 이름입니다."""
        return keys.imported("\n".join(source(cell) for cell in self.code_cells))

    def key(self) -> str:
        """출력을 바꿀 수 있는 모든 것의 sha256입니다."""
        sources = keys.sources(self.modules())
        return keys.digest(self.file, Path(__file__), sources, keys.versions(TOOLS), keys.THREADS)

    def outputs(self, folder: Path, execute: Callable[[], str]) -> list[list[Output]]:
        """보관한 출력을 꺼내거나, 없으면 실행해 보관합니다. 실패한 실행은 보관하지 않습니다.

        Args:
            folder: 보관할 폴더.
            execute: 노트북을 실행해 mkdocs-jupyter의 HTML을 돌려주는 함수.

        Returns:
            코드 셀마다의 출력.
        """
        stored = folder / f"{self.key()}.json{sealed.SUFFIX}"
        content = sealed.read(stored)
        if content is None:
            folder.mkdir(parents=True, exist_ok=True)
            with filelock.FileLock(folder / "execute.lock"):
                content = sealed.read(stored)
                if content is None:
                    found = read_outputs(execute())
                    if len(found) != len(self.code_cells):
                        counts = f"{len(self.code_cells)}개, 출력은 {len(found)}개"
                        raise NotebookError(f"코드 셀과 출력의 수가 다릅니다: 셀은 {counts}")
                    rows = [[vars(output) for output in cell] for cell in found]
                    content = json.dumps(rows, ensure_ascii=False).encode()
                    sealed.write(stored, content)
        rows = json.loads(content)
        return [[Output(**output) for output in cell] for cell in rows]

    def compose(self, outputs: list[list[Output]], pictures: str) -> tuple[str, list[Picture]]:
        """글, 코드, 출력을 하나의 Markdown으로 잇습니다.

        Args:
            outputs: 코드 셀마다의 출력.
            pictures: 쪽에서 본 그림 폴더의 자리.

        Returns:
            Markdown과, 그림 폴더에 놓을 파일들.

        Raises:
            NotebookError: 그림을 그린 셀에 대체 글이 없을 때.
        """
        parts: list[str] = []
        files: list[Picture] = []
        remaining = iter(outputs)
        for number, cell in enumerate(self.cells, start=1):
            if cell["cell_type"] == "markdown":
                parts.append(source(cell))
            elif cell["cell_type"] == "code" and source(cell).strip():
                parts.append(fence("python", source(cell)))
                for output in next(remaining):
                    if output.kind.startswith("image/"):
                        files.append(picture(self.file.stem, output))
                        parts.append(_shown(files[-1], output, cell, number, pictures))
                    else:
                        parts.append(_written(output))
        return "\n\n".join(parts) + "\n", files

    def plain(self, page: str, site: plain_markdown.Site) -> list[plain_markdown.Cell]:
        """글을 여느 Markdown으로 푼 셀입니다. 빈 셀은 뺍니다."""
        found = []
        for cell in self.cells:
            text = source(cell).strip()
            if cell["cell_type"] == "markdown":
                text = plain_markdown.text(text, page, site)
            if text:
                found.append(plain_markdown.Cell(cell["cell_type"], text))
        return found


def source(cell: dict[str, Any]) -> str:
    """셀의 글을 하나로 잇습니다."""
    text = cell["source"]
    return text if isinstance(text, str) else "".join(text)


def read_outputs(page: str) -> list[list[Output]]:
    """mkdocs-jupyter의 HTML에서 코드 셀마다의 출력을 거둡니다.

    Raises:
        NotebookError: 모르는 꼴의 출력이 있을 때.
    """
    plain = STYLES_AND_SCRIPTS.sub("", page).replace("\r", "&#13;")  # 덮어쓰는 줄을 잃지 않게
    tree = markup.fragment_fromstring(plain, create_parent="div")
    cell = 'div[contains(concat(" ", @class, " "), " jp-CodeCell ")]'
    cells = tree.xpath(f".//{cell}[not(ancestor::{cell})]")  # mkdocs-jupyter는 셀을 두 겹으로 감쌈
    areas = './/div[contains(@class, "jp-OutputArea-output")]'
    return [[_output(area) for area in cell.xpath(areas)] for cell in cells]


def fence(language: str, text: str, classes: str = "") -> str:
    """글을 코드 울타리로 감쌉니다. 글에 든 울타리보다 길게 두릅니다."""
    longest = max((len(found) for found in BACKTICKS.findall(text)), default=2)
    mark = "`" * (longest + 1)
    header = f"{{ .{language} {classes} }}" if classes else language
    return f"{mark}{header}\n{text}\n{mark}"


def picture(stem: str, output: Output) -> Picture:
    """출력의 그림을 파일로 바꿉니다. 이름에 내용의 열쇠가 들어 있어 낡은 그림이 남지 않습니다."""
    content = base64.b64decode(output.content)
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Picture(f"{stem}-{digest}.{SUFFIXES[output.kind]}", content)


@contextmanager
def workplace(file: Path) -> Iterator[Path]:
    """노트북을 임시 폴더에 옮겨 두고 그 자리를 줍니다: 노트북이 쓴 파일이 docs/에 남지 않습니다.

    Jupyter와 IPython의 설정도 그 안에 두어, 홈 폴더의 설정이 출력을 바꾸지 못합니다.
    """
    with tempfile.TemporaryDirectory(prefix="gan-docs-notebook-") as folder:
        with settled(Path(folder)):
            copy = Path(folder) / file.name
            copy.write_bytes(file.read_bytes())
            yield copy


@contextmanager
def settled(folder: Path) -> Iterator[None]:
    """IPython과 Jupyter가 집 대신 `folder`의 설정을 쓰고, 스레드의 수가 늘 같게 합니다."""
    values = {name: str(folder / "settings") for name in SETTINGS}
    values["OMP_NUM_THREADS"] = str(keys.THREADS)
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _output(area: Any) -> Output:
    if "stderr" in (area.get("data-mime-type") or ""):
        raise NotebookError(f"셀이 경고나 오류를 적었습니다: {area.text_content().strip()}")
    images = area.xpath('.//img[starts-with(@src, "data:image/")]')
    if images and (found := EMBEDDED.match(images[0].get("src"))):
        return Output(found["kind"], "".join(found["content"].split()))
    texts = area.xpath("./pre")
    if texts:
        return Output("text", overwrite(texts[0].text_content()).rstrip())
    children = [etree.tostring(child, encoding="unicode", method="html") for child in area]
    if children:
        clean = bleach.clean("".join(children), TAGS, ATTRIBUTES, strip=True)
        return Output("html", clean.strip())
    raise NotebookError(f"모르는 꼴의 출력입니다: {area.get('data-mime-type')}")


def overwrite(text: str) -> str:
    r"""`\r`로 덮어쓴 줄은 마지막에 보이던 모습만 남깁니다."""
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))


def last_line(text: str) -> str:
    """터미널의 색을 뺀 마지막 줄입니다: 셀이 낸 오류의 이름과 까닭."""
    lines = [line for line in COLOUR.sub("", text).splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def _shown(file: Picture, output: Output, cell: dict[str, Any], number: int, pictures: str) -> str:
    alternative = cell.get("metadata", {}).get("alt")
    if not alternative:
        raise NotebookError(
            f"{number}번째 셀이 그림을 그렸지만 메타데이터에 대체 글(alt)이 없습니다"
        )
    size = ""
    if output.kind != "image/svg":
        with Image.open(io.BytesIO(file.content)) as image:
            size = f' width="{image.width}" height="{image.height}"'
    address = f"{pictures}/{file.name}"
    escaped = re.sub(r"([\[\]\\])", r"\\\1", alternative)
    shown = f'![{escaped}]({address}){{{size} loading="lazy" }}'
    return f'<div class="output" markdown>\n\n{shown}\n\n</div>'


def _written(output: Output) -> str:
    if output.kind == "text":
        return fence("text", output.content, ".output")
    return f'<div class="output">\n{output.content}\n</div>'

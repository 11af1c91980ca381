"""노트북 파일을 여느 페이지와 같은 Markdown으로 바꿉니다.

mkdocs-jupyter의 HTML은 페이지마다 스타일 590KB와 스크립트를 싣고, 한글 제목의 id를 비우며,
`.md` 링크를 그대로 둡니다. 그래서 mkdocs-jupyter에는 노트북을 페이지로 올리는 일만 맡깁니다.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import bleach
from PIL import Image

from gan_docs.site.page import blocks, expand
from gan_docs.site.page.kernels import NotebookError, Output, Outputs
from gan_docs.site.page.plain_markdown import Cell
from gan_docs.site.page.sources import PageError

STYLES_AND_SCRIPTS = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
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
SUFFIXES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}


class Picture(NamedTuple):
    """페이지 곁에 놓을 그림 파일입니다."""

    name: str
    content: bytes


class Notebook:
    """노트북 파일 하나입니다. 빈 셀은 읽지 않습니다.

    Raises:
        NotebookError: 노트북으로 읽을 수 없을 때.
    """

    def __init__(self, file: Path) -> None:
        self.stem = file.stem
        try:
            content: dict[str, Any] = json.loads(file.read_text("utf-8"))
            self.front_matter = dict(content.get("metadata", {}).get("front_matter") or {})
            cells = [_cell(cell) for cell in content["cells"] if cell["cell_type"] != "raw"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotebookError(f"노트북으로 읽을 수 없습니다: {error!r}") from None
        self.cells = [cell for cell in cells if cell.source.strip()]

    @property
    def code(self) -> list[str]:
        """코드 셀의 글입니다."""
        return [cell.source for cell in self.cells if cell.kind == "code"]

    @property
    def prose(self) -> str:
        """글 셀을 이은 글입니다."""
        return "\n\n".join(cell.source for cell in self.cells if cell.kind != "code")

    def compose(self, outputs: Outputs, page: str, pictures: str) -> tuple[str, list[Picture]]:
        """글, 코드, 출력을 하나의 Markdown으로 이어, 그림 폴더에 놓을 파일과 함께 돌려줍니다.

        Args:
            outputs: 코드 셀마다의 출력.
            page: 페이지의 파일 이름. `docs/`에서 본 자리.
            pictures: 페이지에서 본 그림 폴더의 자리.

        Raises:
            NotebookError: 글을 펼 수 없거나, 그림을 그린 셀에 대체 글이 없을 때.
        """
        parts: list[str] = []
        files: list[Picture] = []
        remaining = iter(outputs)
        for number, cell in enumerate(self.cells, start=1):
            if cell.kind == "markdown":
                try:
                    parts.append(expand.expand(cell.source, page, f"{number}번째 셀"))
                except PageError as error:
                    raise NotebookError(str(error)) from error
                continue
            parts.append(blocks.fence("python", cell.source))
            for output in next(remaining):
                kind, content = best(output)
                if kind in SUFFIXES:
                    files.append(picture(self.stem, kind, content))
                    parts.append(_shown(files[-1], cell, number, pictures))
                elif kind == "text/html":
                    parts.append(f'<div class="output">\n{clean(content)}\n</div>')
                else:
                    parts.append(blocks.fence("text", written(content), ".output"))
        return "\n\n".join(parts) + "\n", files


def best(output: Output) -> tuple[str, str]:
    """출력이 지닌 꼴 가운데 페이지에 보일 하나와 그 내용입니다.

    Raises:
        NotebookError: 모르는 꼴의 출력일 때.
    """
    if output["output_type"] == "stream":
        return "text/plain", output["text"]
    for kind in ("text/html", *SUFFIXES, "text/plain"):
        if kind in output["data"]:
            return kind, output["data"][kind]
    raise NotebookError(f"모르는 꼴의 출력입니다: {', '.join(output['data'])}")


def picture(stem: str, kind: str, content: str) -> Picture:
    """출력의 그림을 파일로 바꿉니다. 이름에 내용의 키가 들어 있어 낡은 그림이 남지 않습니다."""
    data = content.encode() if kind == "image/svg+xml" else base64.b64decode(content)
    return Picture(f"{stem}-{hashlib.sha256(data).hexdigest()[:12]}.{SUFFIXES[kind]}", data)


def clean(markup: str) -> str:
    """출력의 HTML에서 글과 표만 남깁니다."""
    kept: str = bleach.clean(STYLES_AND_SCRIPTS.sub("", markup), TAGS, ATTRIBUTES, strip=True)
    return kept.strip()


def written(text: str) -> str:
    r"""터미널의 색을 빼고, `\r`로 덮어쓴 줄은 마지막에 보이던 모습만 남깁니다."""
    lines = COLOUR.sub("", text).split("\n")
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines).rstrip()


def _cell(cell: dict[str, Any]) -> Cell:
    text = cell["source"]
    source = text if isinstance(text, str) else "".join(text)
    return Cell(cell["cell_type"], source, cell.get("metadata", {}).get("alt", ""))


def _shown(file: Picture, cell: Cell, number: int, pictures: str) -> str:
    if not cell.alt:
        raise NotebookError(
            f"{number}번째 셀이 그림을 그렸지만 메타데이터에 대체 글(alt)이 없습니다"
        )
    size = ""
    if not file.name.endswith(".svg"):
        with Image.open(io.BytesIO(file.content)) as image:
            size = f' width="{image.width}" height="{image.height}"'
    escaped = re.sub(r"([\[\]\\])", r"\\\1", cell.alt)
    shown = f'![{escaped}]({pictures}/{file.name}){{{size} loading="lazy" }}'
    return f'<div class="output" markdown>\n\n{shown}\n\n</div>'

"""페이지의 글을 읽습니다: 노트북을 Markdown으로 바꾸고, 빈자리를 채우고, 노트북을 딸립니다.

mkdocs-jupyter의 속(`page.render`)과 닿는 자리는 여기뿐입니다.
"""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from gan_docs.site.make import keys
from gan_docs.site.page import claims, expand, kernels, notebooks, plain_markdown
from gan_docs.site.page.kernels import NotebookError, Outputs
from gan_docs.site.page.notebook import Notebook
from gan_docs.site.page.plain_markdown import Cell, Site
from gan_docs.site.page.sources import PageError

NOTEBOOK_PICTURES = "assets/notebook"


class Reader:
    """한 번의 빌드에서 페이지를 읽습니다.

    Args:
        config: MkDocs의 설정.
        files: 사이트의 파일들. 만든 파일을 여기에 더합니다.
        address: 사이트의 주소. 모르면 빈 글.
        live: 고치며 보는 중인지. 그동안에는 딸릴 노트북을 실행하지 않음.
        walk: 소스를 따라갈 길. 주면 그것이 이미 읽은 파일은 다시 읽지 않음.
    """

    def __init__(
        self,
        config: MkDocsConfig,
        files: Files,
        address: str,
        live: bool,
        walk: keys.Walk | None = None,
    ) -> None:
        self.config, self.files = config, files
        self.address, self.live = address, live
        self.walk = walk or keys.Walk()

    def read(self, markdown: str, page: Page) -> str:
        """글을 폅니다. 첫 그림, 첫 화면의 그림, 건넬 파일을 페이지에 적습니다."""
        name = page.file.src_uri
        try:
            if name.endswith(".ipynb"):
                return claims.unmarked(self.read_notebook(page))
            # 앞머리의 줄을 비워 두면 오류가 파일의 줄을 가리킴
            above = page.file.content_string.count("\n") - markdown.count("\n")
            markdown = "\n" * above + markdown
            claims.check(claims.of_page(markdown, name))
            page.picture = expand.first_figure(markdown, name)  # type: ignore[attr-defined]
            page.leading = expand.leading(markdown, name)  # type: ignore[attr-defined]
            drawn = expand.expand(markdown, name, walk=self.walk)
            cells = plain_markdown.cells(markdown, name, self.surroundings(page))
            self.offer(page, cells, self.outputs(cells, execute=not self.live))
        except PageError as error:
            raise PluginError(str(error)) from error
        except NotebookError as error:
            raise PluginError(f"{name}: {error}") from error
        return claims.unmarked(drawn)

    def read_notebook(self, page: Page) -> str:
        """노트북을 실행해 여느 페이지처럼 그리게 합니다."""
        document, name = Notebook(Path(str(page.file.abs_src_path))), page.file.src_uri
        claims.check(claims.of_page(document.prose, name))
        outputs = self.outputs(document.cells, execute=True) or []
        up = "../" * name.count("/")
        markdown, pictures = document.compose(outputs, name, f"{up}{NOTEBOOK_PICTURES}")
        for picture in pictures:
            self.add(f"{NOTEBOOK_PICTURES}/{picture.name}", picture.content)
        give_back_drawing(page)
        page.meta = document.front_matter
        page.picture, page.leading = None, {}  # type: ignore[attr-defined]
        site = self.surroundings(page)
        cells = [
            cell
            if cell.kind == "code"
            else Cell("markdown", plain_markdown.text(cell.source, name, site))
            for cell in document.cells
        ]
        self.offer(page, cells, outputs)
        return markdown

    def outputs(self, cells: list[Cell], execute: bool) -> Outputs | None:
        """코드 셀마다의 출력입니다. 실행하지 않았으면 `None`."""
        sources = [cell.source for cell in cells if cell.kind == "code"]
        return kernels.outputs(sources, self.walk, execute=execute) if sources else []

    def surroundings(self, page: Page) -> Site:
        """노트북의 글이 쓸 링크와 그림입니다."""

        def find(path: str) -> str | None:
            found = self.files.get_file_from_path(path)
            return None if found is None else found.url.removeprefix("./")

        link = notebooks.link(page.file.src_uri, page.url, find, self.address)
        return Site(link, notebooks.figure(self.address))

    def offer(self, page: Page, cells: list[Cell], outputs: Outputs | None) -> None:
        """코드가 든 페이지에 노트북과 스크립트를 딸립니다."""
        if not any(cell.kind == "code" for cell in cells):
            return
        to = notebooks.Publication(self.address, self.config.extra["repository"])
        offer, made = notebooks.offer(page.url, cells, outputs, to)
        page.offer = offer  # type: ignore[attr-defined]
        for place, content in made.items():
            self.add(place, content)

    def add(self, place: str, content: str | bytes) -> None:
        """만든 파일을 사이트에 더합니다."""
        self.files.append(File.generated(self.config, place, content=content))


def give_back_drawing(page: Page) -> None:
    """mkdocs-jupyter가 바꿔 끼운 그리기를 떼어, MkDocs가 여느 페이지처럼 그리게 합니다.

    Raises:
        NotebookError: mkdocs-jupyter가 바뀌어 뗄 것이 없을 때.
    """
    if page.__dict__.pop("render", None) is None:
        raise NotebookError("mkdocs-jupyter가 바뀌어 그리기를 뗄 자리(page.render)가 없습니다")

"""페이지의 글을 읽습니다: 노트북을 Markdown으로 바꾸고, 빈자리를 채우고, 노트북을 딸립니다."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from gan_docs.site.make.storage import cache_folder
from gan_docs.site.page import blocks, expand, kernels, notebook, notebooks, plain_markdown

NOTEBOOK_PICTURES = "assets/notebook"


class Reader:
    """한 번의 빌드에서 페이지를 읽습니다.

    Args:
        config: MkDocs의 설정.
        files: 사이트의 파일들.
        address: 사이트의 주소. 모르면 빈 글.
        live: 고치며 보는 중인지. 그동안에는 딸릴 노트북을 실행하지 않음.
    """

    def __init__(self, config: MkDocsConfig, files: Files, address: str, live: bool) -> None:
        self.config, self.files = config, files
        self.address, self.live = address, live

    def read(self, markdown: str, page: Page) -> str:
        """노트북을 Markdown으로 바꾸고, 페이지의 빈자리를 채웁니다."""
        if page.file.src_uri.endswith(".ipynb"):
            markdown = self.read_notebook(page)
        page.picture = expand.first_figure(markdown)  # type: ignore[attr-defined]
        page.leading = expand.leading(markdown)  # type: ignore[attr-defined]
        try:
            written, markdown = markdown, expand.expand(markdown, page.file.src_uri)
            if not page.file.src_uri.endswith(".ipynb"):
                site = self.surroundings(page)
                self.offer(page, plain_markdown.cells(written, page.file.src_uri, site))
        except (expand.PageError, blocks.BlockError) as error:
            raise PluginError(str(error)) from error
        return markdown

    def read_notebook(self, page: Page) -> str:
        """mkdocs-jupyter에게 실행만 맡기고, 쪽은 사이트의 Markdown으로 그리게 합니다."""
        file, title = Path(str(page.file.abs_src_path)), page.__dict__.get("title")

        def execute() -> str:
            with notebook.workplace(file) as copy:
                page.file.abs_src_path = str(copy)
                try:
                    page.render(self.config, self.files)
                except Exception as error:
                    reason = notebook.last_line(str(error))
                    raise notebook.NotebookError(f"노트북의 셀이 실패했습니다: {reason}") from error
                finally:
                    page.file.abs_src_path = str(file)
            return str(page.content)

        try:
            document = notebook.Notebook(file)
            outputs = document.outputs(cache_folder("notebooks"), execute)
            up = "../" * page.file.src_uri.count("/")
            markdown, pictures = document.compose(outputs, f"{up}{NOTEBOOK_PICTURES}")
        except notebook.NotebookError as error:
            raise PluginError(f"{page.file.src_uri}: {error}") from error
        for picture in pictures:
            place = f"{NOTEBOOK_PICTURES}/{picture.name}"
            self.files.append(File.generated(self.config, place, content=picture.content))
        page.__dict__.pop("render", None)  # mkdocs-jupyter의 그리기 대신 MkDocs의 그리기
        page.__dict__.pop("title", None)
        if title is not None:
            page.title = title
        page.meta = document.front_matter
        site = self.surroundings(page)
        self.offer(page, document.plain(page.file.src_uri, site), outputs)
        return markdown

    def surroundings(self, page: Page) -> plain_markdown.Site:
        """노트북의 글이 쓸 링크와 그림입니다."""

        def find(path: str) -> str | None:
            found = self.files.get_file_from_path(path)
            return None if found is None else found.url.removeprefix("./")

        address = self.address
        link = notebooks.link(page.file.src_uri, page.url, find, address)
        return plain_markdown.Site(link, notebooks.figure(address))

    def offer(
        self,
        page: Page,
        cells: list[plain_markdown.Cell],
        executed: list[list[notebook.Output]] | None = None,
    ) -> None:
        """코드가 든 쪽에 노트북과 스크립트를 딸립니다. 고치며 보는 동안에는 실행하지 않습니다."""
        if not any(cell.kind == "code" for cell in cells):
            return
        to = notebooks.Publication(self.address, self.config.extra["repository"])
        folder = cache_folder("notebooks")
        try:
            outputs = (
                kernels.outputs(cells, folder, execute=not self.live)
                if executed is None
                else kernels.recorded(executed)
            )
            page.offer, made = notebooks.offer(  # type: ignore[attr-defined]
                page.url, cells, outputs, to
            )
        except notebook.NotebookError as error:
            raise PluginError(f"{page.file.src_uri}: {error}") from error
        for place, content in made.items():
            self.files.append(File.generated(self.config, place, content=content))

"""책 한 권을 그리는 동안 이어지는 것과, MkDocs의 사건마다 할 일입니다."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from gan_docs.files import without_sections
from gan_docs.site.html import (
    categories,
    feed,
    fonts,
    highlighting,
    mathematics,
    metadata,
    particles,
    report,
    search,
    security,
    share,
    styles,
    terms,
    theme,
)
from gan_docs.site.make import figures, keys, live, results
from gan_docs.site.make.storage import (
    cache_folder,
    check_folder,
    explain,
    prepare_cache,
    write_text,
)
from gan_docs.site.make.store import sweep
from gan_docs.site.page import ahead, cards, frontmatter, glossary, notebooks, sources
from gan_docs.site.page.reading import Reader
from gan_docs.site.page.sources import log


class Book:
    """한 번의 빌드 동안 이어지는 것입니다. 고치며 볼 때는 코드를 고칠 때까지 이어집니다."""

    def __init__(self, config: MkDocsConfig, live: bool) -> None:
        self.live = live
        self.modules = Path(config.config_file_path).parent / "node_modules"
        self.renderer = mathematics.Renderer(self.modules, cache_folder("formulas"))
        self.prepared = False  # 실험과 그림을 갖추었는지
        self.characters = self.laid = fonts.EMPTY  # 모은 글자와, 놓은 글꼴에 든 글자
        self.sheet: dict[str, str] = {}  # 페이지에서 옮긴 style 속성
        self.entries: Mapping[str, metadata.Entry] = {}
        self.glossary: tuple[glossary.Entry, ...] = ()
        self.nav: Navigation
        self.reader: Reader
        self.compiled = theme.Compiled()
        self.colours = highlighting.Colours()

    @functools.cached_property
    def made(self) -> dict[str, Path]:
        """빌드가 갖춘 파일입니다: 사이트에서의 자리와 보관한 파일. 코드를 고칠 때까지 같습니다."""
        return {**cards.files(), **live.files(self.modules)}

    def begin(self, config: MkDocsConfig) -> None:
        """빌드에 필요한 도구를 먼저 확인하고, 모자란 실험과 그림과 출력을 갖춥니다."""
        try:
            sweep(prepare_cache())
            check_folder(Path(config.site_dir), "사이트의 폴더", "`--site-dir`로 자리를 옮기세요")
            fonts.check(self.modules)
            mathematics.version(self.modules)
            live.check(self.modules)
            theme.check()
            theme.lighten_search(config)
            if self.live:
                theme.remember_search(config)
                self.colours.remember()
            config.extra["repository"] = notebooks.repository(config.extra.get("repository"))
            if not self.prepared and (results.missing() or figures.missing()):
                make()
            self.walk = keys.Walk()  # 소스를 이번 빌드에 한 번만 읽음
            if not self.prepared:
                ahead.run(Path(config.docs_dir), notebooks=not self.live, walk=self.walk)
        except PluginError:
            raise
        except Exception as error:  # 실험과 그림의 모듈을 여기서 처음 읽음
            raise PluginError(explain(error)) from error
        self.prepared = True
        if self.live:
            self.characters |= fonts.everyday()

    def add_files(self, files: Files, config: MkDocsConfig) -> None:
        """빌드가 갖춘 파일과 용어집을 사이트에 더하고, 페이지를 읽을 채비를 합니다."""
        address = self.about(config).address
        self.reader = Reader(config, files, address, self.live, self.walk)
        style = mathematics.stylesheet(self.modules)
        files.append(File.generated(config, mathematics.STYLESHEET, content=style))
        for place, source in self.made.items():
            files.append(File.generated(config, place, abs_src_path=str(source)))
        for file in files:
            if file.src_uri.startswith("examples/"):
                file.content_string = without_sections(file.content_string)
        try:
            self.glossary = search.place(files, config)
        except glossary.GlossaryError as error:
            raise PluginError(str(error)) from error

    def read(self, markdown: str, page: Page) -> str:
        """노트북을 Markdown으로 바꾸고, 페이지의 빈자리를 채웁니다."""
        return self.reader.read(markdown, page)

    def describe(self, env: Environment, files: Files, config: MkDocsConfig) -> None:
        """모든 페이지의 메타데이터를 모으고, 주소를 알면 피드와 나눌 그림을 사이트에 더합니다."""
        site = self.about(config)
        env.bytecode_cache = self.compiled
        env.globals["feed"] = feed.PLACE if site.address else None
        if any(page.markdown is None for page in self.nav.pages):
            return  # 고친 페이지만 읽었으면 지난 것을 그대로 씀
        pages: list[Any] = self.nav.pages
        entries = [metadata.read(page) for page in pages if page.front_matter]
        if site.address and entries:
            entries, made = share.illustrated(entries, site.name, self.modules)
            for place, picture in made.items():
                files.append(File.generated(config, place, abs_src_path=str(picture)))
            files.append(File.generated(config, feed.PLACE, content=feed.feed(entries, site)))
        self.entries = {entry.source: entry for entry in entries}

    def draw(self, html: str, page: Any, config: MkDocsConfig, files: Files) -> str:
        """앞머리와 읽을 시간을 셈하고, 코드와 용어를 잇고, 조사를 묶고, 수식을 그립니다."""
        try:
            page.front_matter = frontmatter.read(page.meta)
        except frontmatter.FrontMatterError as error:
            log.warning("%s: %s", page.file.src_uri, error)
            page.front_matter = None
        page.meta = theme.escaped(page.meta)
        pace = config.extra.get("characters_per_minute", frontmatter.CHARACTERS_PER_MINUTE)
        page.reading_minutes = frontmatter.reading_minutes(html, pace)
        for title in titles(page.toc):
            if "\\(" in title:
                log.warning("%s: 제목에는 수식을 쓰지 않습니다: %s", page.file.src_uri, title)
        html = sources.link(html, config.extra["repository"])
        if listed := files.get_file_from_path(glossary.PAGE):
            address = get_relative_url(listed.url, page.url)
            html = terms.linked(html, self.glossary, page.file.src_uri, address)
        html = particles.kept(html)
        try:
            drawn = self.renderer.render(html, page.file.src_uri)
        except mathematics.MathematicsError as error:
            raise PluginError(str(error)) from error
        page.has_mathematics = drawn is not html
        return drawn

    def add_context(self, context: Any, page: Any, config: MkDocsConfig) -> None:
        """페이지의 머리에 적을 것과 분류의 주소를 틀에 건네고, 분류의 목록을 채웁니다."""
        site = self.about(config)
        if entry := self.entries.get(page.file.src_uri):
            context["metadata"] = metadata.head(entry, site)
        if page.front_matter:
            listed = (each.url for each in self.nav.pages if each.file.src_uri == categories.PAGE)
            names = page.front_matter.categories
            context["categories"] = categories.links(names, next(listed, None))
        theme.escape_tags(page.toc)
        page.content = categories.filled(page.content or "", self.entries.values(), page.url)

    def close(self, output: str, name: str) -> str:
        """다 그린 HTML을 다듬고 글자를 모읍니다. 고치며 볼 때는 정책을 적지 않습니다."""
        try:
            output = theme.mend(output)
            if not self.live:  # 고치며 볼 때는 서버가 스크립트를 끼움
                output = security.close(output, self.sheet)
        except (theme.ThemeError, security.SecurityError, styles.StyleError) as error:
            raise PluginError(f"{name}: {error}") from error
        if not self.live or not fonts.visible(output) <= self.characters.text:
            self.characters |= fonts.characters(output)
        return output

    def finish(self, config: MkDocsConfig) -> None:
        """블록을 세어 빌드의 기록을 적고, 사이트가 쓴 글자만 남긴 글꼴을 놓습니다.

        페이지의 글만 고쳤고 새 글자가 없으면 놓여 있는 글꼴이 그대로 맞습니다.
        """
        site, edited = Path(config.site_dir), config.extra.get("edited_page_only", False)
        if report.waiting(site) or not edited:
            census, filled = report.finish(site)
            self.characters |= fonts.characters(filled)
            for block in census.unaccounted:
                log.warning("%s: 실행되지 않는 코드 블록: %s", block.page, block.first_line)
        theme.escape_index(site)
        if not self.live:
            write_text(site / styles.STYLESHEET, styles.stylesheet(self.sheet))
        self.characters |= fonts.of_scripts(Path(config.docs_dir, live.FOLDER).glob("*.js"))
        if edited and self.characters == self.laid:
            return
        sizes = fonts.build(self.characters, self.modules, cache_folder("fonts"), site)
        self.laid = self.characters
        for name, size in sizes.items():
            log.info("글꼴 %s: %s바이트", name, f"{size:,}")

    def about(self, config: MkDocsConfig) -> metadata.Site:
        """사이트의 이름과 주소입니다. 고치며 보는 동안의 주소는 공개할 주소가 아닙니다."""
        address = "" if self.live else config.site_url or ""
        author, description = config.site_author or config.site_name, config.site_description or ""
        return metadata.Site(config.site_name, description, author, address)


def make() -> None:
    """실험과 그림을 다른 프로세스에서 갖춥니다: 고치며 볼 때에도 늘 새 코드를 읽습니다."""
    command = [sys.executable, "-m", "gan_docs.site", "--results"]
    with subprocess.Popen(command, env={**os.environ, "OMP_NUM_THREADS": "1"}) as process:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.wait()  # 함께 받은 신호로 스스로 치우고 끝남
            raise
    if code:
        raise PluginError("실험이나 그림을 만들지 못했습니다. 위의 이유를 보세요.")


def titles(toc: Any) -> list[str]:
    """차례의 모든 제목입니다."""
    return [name for item in toc for name in (item.title, *titles(item.children))]

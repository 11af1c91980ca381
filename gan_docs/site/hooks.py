"""MkDocs가 부르는 훅입니다. 일은 `gan_docs.site`의 모듈이 하고, 여기서는 때와 자리만 잇습니다."""

from __future__ import annotations

import importlib
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url
from watchdog.observers.polling import PollingObserver

from gan_docs.site import serve
from gan_docs.site.html import (
    categories,
    fonts,
    mathematics,
    metadata,
    particles,
    report,
    security,
    share,
    templates,
    terms,
    theme,
)
from gan_docs.site.make import live
from gan_docs.site.make.storage import cache_folder, check_folder, explain, prepare_cache
from gan_docs.site.make.store import sweep
from gan_docs.site.page import (
    blocks,
    expand,
    frontmatter,
    glossary,
    kernels,
    notebook,
    notebooks,
    plain_markdown,
    sources,
)

log = logging.getLogger("mkdocs.hooks.gan_docs")

NOTEBOOK_PICTURES = "assets/notebook"

SECONDS_BETWEEN_LOOKS = 0.1
FIRST = 100  # 플러그인보다 먼저
LAST = -100  # 플러그인 다음에


class State:
    """한 번의 빌드 동안 이어지는 것입니다. 쪽이 아니라 빌드에 딸립니다."""

    live = False
    sources: serve.Snapshot | None = None  # 마지막으로 갖춘 실험과 그림의 코드
    renderer: mathematics.Renderer
    characters = fonts.EMPTY
    nav: Navigation
    entries: Mapping[str, metadata.Entry] = {}
    glossary: tuple[glossary.Entry, ...] = ()

    def __init__(self) -> None:
        self.styles: dict[str, str] = {}  # 쪽에서 옮긴 style 속성


state = State()


def on_startup(command: str, dirty: bool) -> None:
    """고치며 보는 중인지 기억합니다."""
    state.live = command == "serve"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """빌드에 필요한 도구를 먼저 확인하고, 실험과 그림을 갖춥니다."""
    modules = node_modules(config)
    try:
        sweep(prepare_cache())
        check_folder(Path(config.site_dir), "사이트의 폴더", "`--site-dir`로 자리를 옮기세요")
        if state.live and state.sources is None:
            serve.check_address(*config.dev_addr)
        fonts.check(modules)
        mathematics.version(modules)
        live.check(modules)
        config.extra["repository"] = notebooks.repository(config.extra.get("repository"))
        prepare(config)
    except (OSError, ValueError) as error:
        raise PluginError(explain(error)) from error
    if getattr(state, "renderer", None) is None or state.renderer.modules != modules:
        state.renderer = mathematics.Renderer(modules, cache_folder("formulas"))
    if state.live:  # 검색이 고친 쪽의 글만 바꾸고 나머지는 기억하게 함
        config.plugins["material/search"].is_dirty = True  # type: ignore[attr-defined]
        state.characters |= fonts.everyday()
    else:
        state.characters, state.styles = fonts.EMPTY, {}
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """수식의 스타일과 글꼴, 그림, 브라우저에서 도는 요소의 파일을 사이트에 더합니다."""
    modules = node_modules(config)
    style = mathematics.stylesheet(modules)
    files.append(File.generated(config, mathematics.STYLESHEET, content=style))
    folder = mathematics.STYLESHEET.rpartition("/")[0]
    for font in mathematics.fonts(modules):
        place = f"{folder}/fonts/{font.name}"
        files.append(File.generated(config, place, abs_src_path=str(font)))
    for place, made in {**expand.files(), **live.files(modules)}.items():
        files.append(File.generated(config, place, abs_src_path=str(made)))
    try:
        state.glossary = glossary.place(files, config)
    except glossary.GlossaryError as error:
        raise PluginError(str(error)) from error
    return files


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """쪽의 차례를 기억합니다."""
    state.nav = nav
    return nav


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """옮긴 틀을 보관해, 다음 그리기부터는 틀을 다시 옮기지 않게 합니다."""
    env.bytecode_cache = templates.open_cache(cache_folder("bytecode"))
    env.globals["feed"] = metadata.FEED if about(config).address else None
    if all(page.markdown is not None for page in state.nav.pages):  # 고친 쪽만 읽었으면 지난 것을
        describe(config, files)
    return env


def on_build_error(error: Exception, **_: object) -> None:
    """디스크가 가득 찬 것처럼 파일을 쓰지 못한 까닭을 한 줄로 알립니다."""
    if isinstance(error, OSError):
        raise PluginError(f"사이트를 빌드하지 못했습니다: {explain(error)}") from error


@event_priority(FIRST)
def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """노트북을 Markdown으로 바꾸고, 쪽의 빈자리를 채웁니다."""
    if page.file.src_uri.endswith(".ipynb"):
        markdown = read_notebook(page, config, files)
    page.picture = expand.first_figure(markdown)  # type: ignore[attr-defined]
    page.leading = expand.leading(markdown)  # type: ignore[attr-defined]
    try:
        written, markdown = markdown, expand.expand(markdown, page.file.src_uri)
        if not page.file.src_uri.endswith(".ipynb"):
            site = surroundings(page, config, files)
            offer(page, config, files, plain_markdown.cells(written, page.file.src_uri, site))
    except (expand.PageError, blocks.BlockError) as error:
        raise PluginError(str(error)) from error
    return markdown


@event_priority(LAST)
def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """앞머리와 읽을 시간을 셈하고, 코드와 용어를 잇고, 조사를 묶고, 수식을 그립니다."""
    try:
        page.front_matter = frontmatter.read(page.meta)  # type: ignore[attr-defined]
    except frontmatter.FrontMatterError as error:
        log.warning("%s: %s", page.file.src_uri, error)
        page.front_matter = None  # type: ignore[attr-defined]
    page.meta = metadata.escaped(page.meta)
    pace = config.extra.get("characters_per_minute", frontmatter.CHARACTERS_PER_MINUTE)
    page.reading_minutes = frontmatter.reading_minutes(html, pace)  # type: ignore[attr-defined]
    for title in _titles(page.toc):
        if "\\(" in title:
            log.warning("%s: 제목에는 수식을 쓰지 않습니다: %s", page.file.src_uri, title)
    html = sources.link(html, config.extra["repository"])
    if listed := files.get_file_from_path(glossary.PAGE):
        address = get_relative_url(listed.url, page.url)
        html = terms.linked(html, state.glossary, page.file.src_uri, address)
    html = particles.kept(html)
    try:
        drawn = state.renderer.render(html, page.file.src_uri)
    except mathematics.MathematicsError as error:
        raise PluginError(str(error)) from error
    page.has_mathematics = drawn is not html  # type: ignore[attr-defined]
    return drawn


@event_priority(FIRST)
def on_page_context(context: Any, page: Page, config: MkDocsConfig, nav: Navigation) -> Any:
    """쪽의 머리에 적을 것과 분류의 주소를 틀에 건네고, 분류의 목록을 채웁니다."""
    if entry := state.entries.get(page.file.src_uri):
        context["metadata"] = metadata.head(entry, about(config))
    if front := page.front_matter:  # type: ignore[attr-defined]
        listed = (each.url for each in nav.pages if each.file.src_uri == categories.PAGE)
        context["categories"] = categories.links(front.categories, next(listed, None))
    metadata.escape_tags(page.toc)
    if page.content and categories.PLACE in page.content:
        found = metadata.by_category(state.entries.values())
        page.content = page.content.replace(categories.PLACE, categories.listing(found, page.url))
    return context


@event_priority(LAST)
def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """테마의 흠을 고치고, 보안 정책을 적고, 쪽이 쓴 글자를 모읍니다."""
    return finish(output, page.file.src_uri)


@event_priority(LAST)
def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """404 쪽도 여느 쪽처럼 마무리합니다."""
    if not template_name.endswith(".html"):
        return output_content
    return finish(output_content, template_name)


@event_priority(LAST)
def on_post_build(config: MkDocsConfig) -> None:
    """덩이를 세어 빌드의 기록을 적고, 사이트가 쓴 글자만 남긴 글꼴을 놓습니다."""
    modules, site = node_modules(config), Path(config.site_dir)
    if report.waiting(site) or not config.extra.get("edited_page_only"):
        census = report.finish(site)
        state.characters |= fonts.characters(report.census_table(census) + report.summary(census))
        for block in census.unaccounted:
            log.warning("%s: 실행되지 않는 코드 덩이: %s", block.page, block.first_line)
    security.escape_index(site / security.INDEX)
    if not state.live:
        security.write(site, state.styles)
    state.characters |= live.characters(Path(config.docs_dir))
    sizes = fonts.build(state.characters, modules, cache_folder("fonts"), site)
    for name, size in sizes.items():
        log.info("글꼴 %s: %s바이트", name, f"{size:,}")


def on_serve(
    server: LiveReloadServer, config: MkDocsConfig, builder: Callable[[], None]
) -> LiveReloadServer:
    """글만 고쳤으면 그 쪽만 다시 그리게 하고, 고친 것을 더 자주 살핍니다."""
    server.builder = serve.Rebuilder(config, builder)
    watched = [config.docs_dir, config.config_file_path]
    for place in watched:
        server.unwatch(place)
    server.observer = PollingObserver(timeout=SECONDS_BETWEEN_LOOKS)
    for place in watched:
        server.watch(place)
    return server


def about(config: MkDocsConfig) -> metadata.Site:
    """사이트의 이름과 주소입니다. 고치며 보는 동안의 주소는 공개할 주소가 아닙니다."""
    address = "" if state.live else config.site_url or ""
    author, description = config.site_author or config.site_name, config.site_description or ""
    return metadata.Site(config.site_name, description, author, address)


def describe(config: MkDocsConfig, files: Files) -> None:
    """모든 쪽의 메타데이터를 모으고, 주소를 알면 피드와 나눌 그림을 사이트에 더합니다."""
    site, made, entries = about(config), {}, []
    for page in state.nav.pages:
        front = page.front_matter  # type: ignore[attr-defined]
        if front is None:
            continue
        entry = metadata.read(page)
        if site.address:
            name, modules = page.picture, node_modules(config)  # type: ignore[attr-defined]
            picture, file = share.picture(front, name, site.name, modules)
            made[picture.place] = File.generated(config, picture.place, abs_src_path=str(file))
            entry = entry._replace(picture=picture)
        entries.append(entry)
    if site.address and entries:
        content = metadata.feed(entries, site)
        made[metadata.FEED] = File.generated(config, metadata.FEED, content=content)
    for generated in made.values():
        files.append(generated)
    state.entries = {entry.source: entry for entry in entries}


def prepare(config: MkDocsConfig) -> None:
    """코드가 바뀌었으면 새 코드를 읽고, 모자란 실험과 그림을 갖춥니다."""
    root = Path(config.config_file_path).parent
    sources = serve.snapshot([str(root / "gan_docs"), str(root / "docs" / "examples")])
    if state.sources == sources:
        return
    if state.sources is not None:
        reload()
    if expand.missing():
        build()
    state.sources = sources


def reload() -> None:
    """패키지의 모듈을 모두 새로 읽고, 이 파일이 부르는 이름을 새 모듈의 것으로 바꿉니다."""
    mine = {
        name: (module.__name__, None) if isinstance(module, ModuleType) else (home, name)
        for name, module in globals().items()
        if (home := getattr(module, "__module__", None)) or isinstance(module, ModuleType)
    }
    for name in [name for name in sys.modules if name.partition(".")[0] == "gan_docs"]:
        del sys.modules[name]
    for name, (home, inside) in mine.items():
        if str(home).startswith("gan_docs."):
            module = importlib.import_module(str(home))
            globals()[name] = getattr(module, inside) if inside else module


def build() -> None:
    """실험과 그림을 다른 프로세스에서 갖춥니다: 고치며 볼 때에도 늘 새 코드를 읽습니다."""
    command = [sys.executable, "-m", "gan_docs.site"]
    with subprocess.Popen(command, env={**os.environ, "OMP_NUM_THREADS": "1"}) as process:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.wait()  # 함께 받은 신호로 스스로 치우고 끝남
            raise
    if code:
        raise PluginError("실험이나 그림을 만들지 못했습니다. 위의 까닭을 보세요.")


def node_modules(config: MkDocsConfig) -> Path:
    """Npm 패키지가 설치되는 폴더입니다."""
    return Path(config.config_file_path).parent / "node_modules"


def finish(output: str, name: str) -> str:
    """다 그린 HTML을 다듬고 글자를 모읍니다. 고치며 볼 때는 정책을 적지 않습니다."""
    try:
        output = theme.mend(output)
        if not state.live:  # 고치며 볼 때는 서버가 스크립트를 끼움
            output = security.close(output, state.styles)
    except (theme.ThemeError, security.SecurityError) as error:
        raise PluginError(f"{name}: {error}") from error
    if not state.live or not fonts.visible(output) <= state.characters.text:
        state.characters |= fonts.characters(output)
    return output


def read_notebook(page: Page, config: MkDocsConfig, files: Files) -> str:
    """mkdocs-jupyter에게 실행만 맡기고, 쪽은 사이트의 Markdown으로 그리게 합니다."""
    file, title = Path(str(page.file.abs_src_path)), page.__dict__.get("title")

    def execute() -> str:
        with notebook.workplace(file) as copy:
            page.file.abs_src_path = str(copy)
            try:
                page.render(config, files)
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
        files.append(File.generated(config, place, content=picture.content))
    page.__dict__.pop("render", None)  # mkdocs-jupyter의 그리기 대신 MkDocs의 그리기
    page.__dict__.pop("title", None)
    if title is not None:
        page.title = title
    page.meta = document.front_matter
    site = surroundings(page, config, files)
    offer(page, config, files, document.plain(page.file.src_uri, site), outputs)
    return markdown


def surroundings(page: Page, config: MkDocsConfig, files: Files) -> plain_markdown.Site:
    """노트북의 글이 쓸 링크와 그림입니다."""

    def find(path: str) -> str | None:
        found = files.get_file_from_path(path)
        return None if found is None else found.url.removeprefix("./")

    address = about(config).address
    link = notebooks.link(page.file.src_uri, page.url, find, address)
    return plain_markdown.Site(link, notebooks.figure(address))


def offer(
    page: Page,
    config: MkDocsConfig,
    files: Files,
    cells: list[plain_markdown.Cell],
    executed: list[list[notebook.Output]] | None = None,
) -> None:
    """코드가 든 쪽에 노트북과 스크립트를 딸립니다. 고치며 보는 동안에는 실행하지 않습니다."""
    if not any(cell.kind == "code" for cell in cells):
        return
    to = notebooks.Publication(about(config).address, config.extra["repository"])
    folder = cache_folder("notebooks")
    try:
        outputs = (
            kernels.outputs(cells, folder, execute=not state.live)
            if executed is None
            else kernels.recorded(executed)
        )
        page.offer, made = notebooks.offer(  # type: ignore[attr-defined]
            page.url, cells, outputs, to
        )
    except notebook.NotebookError as error:
        raise PluginError(f"{page.file.src_uri}: {error}") from error
    for place, content in made.items():
        files.append(File.generated(config, place, content=content))


def _titles(toc: Any) -> list[str]:
    return [name for item in toc for name in (item.title, *_titles(item.children))]

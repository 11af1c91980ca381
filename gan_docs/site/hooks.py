"""MkDocs가 부르는 훅입니다. 일은 `gan_docs.site`의 층들이 하고, 여기서는 때와 자리만 잇습니다.

MkDocs는 이 파일을 한 번만 읽습니다. 그래서 층을 머리에서 부르지 않고 쓸 때 찾습니다: 고치며 보는
동안 코드가 바뀌면 패키지의 모듈을 모두 잊고, 다음에 찾을 때 새 코드를 읽습니다.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

if TYPE_CHECKING:
    from gan_docs.site.html.book import Book
    from gan_docs.site.serve import Snapshot

FIRST = 100  # 플러그인보다 먼저
LAST = -100  # 플러그인 다음에


class State:
    """MkDocs가 도는 동안 이어지는 것입니다."""

    live = False
    code: Snapshot | None = None  # 마지막으로 갖춘 실험과 그림의 코드
    book: Book


state = State()


def on_startup(command: str, dirty: bool) -> None:
    """고치며 보는 중인지 기억합니다."""
    state.live = command == "serve"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """코드가 바뀌었으면 모두 새로 읽고, 빌드에 필요한 것을 갖춥니다."""
    try:
        prepare(config)
    except SyntaxError as error:  # 고치다 만 코드: 패키지의 것을 부를 수 없음
        place = f"{error.filename}:{error.lineno}"
        raise PluginError(f"코드를 읽지 못했습니다: {place}: {error.msg}") from error
    return config


def prepare(config: MkDocsConfig) -> None:
    """책을 마련합니다. 패키지를 부르는 첫 자리입니다."""
    from gan_docs.site import serve

    if state.live and state.code is None:
        serve.check_address(*config.dev_addr)
    code = serve.code(config)
    if code != state.code:
        if state.code is not None:
            forget()
        from gan_docs.site.html.book import Book

        state.book = Book(config, state.live)
    state.book.begin(config)
    state.code = code


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """빌드가 만든 파일을 사이트에 더합니다."""
    state.book.add_files(files, config)
    return files


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """페이지의 차례를 기억합니다."""
    state.book.nav = nav
    return nav


@event_priority(FIRST)
def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """노트북을 Markdown으로 바꾸고, 페이지의 빈자리를 채웁니다."""
    return state.book.read(markdown, page)


@event_priority(LAST)
def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """본문의 용어, 조사, 수식을 다듬습니다."""
    return state.book.draw(html, page, config, files)


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """모든 페이지를 읽은 다음, 서로를 아는 것을 만듭니다."""
    state.book.describe(env, files, config)
    return env


@event_priority(FIRST)
def on_page_context(context: Any, page: Page, config: MkDocsConfig, nav: Navigation) -> Any:
    """틀에 건넬 것을 더합니다."""
    state.book.add_context(context, page, config)
    return context


@event_priority(LAST)
def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """테마의 흠을 고치고, 보안 정책을 적고, 페이지가 쓴 글자를 모읍니다."""
    return state.book.close(output, page.file.src_uri)


@event_priority(LAST)
def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """404 페이지도 여느 페이지처럼 마무리합니다."""
    if not template_name.endswith(".html"):
        return output_content
    return state.book.close(output_content, template_name)


@event_priority(LAST)
def on_post_build(config: MkDocsConfig) -> None:
    """빌드의 기록과 글꼴을 놓습니다."""
    state.book.finish(config)


def on_serve(
    server: LiveReloadServer, config: MkDocsConfig, builder: Callable[[], None]
) -> LiveReloadServer:
    """글만 고쳤으면 그 페이지만 다시 그리게 하고, 고친 것을 더 자주 살핍니다."""
    from gan_docs.site import livereload

    return livereload.hasten(server, config, builder)


def on_build_error(error: Exception, **_: object) -> None:
    """디스크가 가득 찬 것처럼 파일을 쓰지 못한 이유를 한 줄로 알립니다."""
    from gan_docs.site.make.storage import explain

    if isinstance(error, OSError):
        raise PluginError(f"사이트를 빌드하지 못했습니다: {explain(error)}") from error


def forget() -> None:
    """패키지의 모듈을 모두 잊습니다. 다음에 부를 때 새 코드를 읽습니다."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "gan_docs"]:
        del sys.modules[name]

"""MkDocs의 서버(LiveReload)의 속에 기대는 모든 것: 다시 그리는 함수와, 고친 것을 살피는 눈."""

from __future__ import annotations

from collections.abc import Callable

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError, PluginError
from mkdocs.livereload import LiveReloadServer
from watchdog.observers.polling import PollingObserver

from gan_docs.site.serve import Snapshot, only_text, snapshot

SECONDS_BETWEEN_LOOKS = 0.1
INSIDES = ("builder", "observer", "watch", "unwatch")


class Rebuilder:
    """서버가 부르는, 다시 그리는 일입니다. 글만 고쳤으면 그 페이지만 그립니다.

    설정, 스타일, 앞머리, 코드처럼 여러 페이지에 걸친 것을 고치면 `full`이 모두 다시 그립니다.
    """

    def __init__(self, config: MkDocsConfig, full: Callable[[], None]) -> None:
        self.config = config
        self.full = full
        self.whole = True  # 모든 페이지가 그려져 있는지
        self.seen = self.look()

    def __call__(self) -> None:
        """바뀐 것을 보고, 그 페이지만 또는 모두 다시 그립니다.

        Raises:
            Abort: 설정 파일을 읽지 못할 때.
        """
        before, self.seen = self.seen, self.look()
        if self.whole and self.seen == before:
            return  # 한 번 고친 것을 두 번 들음
        if self.whole and only_text(before, self.seen):
            self.quick()
            return
        self.whole = False
        try:
            self.full()
        except ConfigurationError as error:
            told = " ".join(str(error).split())
            raise Abort(f"mkdocs.yml을 읽지 못했습니다: {told}") from error
        self.whole = True

    def quick(self) -> None:
        """고친 페이지만 다시 그립니다."""
        config = load_config(
            self.config.config_file_path,
            site_dir=self.config.site_dir,
            strict=self.config.strict,
            dev_addr=str(self.config.dev_addr),
        )
        config.site_url = self.config.site_url
        config.extra["edited_page_only"] = True
        forget_theme_files(config)
        build(config, serve_url=self.config.site_url, dirty=True)

    def look(self) -> Snapshot:
        """지켜보는 모든 파일의 지금 모습입니다."""
        return snapshot([self.config.config_file_path, self.config.docs_dir, *self.config.watch])


def forget_theme_files(config: MkDocsConfig) -> None:
    """테마의 파일을 다시 모으지 않게 합니다. 처음 그릴 때에 이미 사이트에 놓았습니다.

    Raises:
        PluginError: 테마가 바뀌어 모으는 자리가 없을 때.
    """
    environment = config.theme.get_env()
    if not hasattr(environment, "list_templates"):
        raise PluginError("테마의 파일을 모으는 자리(list_templates)가 없습니다")
    environment.list_templates = lambda *_, **__: []  # type: ignore[method-assign]
    config.theme.get_env = lambda: environment  # type: ignore[method-assign]


def hasten(
    server: LiveReloadServer, config: MkDocsConfig, builder: Callable[[], None]
) -> LiveReloadServer:
    """글만 고쳤으면 그 페이지만 다시 그리게 하고, 고친 것을 더 자주 살핍니다.

    Raises:
        PluginError: 서버가 바뀌어 바꿔 끼울 자리가 없을 때.
    """
    if missing := [name for name in INSIDES if not hasattr(server, name)]:
        raise PluginError(f"MkDocs의 서버에서 바꿀 자리를 찾지 못했습니다: {', '.join(missing)}")
    server.builder = Rebuilder(config, builder)
    watched = [config.docs_dir, config.config_file_path]
    for place in watched:
        server.unwatch(place)
    server.observer = PollingObserver(timeout=SECONDS_BETWEEN_LOOKS)
    for place in watched:
        server.watch(place)
    return server

"""이 기계의 브라우저와, 빌드된 사이트를 여는 작은 서버입니다."""

from __future__ import annotations

import functools
import gzip
import http
import http.server
import io
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest

# 창이 없는 Chromium이 먼저: 엔진은 같고, 페이지를 여는 데에 CPU가 절반만 듦
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --disable-quic --no-first-run"
).split()
INSTALL = f"sudo apt-get install -y {NAMES[0]}"
MISSING = f"브라우저 테스트에는 Chromium이 필요합니다. 설치하세요: {INSTALL}"

# 정적 호스트가 줄여서 보내는 종류. 나머지는 이미 줄어 있음
PACKED = {".css", ".html", ".js", ".json", ".svg", ".xml"}
WATCH = "/watched.js"
WATCHERS = [Path(__file__).parent / name for name in ("watched.js", "works.js")]


class StaticHost(http.server.SimpleHTTPRequestHandler):
    """정적 호스트처럼 글은 gzip으로 줄이고 연결은 이어 씁니다. 요청을 화면에 적지 않습니다."""

    protocol_version = "HTTP/1.1"

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """글이면 줄인 것을, 아니면 있는 그대로 보냅니다."""
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.partition("?")[0].endswith("/"):
            path /= "index.html"
        accepted = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (accepted and path.suffix in PACKED and path.is_file()):
            return super().send_head()
        body = packed(path, path.stat().st_mtime_ns)
        self.send_response(http.HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", self.date_time_string(path.stat().st_mtime))
        self.end_headers()
        return io.BytesIO(body)

    def handle_one_request(self) -> None:
        """요청 하나에 답합니다. 브라우저가 받다가 다른 페이지로 떠나면 그만둡니다."""
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None:
        """적지 않습니다."""


class WatchedHost(StaticHost):
    """페이지마다 보는 스크립트를 맨 앞에 넣어 보내고, 주지 못한 것을 적습니다."""

    def __init__(self, *arguments: Any, refused: list[str], **named: Any) -> None:
        self.refused = refused
        super().__init__(*arguments, **named)

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """보는 스크립트와 그것을 넣은 페이지를, 나머지는 있는 그대로 보냅니다."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() and self.path.endswith("/") else path
        if self.path == WATCH:
            content, kind = b"\n".join(map(Path.read_bytes, WATCHERS)), "text/javascript"
        elif path.suffix == ".html" and path.is_file():
            first = f'<head><script src="{WATCH}"></script>'.encode()
            content, kind = path.read_bytes().replace(b"<head>", first, 1), "text/html"
        else:
            return super().send_head()
        self.send_response(http.HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)

    def send_response(self, code: int, message: str | None = None) -> None:
        """답하며, 주지 못한 것이면 적습니다."""
        if code >= http.HTTPStatus.BAD_REQUEST:
            self.refused.append(f"{code:d} {self.path}")
        super().send_response(code, message)


@functools.cache
def packed(path: Path, changed: int) -> bytes:
    """줄인 파일입니다. 바뀌지 않았으면 다시 줄이지 않습니다."""
    return gzip.compress(path.read_bytes(), mtime=0)


def chromium() -> str:
    """설치된 Chromium의 자리입니다. 없으면 테스트가 실패합니다."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(MISSING, pytrace=False)
    return found


@contextmanager
def serve(site: Path) -> Iterator[str]:
    """폴더를 여는 동안의 주소를 줍니다. `/`로 끝납니다."""
    with listen(functools.partial(StaticHost, directory=str(site))) as address:
        yield address


@contextmanager
def watch(site: Path) -> Iterator[tuple[str, list[str]]]:
    """`serve`처럼 열되 페이지를 지켜봅니다. 주소와, 주지 못한 것이 쌓이는 목록을 줍니다."""
    refused: list[str] = []
    handler = functools.partial(WatchedHost, directory=str(site), refused=refused)
    with listen(handler) as address:
        yield address, refused


@contextmanager
def listen(handler: Callable[..., StaticHost]) -> Iterator[str]:
    """요청마다 `handler`가 답하는 동안의 주소를 줍니다."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()

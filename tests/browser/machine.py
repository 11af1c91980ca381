"""이 기계의 브라우저와, 빌드된 사이트를 여는 작은 서버입니다."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --disable-quic --no-first-run"
).split()
MISSING = "브라우저 테스트에는 Chromium이 필요합니다. 설치하세요: sudo apt-get install -y chromium"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """요청을 화면에 적지 않습니다."""

    def log_message(self, format: str, *arguments: object) -> None:
        """적지 않습니다."""


def chromium() -> str:
    """설치된 Chromium의 자리입니다. 없으면 테스트가 실패합니다."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(MISSING, pytrace=False)
    return found


@contextmanager
def serve(site: Path) -> Iterator[str]:
    """폴더를 여는 동안의 주소를 줍니다. `/`로 끝납니다."""
    handler = functools.partial(QuietHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()

"""고치며 보는 동안, 글만 고쳤으면 그 쪽만 다시 그립니다.

설정, 스타일, 앞머리, 코드처럼 여러 쪽에 걸친 것을 고치면 모두 다시 그립니다.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

PAGE = ".md"
IGNORED = "__pycache__"


class Seen(NamedTuple):
    """파일 하나의 지난 모습입니다."""

    modified: int
    front_matter: str | None  # 쪽이 아니면 None


Snapshot = dict[Path, Seen]


class Rebuilder:
    """MkDocs의 서버가 부르는, 다시 그리는 일입니다.

    Args:
        config: 처음 그릴 때의 설정.
        full: 모두 다시 그리는 함수.
    """

    def __init__(self, config: MkDocsConfig, full: Callable[[], None]) -> None:
        self.config = config
        self.full = full
        self.whole = True  # 모든 쪽이 그려져 있는지
        self.seen = self.look()

    def __call__(self) -> None:
        """바뀐 것을 보고, 그 쪽만 또는 모두 다시 그립니다."""
        before, self.seen = self.seen, self.look()
        if self.whole and only_text(before, self.seen):
            self.quick()
            return
        self.whole = False
        self.full()
        self.whole = True

    def quick(self) -> None:
        """고친 쪽만 다시 그립니다."""
        config = load_config(
            self.config.config_file_path,
            site_dir=self.config.site_dir,
            strict=self.config.strict,
            dev_addr=str(self.config.dev_addr),
        )
        config.site_url = self.config.site_url
        config.extra["edited_page_only"] = True
        build(config, serve_url=self.config.site_url, dirty=True)

    def look(self) -> Snapshot:
        """지켜보는 모든 파일의 지금 모습입니다."""
        return snapshot([self.config.config_file_path, self.config.docs_dir, *self.config.watch])


def check_address(host: str, port: int) -> None:
    """그 주소에 문을 열 수 있는지 확인합니다.

    Raises:
        OSError: 다른 프로그램이 쓰고 있거나 열 수 없는 주소일 때.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((host, port))
    except (OSError, OverflowError):
        raise OSError(
            f"주소 {host}:{port}을(를) 열 수 없습니다. 다른 프로그램이 쓰고 있으면 "
            f"`python3 dev.py serve -a {host}:{port + 1}`처럼 다른 자리를 고르세요"
        ) from None


def only_text(before: Snapshot, after: Snapshot) -> bool:
    """쪽의 본문만 바뀌었는지 봅니다. 쪽이 생기거나 사라지거나 앞머리가 바뀌면 아닙니다."""
    if before.keys() != after.keys():
        return False
    changed = [file for file, seen in after.items() if before[file] != seen]
    return bool(changed) and all(
        file.suffix == PAGE and before[file].front_matter == after[file].front_matter
        for file in changed
    )


def snapshot(places: Iterable[str]) -> Snapshot:
    """폴더와 파일의 지금 모습을 모읍니다."""
    return {
        file: Seen(file.stat().st_mtime_ns, front_matter(file) if file.suffix == PAGE else None)
        for place in map(Path, places)
        for file in ([place] if place.is_file() else place.rglob("*"))
        if file.is_file() and IGNORED not in file.parts
    }


def front_matter(file: Path) -> str:
    """쪽 머리의 YAML을 글자 그대로 돌려줍니다."""
    text = file.read_text("utf-8")
    return text.split("\n---", 1)[0] if text.startswith("---") else ""

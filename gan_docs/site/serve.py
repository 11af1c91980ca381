"""고치며 보는 동안 무엇이 바뀌었는지 봅니다."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

PAGE = ".md"
IGNORED = "__pycache__"


class Seen(NamedTuple):
    """파일 하나의 지난 모습입니다."""

    modified: int
    front_matter: str | None  # 페이지가 아니면 None


Snapshot = dict[Path, Seen]


def check_address(host: str, port: int) -> None:
    """그 주소에 문을 열 수 있는지 확인합니다.

    Raises:
        PluginError: 다른 프로그램이 쓰고 있거나 열 수 없는 주소일 때.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((host, port))
    except (OSError, OverflowError):
        raise PluginError(
            f"주소 {host}:{port}을(를) 열 수 없습니다. 다른 프로그램이 쓰고 있으면 "
            f"`python3 dev.py serve -a {host}:{port + 1}`처럼 다른 자리를 고르세요"
        ) from None


def code(config: MkDocsConfig) -> Snapshot:
    """실험과 그림을 만드는 코드의 지금 모습입니다."""
    root = Path(config.config_file_path).parent
    return snapshot([str(root / "gan_docs"), str(root / "docs" / "examples")])


def only_text(before: Snapshot, after: Snapshot) -> bool:
    """페이지의 본문만 바뀌었는지 봅니다. 페이지가 생기거나 사라지거나 앞머리가 바뀌면 아닙니다."""
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
    """페이지 머리의 YAML을 글자 그대로 돌려줍니다."""
    text = file.read_text("utf-8", errors="replace")  # UTF-8이 아닌 페이지는 MkDocs가 알림
    return text.split("\n---", 1)[0] if text.startswith("---") else ""

"""다시 만들 수 있는 것을 보관하는 폴더와, 그 안에 온전히 쓰기."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from gan_docs import files

CACHE_VARIABLE = "GAN_DOCS_CACHE"


def cache_folder(name: str) -> Path:
    """보관할 폴더를 돌려줍니다. 환경 변수 `GAN_DOCS_CACHE`가 자리를 옮깁니다."""
    chosen = os.environ.get(CACHE_VARIABLE)
    root = Path(chosen) if chosen else Path(platformdirs.user_cache_dir("gan_docs"))
    return root / name


def write_bytes(file: Path, content: bytes) -> None:
    """반쪽이 남지 않게 씁니다: 두 빌드가 함께 써도 다 쓴 것만 보입니다."""
    file.parent.mkdir(parents=True, exist_ok=True)
    files.replace(file, lambda temporary: temporary.write_bytes(content))


def write_text(file: Path, text: str) -> None:
    """글을 UTF-8로 온전히 씁니다."""
    write_bytes(file, text.encode("utf-8"))

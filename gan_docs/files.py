"""파일을 잃지 않고 쓰고, 보관할 자리를 정하고, 내려받을 파일을 다듬습니다."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

CACHE_VARIABLE = "GAN_DOCS_CACHE"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # 디스크, 사용자의 몫, 파일 하나의 한도


def cache_root() -> Path:
    """다시 만들 수 있는 것을 보관하는 폴더입니다. 환경 변수 `GAN_DOCS_CACHE`가 자리를 옮깁니다."""
    import platformdirs  # 파일을 쓰기만 하는 쪽은 부르지 않도록

    return Path(os.environ.get(CACHE_VARIABLE) or platformdirs.user_cache_dir("gan_docs"))


def replace(path: Path, write: Callable[[Path], object]) -> None:
    """같은 폴더의 임시 이름에 다 쓰고, 디스크에 닿은 뒤, 한 번에 제자리로 옮깁니다.

    Args:
        path: 마지막에 놓일 자리. 폴더가 있어야 합니다.
        write: 임시 경로를 받아 내용을 쓰는 함수.

    Raises:
        OSError: 쓸 수 없을 때. 앞선 파일은 그대로 남습니다.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        sync(temporary)
        temporary.chmod(0o644)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    if os.name == "posix":  # 옮긴 이름도 디스크에 닿게
        sync(path.parent)


def sweep(path: Path) -> None:
    """`path`를 쓰다가 꺼져 남은 임시 파일을 지웁니다. 쓰는 프로세스가 하나일 때만 부릅니다."""
    for left in path.parent.glob(f".{path.stem}.*{path.suffix}"):
        left.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """파일의 내용이나 폴더의 목록이 디스크에 닿을 때까지 기다립니다."""
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def without_sections(text: str) -> str:
    """페이지가 옮겨 갈 구역의 표시를 뺀 코드입니다. 내려받는 파일이 이것입니다."""
    rows = [row for row in text.splitlines(keepends=True) if "--8<-- [" not in row]
    return re.sub(r"\n{4,}", "\n\n\n", "".join(rows))  # 표시가 있던 자리의 빈 줄도 모음

"""파일을 잃지 않고 씁니다."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def replace(path: Path, write: Callable[[Path], object]) -> None:
    """같은 폴더의 임시 이름에 다 쓴 뒤 한 번에 제자리로 옮깁니다.

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
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)

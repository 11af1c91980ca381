"""옮긴 틀(Jinja의 바이트코드)을 봉해 보관합니다.

바이트코드는 읽는 대로 실행되므로, 깨진 것은 다시 옮기고 남이 쓸 수 있는 폴더는 쓰지 않습니다.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from gan_docs.site.make import sealed

OTHERS = stat.S_IWGRP | stat.S_IWOTH


class Templates(BytecodeCache):
    """봉한 파일에 보관하는 바이트코드입니다.

    Args:
        folder: 보관할 폴더. 나만 쓸 수 있어야 합니다.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """온전한 것만 읽습니다. 아니면 Jinja가 틀을 다시 옮깁니다."""
        content = sealed.read(self._file(bucket))
        if content is not None:
            bucket.bytecode_from_string(content)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """옮긴 틀을 보관합니다."""
        sealed.write(self._file(bucket), bucket.bytecode_to_string())

    def _file(self, bucket: Bucket) -> Path:
        return self.folder / f"{bucket.key}{sealed.SUFFIX}"


def open_cache(folder: Path) -> Templates | None:
    """보관할 곳을 엽니다. 남이 쓸 수 있는 폴더면 보관하지 않고 `None`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Templates(folder) if private(folder) else None


def private(folder: Path) -> bool:
    """나의 폴더이고 나만 쓸 수 있는지 봅니다. 권한이 없는 운영 체제에서는 그렇다고 봅니다."""
    if os.name != "posix":
        return True
    status = folder.stat()
    return status.st_uid == os.getuid() and not status.st_mode & OTHERS

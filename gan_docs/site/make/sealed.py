"""파일 하나에 내용과 그 sha256을 함께 보관합니다. 한 바이트라도 다르면 없는 것으로 칩니다."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gan_docs.site.make.storage import write_bytes

SUFFIX = ".sealed"
LENGTH = hashlib.sha256().digest_size


def read(file: Path) -> bytes | None:
    """봉한 내용을 돌려줍니다. 없거나, 바뀌었거나, 다른 파일의 것이면 `None`."""
    try:
        sealed = file.read_bytes()
    except OSError:
        return None
    seal, content = sealed[:LENGTH], sealed[LENGTH:]
    return content if seal == _seal(file, content) else None


def write(file: Path, content: bytes) -> None:
    """내용의 sha256을 앞에 붙여 온전히 씁니다."""
    write_bytes(file, _seal(file, content) + content)


def _seal(file: Path, content: bytes) -> bytes:
    return hashlib.sha256(file.name.encode() + b"\0" + content).digest()

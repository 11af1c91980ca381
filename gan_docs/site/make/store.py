"""결과를 키마다 한 폴더에 보관합니다. 반쪽은 남지 않고, 한 바이트라도 다르면 쓰지 않습니다."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import filelock

CHECKSUMS = "checksums.json"
UNFINISHED = ".making-"
OLD_SECONDS = 3600.0  # 파일 하나를 쓰는 데 걸릴 수 없는 시간


class Store:
    """이름과 키로 찾는 폴더들입니다. `root`가 없으면 처음 쓸 때 만듭니다."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def find(self, name: str, key: str) -> Path | None:
        """온전한 폴더를 돌려줍니다. 없거나 내용이 바뀌었으면 `None`."""
        folder = self.root / name / key
        try:
            wanted = json.loads((folder / CHECKSUMS).read_text("utf-8"))
            whole = all(_sum(folder / file) == value for file, value in wanted.items())
        except (AttributeError, OSError, TypeError, ValueError):
            return None
        return folder if wanted and whole else None

    def make(self, name: str, key: str, write: Callable[[Path], Any]) -> Path:
        """폴더를 찾거나, 없으면 `write`가 한 번만 만듭니다. 만들다 실패하면 남는 것이 없습니다."""
        place = self.root / name
        place.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(place / f"{key}.lock"):
            found = self.find(name, key)
            if found is not None:
                return found
            temporary = Path(tempfile.mkdtemp(prefix=f"{UNFINISHED}{key}-", dir=place))
            try:
                write(temporary)
                sums = {file.name: _sum(file) for file in sorted(temporary.iterdir())}
                (temporary / CHECKSUMS).write_text(json.dumps(sums), "utf-8")
                if (place / key).is_dir():  # 깨진 것이 있었다면 새것으로
                    shutil.rmtree(place / key, ignore_errors=True)
                else:
                    (place / key).unlink(missing_ok=True)
                temporary.chmod(0o755)
                temporary.rename(place / key)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
        return place / key


def sweep(root: Path) -> None:
    """끊긴 빌드가 남긴 임시 폴더와 파일을 치웁니다. 다른 빌드가 쓰고 있는 것은 두고 지나갑니다."""
    for folder in root.glob(f"*/*/{UNFINISHED}*"):
        key = folder.name.removeprefix(UNFINISHED).rpartition("-")[0]
        lock = filelock.FileLock(folder.with_name(f"{key}.lock"), timeout=0)
        with suppress(filelock.Timeout), lock:  # 만드는 빌드는 자물쇠를 쥐고 있음
            shutil.rmtree(folder, ignore_errors=True)
    for pattern in ("*/.*", "*/*.tmp", "*/*.matplotlib-lock"):
        for file in root.glob(pattern):
            with suppress(OSError):
                if file.is_file() and time.time() - file.stat().st_mtime > OLD_SECONDS:
                    file.unlink()


def _sum(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()

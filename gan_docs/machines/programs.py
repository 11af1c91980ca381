"""이 패키지가 부르는 바깥 프로그램을 찾습니다."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def node() -> str | None:
    """Node.js의 자리입니다. 길(PATH)에 없으면 가상 환경의 것을 찾고, 그것도 없으면 `None`."""
    beside = Path(sys.executable).with_name("node")
    return shutil.which("node") or (str(beside) if beside.exists() else None)

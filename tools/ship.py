"""데이터를 만드는 도구들이 함께 쓰는 명령줄과, 만든 파일을 쓰거나 지금 것과 견주는 일."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ASSETS = Path(__file__).resolve().parent.parent / "gan_docs" / "assets"


def arguments(description: str, downloads: str) -> argparse.ArgumentParser:
    """두 도구가 함께 받는 인자입니다. `downloads`는 임시 폴더 안에 둘 폴더의 이름."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--downloads",
        type=Path,
        default=Path(tempfile.gettempdir()) / downloads,
        help="npm 패키지를 받아 두는 폴더",
    )
    parser.add_argument("--target", type=Path, default=ASSETS, help="파일을 쓸 폴더")
    parser.add_argument("--sheet", type=Path, help="모두 그려 볼 PNG")
    parser.add_argument("--check", action="store_true", help="쓰지 않고 지금 파일과 같은지만 확인")
    return parser


def ship(made: Mapping[str, bytes], target: Path, *, check: bool) -> None:
    """만든 파일을 `target`에 쓰거나, 확인만 하라면 거기 있는 것과 견주고 끝냅니다."""
    if check:
        files = {name: target / name for name in made}
        stale = [n for n, f in files.items() if not f.is_file() or f.read_bytes() != made[n]]
        sys.exit(f"다시 만든 것과 다릅니다: {', '.join(stale)}" if stale else 0)
    target.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (target / name).write_bytes(content)
        print(f"{name}: {len(content):,}바이트")

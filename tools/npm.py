"""npm 패키지의 묶음 파일을 한 번만 내려받습니다."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


def npm_archive(package: str, version: str, downloads: Path) -> Path:
    """`downloads`에 이미 있으면 그 파일을, 없으면 내려받아 그 자리를 돌려줍니다."""
    archive = downloads / f"{package.strip('@').replace('/', '-')}-{version}.tgz"
    if archive.is_file():
        return archive
    npm = shutil.which("npm")
    if npm is None:
        sys.exit(f"npm이 없어 {package}을(를) 내려받지 못합니다: Node.js를 설치하세요")
    downloads.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", "--silent", f"{package}@{version}"]
    done = subprocess.run(command, cwd=downloads, capture_output=True, text=True, check=False)
    if done.returncode or not archive.is_file():
        sys.exit(
            f"npm 패키지 {package}@{version}을(를) 내려받지 못했습니다: "
            f"npm 종료 코드 {done.returncode}"
        )
    return archive

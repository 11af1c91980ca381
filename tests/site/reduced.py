"""몇 페이지만 담은 작은 프로젝트를 만들어, 진짜 설정으로 빌드합니다."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
SHARED = ("gan_docs", "node_modules", "docs/assets", "docs/overrides", "docs/examples")
FRONT_MATTER = (
    "---\ntitle: 시험\ndate: 2019-08-20\ncategories: Deep Learning\ntags:\n  - GAN\n---\n\n"
)


class Project:
    """설정은 이 프로젝트의 것을 물려받고, 페이지만 새로 쓴 프로젝트입니다."""

    def __init__(self, folder: Path, named: bool = True) -> None:
        self.folder = folder
        self.named = named  # 차례에 이름을 적을지. 아니면 앞머리의 제목이 이름
        (folder / "docs").mkdir()
        for place in SHARED:
            (folder / place).symlink_to(ROOT / place)
        self.write("tags.md", "# 태그\n\n<!-- material/tags -->\n\n```python\n1\n```\n")

    def write(self, name: str, body: str, front_matter: str = FRONT_MATTER) -> None:
        """페이지 하나를 씁니다."""
        file = self.folder / "docs" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(front_matter + body, "utf-8")

    def configure(self) -> None:
        """이 프로젝트의 설정을 물려받고 모든 페이지를 차례에 넣은 설정을 씁니다."""
        docs = self.folder / "docs"
        shared = [self.folder / place for place in SHARED]
        pages = sorted(
            file.relative_to(docs).as_posix()
            for suffix in ("*.md", "*.ipynb")
            for file in docs.rglob(suffix)
            if not any(file.is_relative_to(place) for place in shared)
        )
        settings: Mapping[str, object] = {
            "INHERIT": str(ROOT / "mkdocs.yml"),
            "nav": [{page: page} if self.named else page for page in pages],
        }
        (self.folder / "mkdocs.yml").write_text(yaml.safe_dump(settings, allow_unicode=True))

    def build(self, **environment: str) -> subprocess.CompletedProcess[str]:
        """`mkdocs build --strict`를 실행합니다."""
        self.configure()
        return subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "--strict"],
            cwd=self.folder,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "OMP_NUM_THREADS": "1", **environment},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    @property
    def site(self) -> Path:
        """빌드된 사이트의 폴더입니다."""
        return self.folder / "site"

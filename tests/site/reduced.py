"""몇 페이지만 담은 작은 프로젝트를 만들어, 진짜 설정으로 빌드합니다."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml

from gan_docs.site.page.forks import FORKS, Forks

ROOT = Path(__file__).parents[2]
SHARED = ("gan_docs", "node_modules", "docs/assets", "docs/overrides", "docs/examples")
FRONT_MATTER = (
    "---\ntitle: 시험\ndate: 2019-08-20\ncategories: Deep Learning\ntags:\n  - GAN\n---\n\n"
)
BUILD = ("build", "--strict")
SETTLED = {"NO_MKDOCS_2_WARNING": "1", "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
# 빌드가 읽는 것 가운데 이 패키지가 아니고, 읽을 때 환경 변수를 보지 않는 것
TOOLS = (
    "mkdocs.commands.build", "mkdocs_jupyter.plugin", "mkdocstrings_handlers.python",
    "fontTools.subset", "pytest_codeblocks", "numpy", "lxml.html", "PIL.Image",
)  # fmt: skip
MODULE = """
import runpy
sys.path[0] = place
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
READY = Forks(TOOLS, MODULE, {**os.environ, **SETTLED})  # import에 드는 2초를 빌드마다 아낌


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

    def environment(self, **others: str) -> dict[str, str]:
        """빌드가 받을 환경 변수입니다."""
        return {**os.environ, **SETTLED, **others}

    def run(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """파이썬의 모듈을 제 묶음의 프로세스로 시작합니다."""
        return subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=self.folder, env=self.environment(**environment), encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """빌드를 시작합니다."""
        self.configure()
        return self.run("mkdocs", *(arguments or BUILD), **environment)

    def build(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """빌드하고 끝나기를 기다립니다. 적힌 글은 모두 `stdout`에 있습니다."""
        self.configure()
        return self.finish("mkdocs", *(arguments or BUILD), **environment)

    def finish(self, *order: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """파이썬의 모듈을 돌리고 끝나기를 기다립니다."""
        if not FORKS:
            return ended(self.run(*order, **environment))
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as said:
            file = Path(said.name)
            process = READY.start(order, self.folder, self.environment(**environment), file, file)
            return subprocess.CompletedProcess(order, process.wait(), said.read())

    @property
    def site(self) -> Path:
        """빌드된 사이트의 폴더입니다."""
        return self.folder / "site"


def ended(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """끝난 프로세스와 그것이 적은 글입니다."""
    said, _ = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, said)

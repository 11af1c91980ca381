"""작은 실험과 그림을 가진 패키지의 사본: 온전한 빌드와 같은 길을 몇 초에 지나갑니다.

실험이 도는 차례, 보관, 그림, 페이지, MkDocs의 훅은 모두 진짜 코드입니다. 실험과 그림만 작은 것으로
바꾸고, 브라우저에서 도는 요소와 표는 비웁니다.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path
from string import Template
from typing import Any

import nbformat
import yaml
from reduced import FRONT_MATTER, ROOT, Project, ended

EXPERIMENT = """
import os
import time

import numpy as np

from gan_docs.experiments.experiment import Experiment, Result


# --8<-- [start:run]
def run(experiment, report, needs):
    started = time.perf_counter()
    with open(os.environ["GAN_DOCS_TOY_LOG"], "a") as log:
        log.write(experiment.name + "\\n")
    values = np.random.default_rng(experiment.seed).normal(size=(64, 8))
    for result in needs.values():
        values = values + result.arrays["values"]
    for step in range(experiment.steps):
        time.sleep(experiment.cost / experiment.steps * float(os.environ["GAN_DOCS_TOY_SECONDS"]))
        report(step + 1)
    seconds = time.perf_counter() - started
    numbers = {"mean": float(values.mean()), "seconds": seconds}
    return Result(numbers, {"values": values} | ({"rounds": np.array([seconds])} if EXTRA else {}))


# --8<-- [end:run]

EXTRA = $alone
EXPERIMENT = Experiment(
    "$name", "$title", run, seed=$seed, steps=4, needs=$needs, alone=$alone, cost=$cost
)
"""
EXPERIMENTS: dict[str, dict[str, Any]] = {
    "first": {"title": "첫째", "seed": 1, "needs": (), "alone": False, "cost": 0.4},
    "second": {"title": "둘째", "seed": 2, "needs": ("first",), "alone": False, "cost": 0.2},
    "third": {"title": "셋째", "seed": 3, "needs": (), "alone": False, "cost": 0.3},
    "clock": {"title": "시계", "seed": 4, "needs": ("third",), "alone": True, "cost": 0.2},
}
FIGURES = """
from gan_docs.drawing import pictures
from gan_docs.site.make.figures import Figure


# --8<-- [start:draw]
def draw(result, palette):
    figure = pictures.new_figure(3, 2)
    axes = figure.subplots()
    axes.plot(result.arrays["values"][:, 0], color=palette.generator)
    axes.set_title("세 글자")
    return figure


# --8<-- [end:draw]

FIGURES = [
    Figure("hangul-samples", "first", "첫째의 값 {{ first.mean:.3f }}.", "흔들리는 선", draw),
    Figure("clock-rounds", "clock", "시계의 값.", "흔들리는 선", draw),
]
"""
LIVE = """
FOLDER = "assets/live"


def check(modules):
    return {}


files = sizes = check
"""
PAGE = """# 첫 페이지

첫째의 평균은 {{ first.mean:.6f }}이고 시계는 {{ clock.seconds:.9f }}초입니다. $2 \\ln 2$

```figure
clock-rounds
```

```python
import sys

print(sorted({"나", "가", "다"}), len(sys.argv))
```

```output
```
"""
NOTEBOOK = """import matplotlib.pyplot as plt
from gan_docs.drawing.palette import style
with style():
    plt.figure(figsize=(3, 2))
    plt.plot([1, 3, 2])
    plt.title('제목')
    plt.show()"""
DATED = {"SOURCE_DATE_EPOCH": "1566259200", "GAN_DOCS_SITE_URL": "https://gan.example/"}
BUILD = "# 빌드\n\n{{ build.experiments }}\n\n{{ build.figures }}\n\n{{ build.census }}\n"


class Toy(Project):
    """작은 패키지를 가진 프로젝트입니다.

    보관할 폴더 `cache`와, 실험이 돌 때마다 이름이 한 줄씩 적힐 `log`는 프로젝트의 옆에 있습니다.

    Args:
        folder: 프로젝트의 폴더. 없으면 만듭니다.
        seconds: 실험이 걸릴 시간의 배수.
    """

    def __init__(self, folder: Path, seconds: float = 1.0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder)
        self.cache, self.log = folder.parent / "cache", folder.parent / "log"
        self.seconds = seconds
        self.package = folder / "gan_docs"
        self.package.unlink()
        # 컴파일된 것도 함께. 다른 일꾼이 쓰는 중인 것은 곧 이름이 바뀌므로 빼고
        shutil.copytree(ROOT / "gan_docs", self.package, ignore=shutil.ignore_patterns("*.pyc.*"))
        for file in (self.package / "experiments").glob("*.py"):
            if file.name not in ("__init__.py", "experiment.py"):
                file.unlink()
        for name, about in EXPERIMENTS.items():
            self.code(f"experiments/{name}.py", Template(EXPERIMENT).substitute(about, name=name))
        for file in (self.package / "site/make/figures").glob("[!_]*.py"):
            file.unlink()
        self.code("site/make/figures/toy.py", FIGURES)
        self.code("site/make/live.py", LIVE)
        self.code("site/make/tables.py", "TABLES = {}\n\n\ndef code():\n    return []\n")
        self.write("index.md", PAGE)
        self.write("build.md", BUILD)

    def borrow(self, other: Toy, *made: str) -> Toy:
        """글꼴처럼 실험과 상관없이 보관한 것과 `made`를 다른 프로젝트에서 베껴 옵니다."""
        for name in ("fonts", "formulas", "matplotlib", *made):
            shutil.copytree(other.cache / name, self.cache / name, dirs_exist_ok=True)
        return self

    def only(self, *names: str) -> Toy:
        """이 실험들만 남기고 그림도 없애, 갖추는 일을 줄입니다."""
        for other in EXPERIMENTS.keys() - names:
            (self.package / f"experiments/{other}.py").unlink()
        self.code("site/make/figures/toy.py", "FIGURES = []\n")
        return self

    def code(self, place: str, text: str) -> None:
        """패키지의 파일 하나를 씁니다."""
        (self.package / place).write_text(text, "utf-8")

    def edit(self, place: str, old: str, new: str) -> None:
        """패키지의 파일 하나를 고칩니다."""
        text = (self.package / place).read_text("utf-8")
        assert text.count(old) == 1, f"{place}: {old}"
        self.code(place, text.replace(old, new))

    def notebook(self, code: str = NOTEBOOK) -> None:
        """셀 하나짜리 노트북을 둡니다."""
        file = self.folder / "docs" / "training" / "how-to-train.ipynb"
        file.parent.mkdir()
        cell = nbformat.v4.new_code_cell(code, id="a", metadata={"alt": "그림"})
        head = {**yaml.safe_load(FRONT_MATTER.strip("-\n")), "date": "2019-08-20"}
        book = nbformat.v4.new_notebook(cells=[cell], metadata={"front_matter": head})
        nbformat.write(book, file)

    def publish(self, **environment: str) -> Toy:
        """노트북을 더해, 정한 날짜와 주소로 새 파이썬에서 빌드합니다."""
        self.notebook()
        done = ended(self.start(**DATED | environment))
        assert done.returncode == 0, done.stdout
        return self

    def environment(self, **others: str) -> dict[str, str]:
        """빌드가 받을 환경 변수입니다."""
        own = {
            "GAN_DOCS_CACHE": str(self.cache),
            "GAN_DOCS_TOY_LOG": str(self.log),
            "GAN_DOCS_TOY_SECONDS": str(self.seconds),
        }
        return super().environment(**own | others)

    def start_training(self, **environment: str) -> subprocess.Popen[str]:
        """실험과 그림만 갖추는 프로세스를 시작합니다."""
        return self.run("gan_docs.site", "--results", **environment)

    def train(self, **environment: str) -> subprocess.CompletedProcess[str]:
        """실험과 그림을 갖추고 끝나기를 기다립니다."""
        return self.finish("gan_docs.site", "--results", **environment)

    def until(self, name: str, process: subprocess.Popen[str]) -> subprocess.Popen[str]:
        """실험이 돌기 시작할 때까지 기다립니다."""
        while not self.trained()[name]:
            assert process.poll() is None
            time.sleep(0.02)
        return process

    def trained(self) -> Counter[str]:
        """실험마다 돈 횟수입니다."""
        return Counter(self.log.read_text("utf-8").split() if self.log.is_file() else [])


def digests(folder: Path) -> dict[str, str]:
    """폴더의 모든 파일과 그 내용의 sha256입니다."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def leftovers(cache: Path) -> list[str]:
    """보관하는 폴더에 남은, 다 쓰지 못한 것입니다."""
    return [file.as_posix() for file in cache.rglob("*") if file.name.startswith(".")]

"""부르는 방향의 약속과, 사이트의 도구 없이 부를 수 있는지."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")
SITE_ONLY = "mkdocs filelock fontTools lxml bs4 nbconvert jupytext pytest pygments yaml"
HIDE = """
import importlib, sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}.split():
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hidden())
import gan_docs
assert not {{"torch", "matplotlib", "numpy"}} & sys.modules.keys(), "부르기만 했는데 일을 함"
for name in ("generator", "discriminator", "gan", "points", "data", "metrics"):
    importlib.import_module(f"gan_docs.{{name}}")
def heavy():
    known = {{"gan_docs.drawing", "matplotlib", "PIL", "pooch", "scipy", "sklearn"}}
    return known & sys.modules.keys()
assert not heavy(), f"미리 부름: {{heavy()}}"
import gan_docs.__main__, gan_docs.cli.commands, gan_docs.cli.evaluation
import gan_docs.drawing.structure, gan_docs.ensemble
assert "gan_docs.drawing" in heavy(), "그리는 쪽을 불러도 모름"
gan_docs.GAN(gan_docs.Discriminator(8, 8), gan_docs.Generator(8, 8))
"""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINTER), "--no-cache"], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )


def copied(folder: Path) -> Path:
    shutil.copytree(ROOT / "gan_docs", folder / "gan_docs", ignore=shutil.ignore_patterns("assets"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def plant(folder: Path, module: str, line: str) -> None:
    file = folder / "gan_docs" / f"{module}.py"
    file.write_text(file.read_text("utf-8") + f"\n{line}\n", "utf-8")


def test_the_contract_is_kept(tmp_path: Path) -> None:
    done = lint(copied(tmp_path))
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


BACKWARDS = [  # 층마다 하나, 나란한 이웃마다 하나
    ("site/hooks", "gan_docs.cli.commands"),
    ("cli/commands", "gan_docs.site.make.results"),
    ("cli/commands", "gan_docs.experiments.ring"),
    ("experiments/ring", "gan_docs.cli.arguments"),
    ("trainer", "gan_docs.experiments.ring"),
    ("trainer", "gan_docs.ensemble"),
    ("trainer", "gan_docs.shared_trainer"),
    ("turns", "gan_docs.trainer"),
    ("saving/state", "gan_docs.turns"),
    ("machines/devices", "gan_docs.trainer"),
    ("saving/weights", "gan_docs.machines.devices"),
    ("judging/evaluation", "gan_docs.saving.weights"),
    ("judging/judge", "gan_docs.gan"),
    ("gan", "gan_docs.drawing.structure"),
    ("generator", "gan_docs.discriminator"),
    ("points", "matplotlib"),
    ("sampling", "gan_docs.generator"),
    ("losses", "gan_docs.data"),
    ("metrics", "gan_docs.sampling"),
    ("checks", "gan_docs.losses"),
    ("site/make/keys", "gan_docs.site.page.blocks"),
    ("site/page/blocks", "gan_docs.site.html.census"),
    ("site/html/census", "gan_docs.site.serve"),
]


def test_an_import_against_the_arrows_is_caught(tmp_path: Path) -> None:
    copied(tmp_path)
    for module, name in BACKWARDS:
        plant(tmp_path, module, f"import {name}")
    said = lint(tmp_path).stdout
    arrows = [f"gan_docs.{module.replace('/', '.')} -> {name} (l." for module, name in BACKWARDS]
    assert [arrow for arrow in arrows if arrow not in said] == []


def test_a_circle_is_caught_even_for_types(tmp_path: Path) -> None:
    line = "from typing import TYPE_CHECKING\nif TYPE_CHECKING: import gan_docs.site.make.results"
    plant(copied(tmp_path), "site/make/store", line)
    assert "No cycles are allowed in gan_docs.site.make" in lint(tmp_path).stdout


def test_a_module_without_a_place_is_caught(tmp_path: Path) -> None:
    (copied(tmp_path) / "gan_docs" / "elsewhere.py").touch()
    assert "elsewhere" in lint(tmp_path).stdout


def test_the_package_works_without_the_tools_of_the_site_and_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HIDE.format(names=SITE_ONLY)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_required_dependencies_hold_no_tool_of_the_site() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    required = " ".join(project["dependencies"]).lower()
    assert not [name for name in SITE_ONLY.lower().split() if name in required]

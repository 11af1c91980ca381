"""부르는 방향의 약속과, 사이트의 도구 없이 부를 수 있는지."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")
SITE_ONLY = "mkdocs grimp filelock fontTools lxml bs4 nbconvert jupytext pytest pygments yaml"
HIDE = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}.split():
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hidden())
import gan_docs
assert not {{"torch", "matplotlib", "numpy"}} & sys.modules.keys(), "부르기만 했는데 일을 함"
import gan_docs.__main__, gan_docs.data, gan_docs.drawing.pictures
import gan_docs.drawing.structure, gan_docs.trainer
import gan_docs.metrics, gan_docs.saving.weights, gan_docs.cli.commands, gan_docs.ensemble
import gan_docs.machines.distributed
gan_docs.GAN(gan_docs.Discriminator(8, 8), gan_docs.Generator(8, 8))
"""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINTER), "--no-cache"], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(
        ROOT / "gan_docs", tmp_path / "gan_docs", ignore=shutil.ignore_patterns("assets")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contract_is_kept(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("losses", "gan_docs.data"),
        ("metrics", "gan_docs.trainer"),
        ("generator", "gan_docs.discriminator"),
        ("gan", "gan_docs.trainer"),
        ("trainer", "gan_docs.site.make.keys"),
        ("experiments/ring", "gan_docs.site.make.results"),
        ("experiments/ring", "gan_docs.cli.commands"),
        ("experiments/ring", "gan_docs.cli.arguments"),
        ("site/pages", "gan_docs.cli.commands"),
        ("commands", "gan_docs.site.make.results"),
        ("commands", "gan_docs.__main__"),
        ("arguments", "gan_docs.cli.commands"),
        ("evaluation", "gan_docs.trainer"),
        ("evaluation", "gan_docs.saving.weights"),
        ("evaluation", "gan_docs.ensemble"),
        ("judge", "gan_docs.judging.evaluation"),
        ("judge", "gan_docs.generator"),
        ("judge", "gan_docs.points"),
        ("trainer", "gan_docs.ensemble"),
        ("trainer", "gan_docs.judging.judge"),
        ("trainer", "gan_docs.machines.distributed"),
        ("distributed", "gan_docs.judging.evaluation"),
        ("points", "gan_docs.ensemble"),
        ("points", "gan_docs.generator"),
        ("metrics", "gan_docs.judging.evaluation"),
        ("losses", "gan_docs.points"),
        ("data", "gan_docs.judging.judge"),
    ],
)
def test_an_import_against_the_arrows_is_caught(copy: Path, module: str, forbidden: str) -> None:
    file = copy / "gan_docs" / f"{module}.py"
    file.write_text(file.read_text("utf-8") + f"\nimport {forbidden}\n", "utf-8")
    assert lint(copy).returncode == 1


def test_the_package_works_without_the_tools_of_the_site() -> None:
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

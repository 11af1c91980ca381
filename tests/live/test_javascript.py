"""브라우저의 셈을 Node로 확인하고, 일부러 고장 내어 그 확인이 고장을 알아채는지 봅니다."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from mutations import CHANGES, MUTATIONS, Mutation

from gan_docs.machines import programs

ROOT = Path(__file__).parents[2]
SCRIPTS, HERE = Path("docs/assets/live"), Path("tests/live")


class Outcome(NamedTuple):
    """`node --test`가 남긴 것입니다."""

    code: int
    text: str

    def count(self, what: str) -> int:
        found = re.search(rf"^# {what} (\d+)$", self.text, re.MULTILINE)
        assert found, f"테스트의 수를 적지 않았습니다:\n{self.text}"
        return int(found[1])


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """고장 낼 수 있게 옮겨 담은 스크립트와 테스트입니다."""
    for part in (SCRIPTS, HERE):
        (tmp_path / part).mkdir(parents=True)
        for file in (ROOT / part).glob("*.js"):
            shutil.copy(file, tmp_path / part / file.name)
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    return tmp_path


def agree(folder: Path, known: Path, *modules: str) -> Outcome:
    """모듈들의 테스트를 Node로 돌립니다."""
    program = programs.node()
    assert program is not None, "Node.js가 없습니다. `python3 dev.py build`가 설치합니다."
    tests = [(HERE / f"{module}.test.js").as_posix() for module in modules]
    done = subprocess.run(
        [program, "--test", "--test-reporter=tap", *tests],
        cwd=folder,
        env={**os.environ, "LIVE_FIXTURE": str(known), "PYTHON": sys.executable},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return Outcome(done.returncode, done.stdout)


def test_node_agrees(copied: Path, known: Path) -> None:
    modules = sorted(file.name.removesuffix(".test.js") for file in (ROOT / HERE).glob("*.test.js"))
    assert modules == sorted(CHANGES)  # 모듈마다 테스트와 고장이 있음
    found = agree(copied, known, *modules)
    assert found.code == 0, found.text
    assert found.count("pass") == found.count("tests") > len(modules)


@pytest.mark.parametrize(
    "mutation",
    [
        pytest.param(
            one,
            id=f"{one.module}: {one.what}",
            marks=() if one[1:] == CHANGES[one.module][0] else pytest.mark.wide,
        )
        for one in MUTATIONS
    ],
)
def test_a_mutation_is_caught(mutation: Mutation, copied: Path, known: Path) -> None:
    file = copied / SCRIPTS / f"{mutation.module}.js"
    file.write_text(file.read_text("utf-8").replace(mutation.old, mutation.new), "utf-8")
    found = agree(copied, known, mutation.module)
    # 글이 깨져 읽지 못한 것이 아니라, 셈이 달라 걸려야 함
    assert found.count("pass") >= 1, found.text
    assert found.code and "ERR_ASSERTION" in found.text, f"알아채지 못한 고장:\n{found.text}"


def test_every_mutation_changes_one_place() -> None:
    places = {one: (ROOT / SCRIPTS / f"{one.module}.js").read_text("utf-8") for one in MUTATIONS}
    assert not [one for one, text in places.items() if text.count(one.old) != 1]
    assert len(places) == len(MUTATIONS)

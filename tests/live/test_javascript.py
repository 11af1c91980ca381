"""브라우저의 셈을 Node로 확인하고, 일부러 고장 내어 그 확인이 고장을 알아채는지 봅니다."""

import ast
import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import onnx
import pytest
from mutations import CHANGES, MUTATIONS, Mutation
from onnx import TensorProto, helper
from PIL import Image

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


def node(*arguments: str, folder: Path, known: Path) -> Outcome:
    program = programs.node()
    assert program is not None, "Node.js가 없습니다. `python3 dev.py build`가 설치합니다."
    done = subprocess.run(
        [program, *arguments],
        cwd=folder,
        env={**os.environ, "LIVE_FIXTURE": str(known), "PYTHON": sys.executable},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return Outcome(done.returncode, done.stdout)


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
    tests = [(HERE / f"{module}.test.js").as_posix() for module in modules]
    return node("--test", "--test-reporter=tap", *tests, folder=folder, known=known)


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


def test_the_python_code_draws_what_the_model_makes(tmp_path: Path, known: Path) -> None:
    """페이지가 건네는 파이썬을, 입력의 평균으로 칠하는 작은 모델로 끝까지 돌립니다."""
    size, syllables = 6, 14
    file = tmp_path / "tiny.onnx.gz"
    file.write_bytes(gzip.compress(tiny_model(size + syllables)))
    z = [0.5, -1.25, 3.0, 2.0, -0.125, 1.0]
    script = (
        f'import {{ pythonCode }} from "{(ROOT / SCRIPTS / "python.js").as_uri()}";'
        f"const input = Float32Array.from({z + [0.0] * (syllables - 1) + [1.0]});"
        f'process.stdout.write(pythonCode(input, {size}, "{file.as_uri()}"));'
    )
    made = node("--input-type=module", "--eval", script, folder=tmp_path, known=known)
    assert made.code == 0, made.text
    ast.parse(made.text)
    command = [sys.executable, "-c", made.text]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    ink = round((sum([*z, 1.0]) / (size + syllables) + 1) * 127.5)
    with Image.open(tmp_path / "glyph.png") as glyph:
        assert glyph.size == (224, 224)
        assert glyph.getextrema() == (255 - ink, 255 - ink)


def tiny_model(inputs: int) -> bytes:
    """입력의 평균으로 28×28을 칠하는 모델입니다."""
    nodes = [
        helper.make_node("ReduceMean", ["input"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("Reshape", ["mean", "square"], ["one"]),
        helper.make_node("Tile", ["one", "repeats"], ["images"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", inputs])],
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 1, 28, 28])],
        [
            helper.make_tensor("square", TensorProto.INT64, [4], [-1, 1, 1, 1]),
            helper.make_tensor("repeats", TensorProto.INT64, [4], [1, 1, 28, 28]),
        ],
    )
    opset = helper.make_opsetid("", 13)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=8)
    onnx.checker.check_model(model)
    found: bytes = model.SerializeToString()
    return found

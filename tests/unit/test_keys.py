"""키: 결과를 바꿀 수 있는 것이 바뀌면 바뀌고, 아니면 그대로인지."""

import ast
import dataclasses
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from spoiled import mutated

from gan_docs.site.make import definitions, figures, keys, results

FORMULA = "return -softplus(fake_logits).mean()"
# 미니맥스로 계산하는 실험과, 그것을 기다리는 실험
MINIMAX = {"browser_speed", "equilibrium", "golden", "losses", "modes", "plane", "turns"}

Edit = Callable[[str, str, str], None]


@pytest.fixture
def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edit:
    """모듈의 글을 모두 바꾼 사본을, 키를 셈할 때 소스 대신 읽게 합니다."""
    real, edited = keys.source_file, dict[str, Path]()

    def change(module: str, old: str, new: str) -> None:
        file = edited.get(f"gan_docs.{module}") or real(f"gan_docs.{module}")
        assert file is not None
        text = file.read_text("utf-8")
        assert old in text
        edited[f"gan_docs.{module}"] = copy = tmp_path / f"{module}.py"
        copy.write_text(text.replace(old, new), "utf-8")

    monkeypatch.setattr(keys, "source_file", lambda name: edited.get(name) or real(name))
    return change


@pytest.fixture(scope="module")
def before() -> dict[str, str]:
    return {name: results.current_key(name) for name in results.experiments()}


def changed(before: dict[str, str]) -> set[str]:
    """키가 바뀐 실험입니다."""
    return {name for name in before if results.current_key(name) != before[name]}


def test_what_cannot_change_a_number_retrains_nothing(before: dict[str, str], edit: Edit) -> None:
    for module, old, new in (
        ("losses", "# --8<-- [start:minimax]", "# 다른 주석\n\n# --8<-- [start:minimax]"),
        ("losses", "두 로짓의 모양이 다를 때.", "모양이 다르면."),
        ("losses", FORMULA, "return (\n        -softplus(fake_logits).mean()\n    )"),
        ("checks", "이어야 합니다", "이 아닙니다"),
        ("drawing.palette", "#2539A6", "#2539A7"),
        ("drawing.structure", "4.95", "4.96"),
        ("experiments.ring", '"고리, 시드', '"다른 고리, 시드'),
        ("experiments.ring", "cost=", "cost=1+"),
        ("site.page.expand", "from __future__", "import sys\nfrom __future__"),
    ):
        edit(module, old, new)
    assert changed(before) == set()


@pytest.mark.parametrize(
    ("module", "old", "new", "trained"),
    [
        ("losses", FORMULA, FORMULA.replace("-", ""), MINIMAX),
        ("experiments.losses", "2500", "2501", {"losses", "modes"}),
    ],
)
def test_what_computes_is_trained_again_and_nothing_else(
    before: dict[str, str], edit: Edit, module: str, old: str, new: str, trained: set[str]
) -> None:
    edit(module, old, new)
    assert changed(before) == trained


def test_a_measure_measures_again_and_trains_nothing(before: dict[str, str], edit: Edit) -> None:
    edit("metrics", "return ", "return 1 and ")
    found = changed(before)
    assert found >= {"reading", "modes", "failures", "gan100_reading"}
    assert not found & {"hangul", "hangul_unconditional", "gan100", "grid", "ring", "losses"}


@pytest.mark.parametrize(
    "change", ["seed", "steps", "parameters", "versions", "threads", "instructions", "files"]
)
def test_all_that_could_change_a_result_changes_its_key(
    change: str, monkeypatch: pytest.MonkeyPatch, before: dict[str, str]
) -> None:
    known = results.experiments()
    hangul = known["hangul"]
    if change == "versions":
        monkeypatch.setattr(keys, "versions", lambda tools: {"torch": "9.9"})
    elif change == "threads":
        monkeypatch.setattr(keys, "THREADS", 2)
    elif change == "instructions":
        monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    else:
        values = {"seed": 1, "steps": 1, "parameters": {"batch_size": 1}, "files": ("mkdocs.yml",)}
        other = dataclasses.replace(hangul, **{change: values[change]})
        monkeypatch.setattr(results, "experiments", lambda: {**known, "hangul": other})
    assert results.current_key("hangul") != before["hangul"]


@pytest.mark.slow
def test_a_figure_is_drawn_again_for_its_code_its_colours_and_its_result(
    monkeypatch: pytest.MonkeyPatch, edit: Edit
) -> None:
    before = {name: figures.current_key(name) for name in figures.figures()}

    def again() -> set[str]:
        return {name for name in before if figures.current_key(name) != before[name]}

    real = results.key
    with monkeypatch.context() as patch:
        patch.setattr(results, "key", lambda name: "new" if name == "ring" else real(name))
        assert again() == {"ring-points"}
    edit("site.make.figures.curves", "판별기가 이기고 있습니다", "판별기가 이깁니다")  # 그림말
    assert again() == set()
    edit("site.make.figures.curves", "math.log(2), palette", "math.log(3), palette")
    assert again() == {"hangul-curves"}
    edit("drawing.palette", "#2539A6", "#2539A7")
    assert again() == before.keys()


# 작은 패키지의 소스. `used`를 고치면 키가 바뀌고 `unused`를 고치면 그대로여야 함
LEAF = "def used():\n    return 1\n\n\ndef unused():\n    return 1\n"
PACKAGE = (
    "from typing import TYPE_CHECKING\nfrom gan_docs.leaf import used as shown\n"
    "if TYPE_CHECKING:\n    from gan_docs.leaf import used as late\n"
    "def __getattr__(name): ...\n"
)
WAYS = {
    "이름": "from gan_docs.leaf import used\ndef run(): return used()",
    "다른 이름": "from gan_docs.leaf import used as other\ndef run(): return other()",
    "모듈의 속성": "from gan_docs import leaf\ndef run(): return leaf.used()",
    "점으로 이은 모듈": "import gan_docs.leaf\ndef run(): return gan_docs.leaf.used()",
    "함수 안의 import": "def run():\n    from gan_docs.leaf import used\n    return used()",
    "폴더가 내놓는 이름": "from gan_docs import shown\ndef run(): return shown()",
    "늦게 찾는 이름": "from gan_docs import late\ndef run(): return late()",
    "건너서": "from gan_docs import leaf\nTABLE = {1: leaf.used}\nclass Run:\n    table = TABLE",
    "기본값": "from gan_docs.leaf import used\ndef run(way=used): return way()",
    "장식": "from gan_docs.leaf import used\n@used\ndef run(): return 1",
    "읽기만": "import gan_docs.leaf as leaf\nif leaf.used():\n    print(1)",
}
WHOLE_WAYS = {
    "getattr": "from gan_docs import leaf\ndef run(name): return getattr(leaf, name)()",
    "모두": "from gan_docs.leaf import *\ndef run(): return used()",
    "모르는 이름": "from gan_docs.leaf import made_late\ndef run(): return made_late()",
}
NOT_WAYS = {
    "글로 부르기": "def run(): return import_module('gan_docs.leaf').used()",
    "쓰지 않음": "from gan_docs.leaf import used\ndef run(): return 1",
}


class Small:
    """소스 몇 개로 된 작은 패키지와, 그 키입니다."""

    def __init__(self, root: Path, made: ModuleType, parsed: ModuleType = definitions) -> None:
        self.package = root / "gan_docs"
        self.package.mkdir(parents=True)
        self.made = made
        vars(made).update(ROOT=root, definitions=parsed.definitions)
        self.write(__init__=PACKAGE, leaf=LEAF)

    def write(self, **sources: str) -> None:
        for name, source in sources.items():
            (self.package / f"{name}.py").write_text(source, "utf-8")

    def changes(self, old: str, new: str, leaf: str = LEAF) -> bool:
        """잎을 고치면 `user.run`의 키가 바뀌는지 봅니다."""
        self.write(leaf=leaf)
        before = self.made.sources(["gan_docs.user"])
        assert old in leaf
        self.write(leaf=leaf.replace(old, new))
        return bool(self.made.sources(["gan_docs.user"]) != before)


def check_ways(root: Path, made: ModuleType, parsed: ModuleType = definitions) -> None:
    """모든 길에서 `used`만, 길을 다 알 수 없으면 모두 셉니다."""
    small = Small(root, made, parsed)
    for name, user in {**WAYS, **WHOLE_WAYS, **NOT_WAYS}.items():
        small.write(user=user)
        for function, counts in (("used", name not in NOT_WAYS), ("unused", name in WHOLE_WAYS)):
            head = f"def {function}():\n    return "
            assert small.changes(f"{head}1", f"{head}2") is counts, (name, function)


def check_meaning(root: Path, made: ModuleType, parsed: ModuleType = definitions) -> None:
    """뜻이 바뀌면 바뀌고, 글만 바뀌면 그대로입니다."""
    small = Small(root, made, parsed)
    small.write(
        __init__="", user="def run():\n    from gan_docs import leaf\n    return leaf.used()"
    )
    leaf = (
        'TABLE = {}\n\n\ndef used():\n    """글."""\n    # 주석\n    if TABLE:\n'
        '        kind = "갈래"\n        word = f"글 {kind}"\n        raise ValueError(word, 7)\n'
        '    mark = "셋"\n    if mark:\n        raise TypeError(f"글 {mark}")\n    return 1\n'
        '\n\nTABLE["a"] = 1\nprint(5)\n\n\n'
        "def register(function):\n    TABLE[1] = function\n\n\n@register\ndef one(): return 8\n"
        "\n\nfrom functools import cache as c\n\n\n@c\ndef other(): return 9\n"
    )
    told = {'"글 ': '"말 ', "갈래": "가지", '"""글': '"""말', "# 주석": "#", "\n\n\n": "\n\n"}
    for old, new in told.items():
        assert not small.changes(old, new, leaf), old
    for old, new in {"7": "6", "셋": "넷", "Value": "Type", '["a"] = 1': '["a"] = 2'}.items():
        assert small.changes(old, new, leaf), old
    assert small.changes("print(5)", "print(6)", leaf)  # 읽기만 해도 실행되는 문장
    assert small.changes("return 8", "return 7", leaf)  # 스스로를 표에 올리는 함수
    assert not small.changes("return 9", "return 7", leaf)


CHECKS = [check_ways, check_meaning]


@pytest.mark.parametrize("check", CHECKS)
def test_a_key_follows_every_way_to_a_definition(
    check: Callable[..., None], tmp_path: Path
) -> None:
    check(tmp_path, mutated(keys))


@pytest.mark.parametrize(
    ("module", "old", "new", "check"),
    [
        (keys, "onward += self.executed(module)", "pass", check_ways),
        (keys, "onward = [(module, BODY), *", "onward = [*", check_meaning),
        (keys, "yield from self.named((*origin, *names[1:]))", "pass", check_ways),
        (definitions, "self.names.add((value.id, *names))", "pass", check_ways),
        (definitions, "if id(each) not in self.words]", "]", check_meaning),
        (definitions, "if isinstance(node.value, ast.Constant):", "if False:", check_meaning),
    ],
)
def test_a_walk_that_leaves_something_out_is_caught(
    module: ModuleType, old: str, new: str, check: Callable[..., None], tmp_path: Path
) -> None:
    copy = mutated(module, old, new)
    made, parsed = (copy, definitions) if module is keys else (mutated(keys), copy)
    with pytest.raises((AssertionError, TypeError)):
        check(tmp_path, made, parsed)


def by_name(code: str) -> list[str]:
    """손실이나 벌점을 이름으로 준 인자입니다. 그 표는 키가 따라가지 않습니다."""
    return [
        ast.unparse(word)
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg in ("loss", "penalty") and isinstance(word.value, ast.Constant | ast.JoinedStr)
        if not (isinstance(word.value, ast.Constant) and word.value.value is None)
    ]


def test_no_experiment_gives_the_trainer_a_loss_by_its_name() -> None:
    assert by_name("Trainer(gan, data, loss='hinge', penalty=None)") == ["loss='hinge'"]
    files = [*(keys.ROOT / "gan_docs").rglob("*.py")]
    assert {file.name: found for file in files if (found := by_name(file.read_text("utf-8")))} == {}

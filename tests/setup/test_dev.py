"""설치하는 파일이 낡은 파이썬에서도 읽히고, 바뀐 것만 설치하며, 실패를 한 줄로 알리는지."""

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from unittest import mock

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = '[project]\ndependencies = ["numpy>=2"]\n[tool.ruff]\nline-length = 100\n'
NODE = '{"description": "사이트", "dependencies": {"katex": "1.0.0"}}'
GIVEN = {
    "pyproject.toml": SETTINGS,
    "constraints.txt": "torch==2.13.0\n",
    "package.json": NODE,
    "package-lock.json": "{}",
}
PLACES = {
    "ROOT": "",
    "VENV": ".venv",
    "STAMP": ".venv/dev-stamp",
    "LOG": ".venv/dev.log",
    "PYTHON": ".venv/python",
}


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """임시 폴더를 뿌리로 삼은 `dev.py`입니다."""
    monkeypatch.syspath_prepend(ROOT)
    module = importlib.import_module("dev")
    for name, place in PLACES.items():
        monkeypatch.setattr(module, name, str(tmp_path / place))
    for name, text in GIVEN.items():
        (tmp_path / name).write_text(text, "utf-8")
    return module


@pytest.fixture
def steps(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """설치하는 명령의 이름을 적기만 하는 가짜입니다. 가상 환경만 흉내 냅니다."""
    said: list[str] = []

    def step(command: list[str], failure: str) -> bool:
        names = {"venv": "venv", ".[site,test,check]": "pip", "ci": "npm", "--torch-backend": "uv"}
        said.extend(name for word, name in names.items() if word in command)
        if "venv" in command:
            (tmp_path / ".venv").mkdir()
            (tmp_path / ".venv" / "python").touch()
        if "--report" in command:
            Path(command[command.index("--report") + 1]).write_text('{"install": []}', "utf-8")
        return True

    monkeypatch.setattr(dev, "step", step)
    monkeypatch.setattr(dev, "npm", lambda pip: ["npm"])
    return said


def test_an_old_python_can_read_the_file() -> None:
    tree = ast.parse((ROOT / "dev.py").read_text("utf-8"), feature_version=(3, 6))
    names = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("name", "old", "new", "wanted"),
    [
        ("pyproject.toml", "line-length = 100", "line-length = 99", []),
        ("pyproject.toml", "numpy>=2", "numpy>=3", ["pip"]),
        ("constraints.txt", "2.13.0", "2.14.0", ["pip"]),
        ("package.json", "사이트", "책", []),
        ("package.json", "1.0.0", "1.0.1", ["npm"]),
        ("package-lock.json", "{}", '{"lockfileVersion": 3}', ["npm"]),
        (".venv/dev-stamp", "{", "", ["venv", "pip", "npm"]),
    ],
)
def test_only_what_changes_what_is_installed_is_set_up_again(
    dev: ModuleType, steps: list[str], tmp_path: Path, name: str, old: str, new: str, wanted: list
) -> None:
    dev.set_up()
    assert steps == ["venv", "pip", "npm"]
    text = (tmp_path / name).read_text("utf-8")
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new, 1), "utf-8")
    steps.clear()
    dev.set_up()
    assert steps == wanted
    dev.set_up()
    assert steps == wanted


def test_another_python_makes_the_environment_anew(
    dev: ModuleType, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dev.set_up()
    monkeypatch.setattr(dev.platform, "python_version", lambda: "3.99.0")
    dev.set_up()
    assert steps == ["venv", "pip", "npm"] * 2


def test_a_failed_set_up_leaves_no_stamp_and_one_line(
    dev: ModuleType,
    steps: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dev.set_up()
    (tmp_path / "constraints.txt").write_text("torch==2.14.0\n", "utf-8")
    error = dev.SetupError("파이썬 패키지를 설치하지 못했습니다: 이유")
    with mock.patch.object(dev, "step", side_effect=error):
        assert dev.main(["build"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "오류: 파이썬 패키지를 설치하지 못했습니다: 이유"
    steps.clear()
    dev.set_up()
    assert steps == ["venv", "pip", "npm"]


@pytest.mark.parametrize("name", ["pyproject.toml", "package.json"])
def test_a_setting_that_cannot_be_read_is_told_in_one_line(
    dev: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / name).write_text("{", "utf-8")
    assert dev.main(["build"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("오류: pyproject.toml이나 package.json을 읽지 못했습니다: ")
    assert error.count("\n") == 1


def test_the_last_line_of_a_failed_command_is_told(dev: ModuleType, tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    with pytest.raises(dev.SetupError, match=r"설치하지 못했습니다: 가득 참\. 기록은"):
        dev.step([sys.executable, "-c", "raise SystemExit('가득 참')"], "설치하지 못했습니다")


@pytest.mark.parametrize("name", ["nvidia-cublas-cu12", "triton", "sympy"])
def test_a_plan_with_gpu_packages_goes_through_uv(
    dev: ModuleType, steps: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    plan = {"install": [{"metadata": {"name": "torch"}}, {"metadata": {"name": name}}]}
    told = dev.needs_cuda(plan)
    monkeypatch.setattr(dev, "needs_cuda", lambda report: told)
    dev.set_up()
    assert ("uv" in steps) == (name != "sympy")


def test_compiled_code_is_kept_even_where_the_shell_asks_not_to(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    ask = [sys.executable, "-c", "import sys; print(sys.dont_write_bytecode)"]
    for given, answer in ((os.environ, "True\n"), (dev.environment(), "False\n")):
        assert subprocess.check_output(ask, env=given, encoding="utf-8") == answer


def test_every_check_is_run_and_one_failure_fails_all(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(dev, "set_up", lambda: None)
    monkeypatch.setattr(dev, "call", lambda command: ran.append(command[0]) or len(ran) == 2)
    assert dev.main(["check"]) == 1
    assert ran == [command[0] for command in dev.CHECKS]


@pytest.mark.parametrize(
    ("others", "trains"),
    [
        ([], True),
        (["--all", "--durations=10"], True),
        (["--quick"], False),
        (["tests/unit"], False),
    ],
)
def test_the_whole_suite_trains_in_sight_first(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, others: list[str], trains: bool
) -> None:
    called: list[str] = []
    monkeypatch.setattr(dev, "set_up", lambda: None)
    monkeypatch.setattr(dev, "call", lambda command: called.append(command[0]) or 0)
    assert dev.main(["test", *others]) == 0
    assert called == ["python"] * trains + ["pytest"]

"""설치하는 파일이 낡은 파이썬에서도 읽히고, 바뀔 때만 설치하며, 실패를 한 줄로 알리는지."""

import ast
import collections
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
FILE = ROOT / "dev.py"
Version = collections.namedtuple("Version", "major minor micro")


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """임시 폴더를 뿌리로 삼은 `dev.py`입니다."""
    specification = importlib.util.spec_from_file_location("dev", FILE)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(module, "STAMP", str(tmp_path / ".venv" / "dev-stamp"))
    monkeypatch.setattr(module, "LOG", str(tmp_path / ".venv" / "dev.log"))
    monkeypatch.setattr(module, "PYTHON", str(tmp_path / ".venv" / "python"))
    for name in module.INPUTS:
        (tmp_path / name).write_text("torch==2.13.0\n", "utf-8")
    yield module


@pytest.fixture
def steps(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """설치하는 명령을 적기만 하는 가짜입니다. 가상 환경만 흉내 냅니다."""
    said: list[list[str]] = []

    def step(command: list[str], failure: str) -> bool:
        said.append(command)
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
    tree = ast.parse(FILE.read_text("utf-8"), feature_version=(3, 6))
    names = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names <= sys.stdlib_module_names


def test_an_old_python_is_refused_in_one_line(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev.sys, "version_info", Version(3, 10, 0))
    assert dev.main(["build"]) == 1
    assert capsys.readouterr().err.startswith("오류: 파이썬 3.11 이상이 필요합니다")


def test_an_unknown_command_is_refused_in_one_line(
    dev: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(["dance"]) == 2
    error = capsys.readouterr().err
    assert error == "오류: 명령은 serve, build, test, check 가운데 하나입니다: 받은 값 dance\n"


def test_it_sets_up_once_and_again_when_something_changed(
    dev: ModuleType, steps: list[list[str]], tmp_path: Path
) -> None:
    dev.set_up()
    first = len(steps)
    assert first > 3
    dev.set_up()
    assert len(steps) == first
    for name in dev.INPUTS:
        (tmp_path / name).write_text("torch==2.14.0\n", "utf-8")
        before = len(steps)
        dev.set_up()
        assert len(steps) > before, name


def test_a_failed_set_up_leaves_no_stamp_and_one_line(
    dev: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit('가득 참')", "utf-8")
    (tmp_path / ".venv").mkdir()
    with pytest.raises(dev.SetupError, match=r"설치하지 못했습니다: 가득 참\. 기록은"):
        dev.step([sys.executable, str(broken)], "설치하지 못했습니다")

    def failing(command: list[str], failure: str) -> bool:
        raise dev.SetupError("파이썬 패키지를 설치하지 못했습니다: 까닭")

    monkeypatch.setattr(dev, "step", failing)
    assert dev.main(["build"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "오류: 파이썬 패키지를 설치하지 못했습니다: 까닭"
    assert not Path(dev.STAMP).exists()


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["torch", "sympy"], False),
        (["torch", "nvidia-cublas-cu12"], True),
        (["torch", "triton"], True),
    ],
)
def test_a_plan_with_gpu_packages_is_told_apart(
    dev: ModuleType, names: list[str], wanted: bool
) -> None:
    report = {"install": [{"metadata": {"name": name}} for name in names]}
    assert dev.needs_cuda(report) is wanted


def test_a_gpu_plan_goes_through_uv(
    dev: ModuleType, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "needs_cuda", lambda report: True)
    dev.set_up()
    assert any("--torch-backend" in command for command in steps)


def test_every_check_is_run_and_one_failure_fails_all(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(dev, "set_up", lambda: None)
    monkeypatch.setattr(dev, "call", lambda command: ran.append(command[0]) or len(ran) == 2)
    assert dev.main(["check"]) == 1
    assert ran == ["ruff", "ruff", "mypy", "lint-imports", "tsc", "zizmor"]

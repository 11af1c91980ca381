"""시간을 재는 테스트가 도는 동안 다른 일꾼이 쉬는지, 작은 두 파일로 봅니다."""

import json
import shutil
from pathlib import Path

import pytest
from test_quick import TESTS, apart

WATCHED = """
import json, time
from pathlib import Path
import pytest

{mark}
@pytest.mark.parametrize("turn", range(3))
def test_a_turn(turn):
    since = time.monotonic()
    time.sleep(0.2)
    Path("{name}-" + str(turn)).write_text(json.dumps([since, time.monotonic()]))
"""


def overlaps(folder: Path, mark: str) -> int:
    """두 일꾼이 함께 돈 테스트의 짝의 수입니다."""
    for name in ("conftest.py", "quick.py"):
        shutil.copy(TESTS / name, folder)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = timed: 혼자\n", "utf-8")
    for name, given in (("one", mark), ("other", "")):
        (folder / f"test_{name}.py").write_text(WATCHED.format(mark=given, name=name), "utf-8")
    done = apart(folder, "-n", "2", "--dist", "worksteal")
    assert done.returncode == 0, done.stdout
    ran = {
        name: [json.loads((folder / f"{name}-{turn}").read_text("utf-8")) for turn in range(3)]
        for name in ("one", "other")
    }
    return sum(
        one[0] < other[1] and other[0] < one[1] for one in ran["one"] for other in ran["other"]
    )


@pytest.mark.parametrize(("mark", "together"), [("@pytest.mark.timed", False), ("", True)])
def test_a_timed_test_runs_alone(tmp_path: Path, mark: str, together: bool) -> None:
    assert (overlaps(tmp_path, mark) > 0) == together

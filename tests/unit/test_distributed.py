"""둘이 나누어 배운 것이 혼자 전체 배치로 배운 것과 같은지, 하나가 죽으면 모두 멈추는지 봅니다."""

import copy
import os
import re
import signal
import socket
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
import sharing
import torch
from forks import asked, ended, start
from learners import EACH, PAIRS, RING, model
from sharing import FAULTS, Case

from gan_docs.cli.parser import main
from gan_docs.machines.sharing import SharedBatchNorm, share_statistics
from gan_docs.machines.team import Team
from gan_docs.sampling import sample_images
from gan_docs.saving import checkpoint
from gan_docs.saving.weights import HISTORY, WEIGHTS, load_generator
from gan_docs.shared_trainer import SharedTrainer

pytestmark = pytest.mark.slow

FEW = [  # 벌점마다, 표본을 나누는 길마다
    Case("labelled", "minimax", "r1"),
    Case("images", "non-saturating", "r2"),
    Case("labelled", "relativistic", "r1-and-r2", augmented=True),
    Case("images", "wasserstein", "toward-one", augmented=True),
    Case("labelled", "wasserstein", "toward-one", turns=3),
    Case("points", "wasserstein", "toward-one", pack=2),
]
EVERY = [
    *[Case("points", *pair) for pair in PAIRS],
    *[Case("labelled", loss, penalty) for loss, penalty in EACH[1:]],
    Case("images", "relativistic", "r1-and-r2"),
    Case("labelled", "relativistic", "r1-and-r2", "float32", 1e-4),
]
WIDELY = [pytest.param(case, marks=pytest.mark.wide) for case in EVERY]
# Adam은 기울기를 그 크기로 나누므로, 0에 가까운 기울기의 반올림을 키움: ε으로 누르고 견줌
SINGLE = Case("images", "wasserstein", "toward-one", "float32", 1e-4)
CLOSE = {"float64": 1e-9, "float32": 1e-5}
CHANGED = ("두 프로세스가 이미지를 똑같이 바꿈", "바꿀 수를 제 몫만큼만 뽑음")
WRONG = [
    Case("images", "relativistic", "toward-one", fault=fault, augmented=fault in CHANGED)
    for fault in FAULTS
]
BRIEF = SINGLE._replace(precision="bfloat16")
SLOPELESS = BRIEF._replace(fault="통계의 기울기가 흐르지 않음")
NUMBER = Case("images", "relativistic", "toward-one")
CHECKPOINTS = (checkpoint.NEWEST, checkpoint.PREVIOUS)
Answers = dict[tuple[Any, ...], list[float | str]]


@pytest.fixture(scope="module")
def answers(wide: bool, once: Callable[..., Answers]) -> Answers:
    """두 프로세스가 한 번 만나 모든 견줌을 차례로 합니다."""

    def make(folder: Path) -> Answers:
        folder.mkdir()
        cases = (*(EVERY if wide else ()), *FEW, SINGLE, BRIEF, SLOPELESS, *WRONG)
        tasks: list[tuple[Any, ...]] = [(sharing.compare, case) for case in cases]
        for fewer in (True, False):
            tasks.append((sharing.hand_over, NUMBER, folder / f"fewer-{fewer}", fewer))
        team = [asked(sharing.work, rank, folder / "store", tasks) for rank in range(2)]
        found: Answers = {}
        for task in tasks:
            assert all(answer.poll(120) for _, answer in team)
            found[task[0], task[1], *task[3:]] = [answer.recv() for _, answer in team]
        return found

    return once("team", make)


def far(answers: Answers, case: Case) -> float:
    found, _ = answers[sharing.compare, case]
    assert isinstance(found, float), found
    return found


@pytest.mark.parametrize("case", [*WIDELY, *FEW, SINGLE], ids=str)
def test_two_processes_learn_what_one_learns(case: Case, answers: Answers) -> None:
    found = far(answers, case)
    print(f"두 프로세스, {case.kind}, {case.loss}, {case.penalty}, pack {case.pack}: {found:.1e}")
    assert found < CLOSE[case.dtype]


def test_so_they_do_in_bfloat16(answers: Answers) -> None:
    """bfloat16의 반올림은 커서 성기게만 견주되, 큰 고장은 그래도 드러납니다."""
    assert far(answers, BRIEF) < 0.3 < far(answers, SLOPELESS)


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.fault)
def test_a_fault_in_the_sharing_is_caught(case: Case, answers: Answers) -> None:
    if "제 몫만큼만 뽑음" in str(case.fault):  # 난수의 상태부터 어긋남
        assert answers[sharing.compare, case][0] == "AssertionError: random.state"
    else:
        assert far(answers, case) > 1e-3


@pytest.mark.parametrize("fewer", [True, False])
def test_a_run_can_go_on_with_another_number_of_processes(fewer: bool, answers: Answers) -> None:
    for found in answers[sharing.hand_over, NUMBER, fewer]:
        assert isinstance(found, float), found
        assert found < 1e-9


@pytest.mark.parametrize("shape", [(64, 3), (64, 3, 4, 5)])
def test_shared_statistics_alone_are_those_of_torch_even_in_bfloat16(
    shape: tuple[int, ...],
) -> None:
    torch.manual_seed(0)
    layer = torch.nn.BatchNorm1d(3) if len(shape) == 2 else torch.nn.BatchNorm2d(3)
    torch.nn.init.normal_(layer.weight)
    plain, shared = torch.nn.Sequential(copy.deepcopy(layer).double()), torch.nn.Sequential(layer)
    share_statistics(shared, Team())
    assert isinstance(shared[0], SharedBatchNorm)
    assert shared[0].weight is layer.weight
    x = (100 + torch.randn(shape)).bfloat16()
    with torch.autocast("cpu", torch.bfloat16):
        made = shared(x)
    assert made.dtype == torch.float32
    assert torch.allclose(made.double(), plain(x.double()), atol=1e-4)
    for name, value in shared[0].state_dict().items():
        assert torch.allclose(value.double(), plain[0].state_dict()[name].double()), name
    assert torch.allclose(shared.eval()(x.float()).double(), plain.eval()(x.double()), atol=1e-4)


def test_a_batch_that_cannot_be_shared_is_refused() -> None:
    with pytest.raises(ValueError, match="프로세스의 수 3의 배수여야 합니다: 받은 값 64"):
        SharedTrainer(model("points"), RING, Team(0, 3))
    with pytest.raises(ValueError, match="2와 pack 4의 곱의 배수여야 합니다: 받은 값 12"):
        SharedTrainer(model("points", pack=4), RING, Team(0, 2), batch_size=12)


ASKED = ["train", "--data", "ring", "--batch-size", "8"]


def two(folders: list[Path], *others: str) -> list[BaseProcess]:
    """저마다의 폴더를 받은 명령줄 둘을 함께 부릅니다."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    return [
        start(sharing.command, rank, port, told(out, rank), [*ASKED, "--out", str(out), *others])
        for rank, out in enumerate(folders)
    ]


def told(folder: Path, rank: int) -> Path:
    return folder.with_suffix(f".{rank}")


def said(folder: Path, rank: int) -> str:
    return told(folder, rank).read_text("utf-8")


def begun(folder: Path, *others: str) -> list[BaseProcess]:
    """끝없는 학습 둘을 부르고, 첫 체크포인트가 생길 때까지 기다립니다."""
    team = two([folder] * 2, "--steps", "1000000", "--checkpoint-every", "2", *others)
    patience = time.monotonic() + 120
    while not checkpoint.exists(folder):
        assert time.monotonic() < patience
        assert all(process.is_alive() for process in team), said(folder, 0) + said(folder, 1)
        time.sleep(0.02)
    return team


@pytest.mark.parametrize(
    ("dead", "number"),
    [
        (0, signal.SIGSTOP),
        (1, signal.SIGKILL),
        pytest.param(0, signal.SIGKILL, marks=pytest.mark.wide),
        pytest.param(1, signal.SIGSTOP, marks=pytest.mark.wide),
    ],
)
def test_when_one_is_gone_the_other_ends_with_a_korean_line(
    dead: int, number: int, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    team = begun(folder, "--patience", "3")
    gone, left = team[dead], team[1 - dead]
    os.kill(gone.pid or 0, number)
    left.join(30)
    assert left.exitcode == 1
    gone.kill()
    gone.join()
    last = said(folder, 1 - dead).splitlines()[-1]
    assert re.fullmatch(
        rf"오류: 다른 프로세스가 죽었거나 3초 안에 .*순위 {1 - dead}\).*--resume.*", last
    )
    assert None in [checkpoint.problem(folder / name) for name in CHECKPOINTS]


def test_a_signal_to_one_stops_all_at_the_same_step(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    team = begun(folder)
    os.kill(team[1].pid or 0, signal.SIGTERM)
    assert [ended(process) for process in team] == [143, 143]
    step = load_generator(folder)[1]["step"]
    assert f"{step}스텝까지 {folder}에 저장했습니다" in said(folder, 0)
    assert "저장" not in said(folder, 1)


def test_only_the_first_reads_and_writes_and_it_writes_what_one_process_writes(
    tmp_path: Path,
) -> None:
    alone, here, elsewhere = (tmp_path / name for name in ("alone", "here", "elsewhere"))
    assert main([*ASKED, "--steps", "6", "--out", str(alone)]) == 0
    for others, wanted in (
        ([], f"{here}에 저장했습니다.\n"),
        (["--resume"], "6스텝에서 이어 갑니다"),
    ):
        team = two([here, elsewhere], "--steps", "6", *others)
        codes = [ended(process) for process in team]
        assert codes == [0, 0], said(here, 0) + said(elsewhere, 1)
        assert wanted in said(here, 0)
        assert said(elsewhere, 1) == ""
        assert not elsewhere.exists()
    assert {file.name for file in here.iterdir()} == {*CHECKPOINTS, HISTORY, WEIGHTS}
    drawn = [sample_images(load_generator(folder)[0], 50)[0] for folder in (here, alone)]
    assert torch.allclose(*drawn, atol=1e-3)

"""둘이 나누어 배운 것이 혼자 전체 배치로 배운 것과 같은지, 하나가 죽으면 모두 멈추는지 봅니다."""

import json
import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import filelock
import pytest
import sharing
import torch
from sharing import FAULTS, Case

from gan_docs import GAN, data
from gan_docs.cli.parser import main
from gan_docs.losses import LOSSES, PENALTIES
from gan_docs.machines.sharing import SharedBatchNorm, share_statistics
from gan_docs.machines.team import Team, joined
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.sampling import sample_images
from gan_docs.saving import checkpoint
from gan_docs.saving.weights import HISTORY, WEIGHTS, load_generator
from gan_docs.shared_trainer import SharedTrainer

pytestmark = pytest.mark.slow

WITH_PENALTY = list(zip(LOSSES, cycle([*PENALTIES, None]), strict=False))
DOUBLE = [
    *[Case("points", loss, penalty) for loss in LOSSES for penalty in (None, *PENALTIES)],
    *[Case("labelled", loss, penalty) for loss, penalty in WITH_PENALTY],
    Case("images", "relativistic", "r1-and-r2"),
    Case("images", "wasserstein", "toward-one"),
    Case("points", "wasserstein", "toward-one", pack=2),
]
# Adam은 기울기를 그 크기로 나누므로, 0에 가까운 기울기의 반올림을 키움: ε으로 누르고 견줌
SINGLE = [
    Case("labelled", "relativistic", "r1-and-r2", "float32", 1e-4),
    Case("images", "wasserstein", "toward-one", "float32", 1e-4),
]
WRONG = [Case("images", "relativistic", "toward-one", fault=fault) for fault in FAULTS]
BRIEF = [case._replace(precision="bfloat16") for case in SINGLE]
SLOPELESS = [case._replace(fault="통계의 기울기가 흐르지 않음") for case in BRIEF]
NUMBER = Case("images", "relativistic", "toward-one")
Answers = dict[tuple[str, Case], list[float | str]]


@pytest.fixture(scope="module")
def fork() -> Any:
    context = multiprocessing.get_context("forkserver")
    preload = ["gan_docs.cli.commands", "torch._dynamo", "sklearn.datasets"]
    context.set_forkserver_preload(preload)
    return context


@pytest.fixture(scope="module")
def answers(fork: Any, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """두 프로세스가 한 번 만나 모든 견줌을 차례로 합니다. 일꾼이 여럿이어도 한 번만."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    tasks: list[tuple[Any, ...]] = [
        *[(sharing.compare, case) for case in (*DOUBLE, *SINGLE, *BRIEF, *SLOPELESS, *WRONG)],
        (sharing.break_one, NUMBER),
        (sharing.change_the_number, NUMBER, base / "fewer"),
        (sharing.grow_the_number, NUMBER, base / "more"),
    ]
    file = base / "team.json"
    with filelock.FileLock(base / "team.lock"):
        if not file.exists():
            file.write_text(json.dumps(list(together(fork, base / "store", tasks))), "utf-8")
    found = json.loads(file.read_text("utf-8"))
    pairs = zip(tasks, found, strict=True)
    return {(function.__name__, case): both for (function, case, *_), both in pairs}


def together(fork: Any, store: Path, tasks: list[tuple[Any, ...]]) -> Iterator[list[float | str]]:
    """일마다 두 프로세스의 답입니다."""
    ears = []
    for rank in range(2):
        answer, ask = fork.Pipe(duplex=False)
        given = (rank, 2, store, ask, tasks)
        fork.Process(target=sharing.work, args=given, daemon=True).start()
        ears.append(answer)
    for _ in tasks:
        assert all(ear.poll(120) for ear in ears)
        yield [ear.recv() for ear in ears]


def far(answers: Answers, case: Case) -> float:
    found, _ = answers["compare", case]
    assert isinstance(found, float), found
    return found


@pytest.mark.parametrize("case", DOUBLE, ids=str)
def test_two_processes_learn_what_one_learns(case: Case, answers: Answers) -> None:
    found = far(answers, case)
    print(f"두 프로세스, {case.kind}, {case.loss}, {case.penalty}, pack {case.pack}: {found:.1e}")
    assert found < 1e-9


@pytest.mark.parametrize("case", SINGLE, ids=str)
def test_so_they_do_in_single_precision(case: Case, answers: Answers) -> None:
    assert far(answers, case) < 1e-5


@pytest.mark.parametrize(("right", "wrong"), list(zip(BRIEF, SLOPELESS, strict=True)), ids=str)
def test_so_they_do_in_bfloat16(right: Case, wrong: Case, answers: Answers) -> None:
    """bfloat16의 반올림은 커서 성기게만 견주되, 큰 고장은 그래도 드러납니다."""
    assert far(answers, right) < 0.3 < far(answers, wrong)


def test_shared_statistics_are_not_counted_in_bfloat16() -> None:
    torch.manual_seed(0)
    layer = SharedBatchNorm(3)
    x = (100 + torch.randn(64, 3, 4, 4)).bfloat16()
    with torch.autocast("cpu", torch.bfloat16):
        made = layer(x)
    wanted = x.double()
    mean, variance = wanted.mean((0, 2, 3)), wanted.var((0, 2, 3))
    assert layer.running_mean is not None
    assert layer.running_var is not None
    assert made.dtype == torch.float32
    assert torch.allclose(layer.running_mean.double(), 0.1 * mean, rtol=1e-6)
    assert torch.allclose(layer.running_var.double(), 0.9 + 0.1 * variance, rtol=1e-5)


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.fault)
def test_a_fault_in_the_sharing_is_caught(case: Case, answers: Answers) -> None:
    if case.fault == "섞는 비율을 제 몫만큼만 뽑음":  # 난수의 상태부터 어긋남
        assert answers["compare", case][0] == "AssertionError: random.state"
    else:
        assert far(answers, case) > 1e-3


@pytest.mark.parametrize("change", ["change_the_number", "grow_the_number"])
def test_a_run_can_go_on_with_another_number_of_processes(change: str, answers: Answers) -> None:
    for found in answers[change, NUMBER]:
        assert isinstance(found, float), found
        assert found < 1e-9


def test_a_loss_that_breaks_on_one_stops_all_at_the_same_step(answers: Answers) -> None:
    assert answers["break_one", NUMBER] == [2, 2]


@pytest.mark.parametrize("shape", [(12, 3), (6, 3, 4, 5)])
def test_shared_statistics_alone_are_those_of_torch(shape: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    layer = (torch.nn.BatchNorm1d if len(shape) == 2 else torch.nn.BatchNorm2d)(3)
    torch.nn.init.normal_(layer.weight)
    plain, shared = torch.nn.Sequential(layer), torch.nn.Sequential(layer)
    share_statistics(shared, Team())
    assert isinstance(shared[0], SharedBatchNorm)
    assert shared[0].weight is layer.weight
    x = torch.randn(shape)
    before = {name: value.clone() for name, value in layer.state_dict().items()}
    wanted, after = plain(x), {k: v.clone() for k, v in layer.state_dict().items()}
    layer.load_state_dict(before)
    assert torch.allclose(shared(x), wanted, atol=1e-5)
    for name, value in shared[0].state_dict().items():
        assert torch.allclose(value, after[name]), name
    assert torch.equal(shared.eval()(x), plain.eval()(x))


def test_a_batch_that_cannot_be_shared_is_refused() -> None:
    gan = GAN(PointDiscriminator(4, 1), PointGenerator(4, 1))
    with pytest.raises(ValueError, match="프로세스의 수 3의 배수여야 합니다: 받은 값 64"):
        SharedTrainer(gan, data.ring(), Team(0, 3))
    packing = GAN(PointDiscriminator(4, 1, pack=4), PointGenerator(4, 1))
    with pytest.raises(ValueError, match="2와 pack 4의 곱의 배수여야 합니다: 받은 값 12"):
        SharedTrainer(packing, data.ring(), Team(0, 2), batch_size=12)


def test_alone_there_is_nobody_to_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with joined(1) as team:
        assert team == Team(0, 1)
        assert (team.most(3), team.told(b"a")) == (3, b"a")
    with pytest.raises(RuntimeError, match="다른 오류"), joined(1):
        raise RuntimeError("다른 오류")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def two(fork: Any, folder: Path, *others: str) -> list[BaseProcess]:
    """명령줄 둘을 부르고, 첫 체크포인트가 생길 때까지 기다립니다."""
    port = free_port()
    arguments = ["train", "--data", "ring", "--steps", "1000000", "--batch-size", "8"]
    arguments += ["--out", str(folder), "--checkpoint-every", "2", *others]
    team = []
    for rank in range(2):
        given = (rank, port, folder.with_suffix(f".{rank}"), arguments)
        team.append(fork.Process(target=sharing.command, args=given, daemon=True))
        team[-1].start()
    patience = time.monotonic() + 120
    while not checkpoint.exists(folder):
        assert time.monotonic() < patience
        assert all(process.is_alive() for process in team), said(folder, 0) + said(folder, 1)
        time.sleep(0.02)
    return team


def said(folder: Path, rank: int) -> str:
    return folder.with_suffix(f".{rank}").read_text("utf-8")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["죽음", "멈춤"])
@pytest.mark.parametrize("dead", [0, 1])
def test_when_one_is_gone_the_other_ends_with_a_korean_line(
    dead: int, number: int, fork: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    team = two(fork, folder, "--patience", "3")
    gone, left = team[dead], team[1 - dead]
    started = time.monotonic()
    os.kill(gone.pid or 0, number)
    left.join(30)
    assert left.exitcode == 1
    assert time.monotonic() - started < 30
    gone.kill()
    gone.join()
    last = said(folder, 1 - dead).splitlines()[-1]
    assert re.fullmatch(
        rf"오류: 다른 프로세스가 죽었거나 3초 안에 .*순위 {1 - dead}\).*--resume.*", last
    )
    assert checkpoint.problem(folder / checkpoint.NEWEST) is None or (
        checkpoint.problem(folder / checkpoint.PREVIOUS) is None
    )


def test_a_signal_to_one_stops_all_at_the_same_step(fork: Any, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    team = two(fork, folder)
    os.kill(team[1].pid or 0, signal.SIGTERM)
    for process in team:
        process.join(60)
    assert [process.exitcode for process in team] == [143, 143]
    step = load_generator(folder)[1]["step"]
    assert f"{step}스텝까지 {folder}에 저장했습니다" in said(folder, 0)
    assert "저장" not in said(folder, 1)


def test_only_the_first_needs_the_checkpoint_and_a_folder(fork: Any, tmp_path: Path) -> None:
    asked = ["train", "--data", "ring", "--steps", "4", "--batch-size", "8", "--out"]
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    assert main([*asked, str(here)]) == 0
    port = free_port()
    team = []
    for rank, folder in enumerate((here, elsewhere)):
        given = (rank, port, folder.with_suffix(f".{rank}"), [*asked, str(folder), "--resume"])
        team.append(fork.Process(target=sharing.command, args=given, daemon=True))
        team[-1].start()
    for process in team:
        process.join(100)
    assert [process.exitcode for process in team] == [0, 0], said(here, 0) + said(elsewhere, 1)
    assert "4스텝에서 이어 갑니다" in said(here, 0)
    assert said(elsewhere, 1) == ""
    assert not elsewhere.exists()


def test_torchrun_writes_once_what_one_process_writes(tmp_path: Path) -> None:
    def train(name: str, *launch: str) -> Path:
        arguments = ["--data", "ring", "--steps", "6", "--batch-size", "8"]
        command = [sys.executable, *launch, "-m", "gan_docs", "train", *arguments]
        done = subprocess.run(
            [*command, "--out", str(tmp_path / name)],
            env={**os.environ, "GLOO_SOCKET_IFNAME": "lo", "OMP_NUM_THREADS": "1"},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=200,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"{tmp_path / name}에 저장했습니다.\n"
        return tmp_path / name

    launch = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2")
    shared, alone = train("two", *launch), train("one")
    files = sorted(file.name for file in shared.iterdir())
    assert files == sorted([checkpoint.NEWEST, HISTORY, WEIGHTS])
    drawn = [sample_images(load_generator(folder)[0], 50)[0] for folder in (shared, alone)]
    assert torch.allclose(*drawn, atol=1e-3)

"""멈추었다 이어 한 학습이 멈추지 않은 학습과 비트까지 같고, 상한 파일과 다른 설정을 거절하는지."""

import hashlib
import math
import os
import pickle
import random
import shutil
import signal
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import torch
from learners import EACH, SELDOM, different, everything, interrupted, make, straight
from safetensors.torch import save as pack
from spoiled import flipped
from test_kill import MANY
from torch import Tensor

from gan_docs import Trainer, data
from gan_docs.cli.learned import EVALUATION
from gan_docs.cli.parser import build_parser, main
from gan_docs.losses import LOSSES, PENALTIES, R1_AND_R2, RELATIVISTIC
from gan_docs.machines.interruption import heard_signals
from gan_docs.saving import checkpoint, state, weights
from gan_docs.saving.checkpoint import NEWEST, PREVIOUS

pytestmark = pytest.mark.usefixtures("one_thread")

DAMAGED = r"체크포인트가 아닙니다|손상되었습니다"


@pytest.mark.parametrize(
    ("kind", "loss", "penalty"),
    [
        *[pytest.param("points", *pair.values, marks=pair.marks) for pair in SELDOM],
        *[(kind, *pair) for pair, kind in zip(EACH, cycle(["images", "labelled"]), strict=False)],
        ("layers", "relativistic", "r1-and-r2"),
    ],
)
def test_a_resumed_run_is_the_same_to_the_last_bit(
    kind: str, loss: str, penalty: str | None, tmp_path: Path
) -> None:
    chosen = None if penalty is None else PENALTIES[penalty].with_strength(1.0, 0.1)
    again = partial(make, kind, loss=LOSSES[loss], penalty=chosen)
    assert different(straight(again()), interrupted(again, tmp_path, 2)) == []


@pytest.mark.parametrize(("precision", "at"), [("float32", 0), ("float32", 5), ("bfloat16", 2)])
def test_so_is_one_before_the_first_step_after_the_last_and_in_bfloat16(
    precision: str, at: int, tmp_path: Path
) -> None:
    again = partial(make, "labelled", precision=precision)
    assert different(straight(again()), interrupted(again, tmp_path, at)) == []


@pytest.mark.parametrize("part", sorted(state.PARTS.keys() - {"device_random"}))  # CPU에는 없음
def test_a_part_left_out_of_the_checkpoint_is_seen(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = straight(make("layers"))
    with monkeypatch.context() as context:
        context.delitem(state.PARTS, part)
        first = make("layers")
        first.train(2, progress=False)
        first.save_checkpoint(tmp_path)
        second = make("layers", 99)
        second.resume(tmp_path)
    wrong = different(whole, straight(second))
    assert any(name.startswith("generator.") for name in wrong) or part.startswith("average")
    assert any(name.startswith("average.") for name in wrong)


@pytest.mark.slow
def test_drawing_and_saving_do_not_change_the_training(tmp_path: Path) -> None:
    def disturb(trainer: Trainer) -> None:
        trainer.sample(3)
        trainer.save(tmp_path)
        trainer.save_checkpoint(tmp_path)

    whole, watched = straight(make("labelled", steps=2)), make("labelled", steps=2)
    watched.train(progress=False, on_step=disturb)
    assert different(whole, watched) == []


@pytest.fixture(scope="module")
def content() -> bytes:
    trainer = make()
    trainer.train(2, progress=False)
    return checkpoint.encode(state.collect(trainer))


@pytest.fixture
def stored(content: bytes, tmp_path: Path) -> Path:
    (tmp_path / NEWEST).write_bytes(content)
    return tmp_path


def test_a_flip_of_any_byte_is_seen(content: bytes) -> None:
    chance = random.Random(0)
    assert checkpoint.encode(checkpoint.decode(content)) == content
    for place in range(len(content)):
        with pytest.raises(ValueError, match=DAMAGED):
            checkpoint.decode(flipped(content, place, chance.randrange(8)))


def test_a_flip_would_pass_without_the_checksum(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Constant:
        def hexdigest(self) -> str:
            return content[len(checkpoint.MAGIC) : checkpoint.FIRST_LINE - 1].decode()

    monkeypatch.setattr(hashlib, "sha256", lambda _: Constant())
    checkpoint.decode(flipped(content, len(content) - 1))


def sealed(body: bytes) -> bytes:
    """내용이 무엇이든 sha256만은 맞는 파일입니다."""
    return checkpoint.MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def changed(content: bytes, name: str, tensor: Tensor) -> bytes:
    whole = checkpoint.decode(content)
    return checkpoint.encode(whole._replace(tensors={**whole.tensors, name: tensor}))


class Exploit:
    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (77,)


SAFE = pack({"a": torch.zeros(1)})
WEIGHT = "generator.network.0.weight"
FILES = {  # 무엇이 들었든 거절할 파일과 그 이유
    "빈 파일": (b"", "체크포인트가 아닙니다"),
    "피클": (pickle.dumps(Exploit()), "코드를 실행할 수 있어"),
    "피클을 담은 zip": (b"PK\x03\x04" + b"x" * 100, "코드를 실행할 수 있어"),
    "끝없는 머리말": (sealed(b"{}\n" + b"\xff" * 7 + b"\x7f" + b"{}"), "읽을 수 없습"),
    "끝없는 설정": (sealed(b"[" * 2**22), "읽을 수 없습"),
    "깊은 설정": (sealed(b"[" * 10**5 + b"]" * 10**5 + b"\n" + SAFE), "읽을 수 없습"),
    "사전이 아닌 설정": (sealed(b"[]\n" + SAFE), "사전이 아닙니다"),
    "빈 설정": (sealed(b"{}\n" + SAFE), "설정이 없습니다"),
    "글이 아닌 설정": (sealed(b"\xff\xfe\n" + SAFE), "읽을 수 없습"),
}
NOISE = torch.full((5056,), 255, dtype=torch.uint8)
TENSORS = [
    ("extra", torch.zeros(1), "텐서가 다릅니다: .*extra"),
    (WEIGHT, torch.zeros(4, 3), r"0.weight.*\(4, 2\).*\(4, 3\)"),
    (WEIGHT, torch.zeros(4, 2).double(), "float32.*float64"),
    ("history.steps", torch.zeros(2, 5).double(), r"history.*\(2, 5\)"),
    ("history.steps", torch.zeros(9, 6).double(), r"history.*\(9, 6\)"),  # 계획보다 긺
    ("random.state", NOISE, "난수를 읽을 수 없습니다: random"),
]
HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    **{name: (lambda _, file=file: file, said) for name, (file, said) in FILES.items()},
    **{said: (partial(changed, name=name, tensor=each), said) for name, each, said in TENSORS},
    "첫 줄에서 잘림": (lambda content: content[:50], DAMAGED),
    "덧붙은 한 바이트": (lambda content: content + b"\0", DAMAGED),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_one_korean_line_and_changes_nothing(
    name: str, content: bytes, tmp_path: Path
) -> None:
    spoil, said = HOSTILE[name]
    (tmp_path / NEWEST).write_bytes(spoil(content))
    trainer = make(start=5)
    before = everything(trainer)
    with pytest.raises(ValueError, match=said) as refused:
        trainer.resume(tmp_path)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400
    torch.set_rng_state(before["global_random.state"])
    assert different(before, trainer) == []


@pytest.mark.parametrize("suffix", checkpoint.PICKLES)
def test_a_pickle_is_refused_by_its_name_without_being_opened(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="코드를 실행할 수 있어 읽지 않습니다"):
        make().resume(tmp_path / f"none{suffix}")


def test_a_file_larger_than_any_checkpoint_is_not_read(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "LARGEST_FILE", (stored / NEWEST).stat().st_size - 1)
    with pytest.raises(ValueError, match="너무 큽니다"):
        make().resume(stored)


SETTINGS: dict[str, tuple[dict[str, Any], str]] = {
    "network": (
        {"kind": "images"},
        r"데이터.그때 ring, 지금 digits.*판별기.*생성기.그때 .*'hidden",
    ),
    "data": ({"data": data.ring(sigma=0.02)}, "데이터의 내용"),
    "loss": ({"loss": LOSSES["hinge"]}, "손실.그때 상대론적, 지금 힌지"),
    "strength": (
        {"penalty": R1_AND_R2.with_strength(1.0, 0.5)},
        r"벌점의 세기.그때 \[0.2, 0.02\], 지금 \[1.0, 0.5\]",
    ),
    "penalty": ({"penalty": None}, "벌점.그때 R₁ \\+ R₂, 지금 None"),
    "batch_size": ({"batch_size": 8}, "배치 크기.그때 4, 지금 8"),
    "steps": ({"steps": 6}, "스텝 수.그때 5, 지금 6"),
    "learning_rate": ({"learning_rate": 1e-3}, "학습률.그때 0.002, 지금 0.001"),
    "betas": ({"betas": (0.5, 0.99)}, "Adam의 계수"),
    "generator_learning_rate": (
        {"generator_learning_rate": 0.01},
        "생성기의 학습률.그때 0.002, 지금 0.01",
    ),
    "discriminator_steps": ({"discriminator_steps": 2}, "판별기의 차례 수.그때 1, 지금 2"),
    "averaging": ({"averaging": 0.9}, "평균의 비율"),
    "seed": ({"seed": 4}, "시드.그때 3, 지금 4"),
    "precision": ({"precision": "bfloat16"}, "자료형.그때 float32, 지금 bfloat16"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_another_setting_is_refused_by_its_name(name: str, stored: Path) -> None:
    given, said = SETTINGS[name]
    with pytest.raises(ValueError, match=said):
        make(**given).resume(stored)


def test_every_setting_is_compared_and_a_forgotten_one_would_be_resumed(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(make().settings) == set(state.SETTINGS)
    monkeypatch.delitem(state.SETTINGS, "seed")
    make(seed=4).resume(stored)


def test_a_checkpoint_from_before_two_rates_and_several_turns_goes_on(
    content: bytes, tmp_path: Path
) -> None:
    whole = checkpoint.decode(content)
    added = ("generator_learning_rate", "discriminator_steps")
    for name in added:
        del whole.document["settings"][name]
    (tmp_path / NEWEST).write_bytes(checkpoint.encode(whole))
    assert make().resume(tmp_path) == []
    for name in added:
        given, said = SETTINGS[name]
        with pytest.raises(ValueError, match=said):
            make(**given).resume(tmp_path)


def test_another_version_of_torch_is_allowed_and_told(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = {"torch": "9.9", "threads": 77, "device": "cpu"}
    monkeypatch.setattr(state, "machine", lambda trainer: now)
    one, two = make().resume(stored)
    assert "torch의 버전이(가) 저장할 때와 달라" in one and f"그때 {torch.__version__}" in one
    assert "지금 77" in two


def at_two_steps(folder: Path) -> Trainer:
    trainer = make()
    trainer.train(2, progress=False, on_step=lambda made: made.save_checkpoint(folder) and None)
    return trainer


def spoil(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def test_a_damaged_checkpoint_falls_back_to_the_one_before(tmp_path: Path) -> None:
    at_two_steps(tmp_path)
    spoil(tmp_path / NEWEST)
    trainer = make()
    (note,) = trainer.resume(tmp_path)
    assert "손상되었습니다" in note
    assert "그 앞의 체크포인트에서 이어 갑니다" in note
    assert len(trainer.history) == 1
    good = (tmp_path / PREVIOUS).read_bytes()
    trainer.train(1, progress=False)
    trainer.save_checkpoint(tmp_path)
    assert (tmp_path / PREVIOUS).read_bytes() == good  # 상한 것이 온전한 것을 밀어내지 않음
    assert different(straight(make()), straight(trainer)) == []


def test_two_damaged_checkpoints_are_refused(tmp_path: Path) -> None:
    at_two_steps(tmp_path)
    spoil(tmp_path / NEWEST)
    (tmp_path / "died").mkdir()  # 두 이름 사이에서 꺼져 앞의 것만 남음
    shutil.copy(tmp_path / PREVIOUS, tmp_path / "died")
    assert "파일이 없습니다" in make().resume(tmp_path / "died")[0]
    spoil(tmp_path / PREVIOUS)
    with pytest.raises(ValueError, match=f"{NEWEST}: 손상.*{PREVIOUS}: 손상"):
        make().resume(tmp_path)
    with pytest.raises(FileNotFoundError, match="이어 할 체크포인트가 없습니다"):
        make().resume(tmp_path / "none")


def test_a_half_written_file_is_swept_away_by_the_next_save(tmp_path: Path) -> None:
    (tmp_path / ".checkpoint.abc.gan").write_bytes(b"half")
    at_two_steps(tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == [PREVIOUS, NEWEST]


def test_file_and_folder_reach_the_disk_before_and_after_the_move(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, move = list[str](), os.replace

    def note_fsync(handle: int) -> None:
        seen.append("폴더" if Path(f"/proc/self/fd/{handle}").is_dir() else "파일")

    def note_move(one: Path, other: Path) -> None:
        seen.append(Path(other).name)
        move(one, other)

    at_two_steps(tmp_path)
    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(os, "replace", note_move)
    make().save_checkpoint(tmp_path)
    assert "파일" in seen[: seen.index(PREVIOUS)]
    assert seen[-2:] == [NEWEST, "폴더"]


@pytest.mark.parametrize("name", ["generator", "average", "discriminator_optimizer"])
def test_weights_that_are_not_finite_never_reach_the_disk(name: str, tmp_path: Path) -> None:
    trainer = at_two_steps(tmp_path)
    trainer.save(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    memory = next(iter(trainer.discriminator_optimizer.state.values()))
    broken = {
        "generator": next(trainer.gan.generator.parameters()),
        "average": next(trainer.average.parameters()),
        "discriminator_optimizer": memory["exp_avg_sq"],
    }[name]
    with torch.no_grad():
        broken.fill_(math.inf if "optimizer" in name else math.nan)
    for save in (trainer.save, trainer.save_checkpoint):
        with pytest.raises(FloatingPointError, match=rf"2스텝\(배치 4개\)에서 {name}.*저장하지 않"):
            save(tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


RING = ["train", "--data", "ring", "--steps", "9", "--batch-size", "4", "--checkpoint-every", "2"]


def trained(folder: Path, *others: str) -> int:
    return main([*RING, "--out", str(folder), *others])


def check_going_on_ends_as_if_nothing_happened(folder: Path) -> None:
    assert trained(folder, "--resume") == 0
    assert trained(folder / "whole") == 0
    assert (folder / NEWEST).read_bytes() == (folder / "whole" / NEWEST).read_bytes()


def test_a_run_that_is_no_longer_finite_stops_and_leaves_the_good_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = list[int]()

    def breaks(real: Tensor, fake: Tensor) -> Tensor:
        calls.append(1)  # 시작하기 전에 한 번 불러 봄
        return RELATIVISTIC.generator(real, fake) * (math.nan if len(calls) == 7 else 1)

    monkeypatch.setitem(LOSSES, "relativistic", RELATIVISTIC._replace(generator=breaks))
    assert trained(tmp_path) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("오류: 6스텝에서 손실이 유한하지 않습니다(배치 4개, 시드 0). 학습률을")
    assert f"그 전의 체크포인트는 {tmp_path}에 그대로 있습니다" in last
    assert not (tmp_path / weights.WEIGHTS).exists()
    monkeypatch.undo()
    check_going_on_ends_as_if_nothing_happened(tmp_path)
    assert "4스텝에서 이어 갑니다." in capsys.readouterr().err  # 두 스텝마다 저장함


@pytest.fixture
def hangup() -> Iterator[Callable[[signal.Handlers], Any]]:
    """닫힌 터미널을 어떻게 들을지 정합니다. 테스트가 끝나면 되돌립니다."""
    before = signal.getsignal(signal.SIGHUP)
    yield partial(signal.signal, signal.SIGHUP)
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_in_the_middle_of_a_step_is_heard_after_it(
    hangup: Callable[[signal.Handlers], Any],
    number: int,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hangup(signal.SIG_DFL)
    before = signal.getsignal(number)
    average = Trainer.update_average

    def send(trainer: Trainer) -> None:
        average(trainer)
        if len(trainer.history) == 4:  # 다섯째 스텝의 가운데
            os.kill(os.getpid(), number)

    monkeypatch.setattr(Trainer, "update_average", send)
    assert trained(tmp_path) == code
    assert f"5스텝까지 {tmp_path}에 저장했습니다" in capsys.readouterr().err
    assert signal.getsignal(number) is before
    assert weights.load_generator(tmp_path)[1]["step"] == 5
    monkeypatch.undo()
    check_going_on_ends_as_if_nothing_happened(tmp_path)


@pytest.mark.parametrize(("handler", "heard"), [(signal.SIG_DFL, True), (signal.SIG_IGN, False)])
def test_a_closed_terminal_is_heard_unless_the_caller_silenced_it(
    hangup: Callable[[signal.Handlers], Any], handler: signal.Handlers, heard: bool
) -> None:
    hangup(handler)  # SIG_IGN은 nohup처럼
    with heard_signals() as numbers:
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGTERM)
    assert numbers == [signal.SIGHUP] * heard + [signal.SIGTERM]
    assert signal.getsignal(signal.SIGHUP) == handler


def test_a_second_interrupt_stops_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def insist(trainer: Trainer) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        pytest.fail("멈추지 않음")

    monkeypatch.setattr(Trainer, "update_average", insist)
    assert trained(tmp_path) == 130
    assert list(tmp_path.iterdir()) == []


def test_processes_that_learn_together_wait_for_the_end_of_the_step() -> None:
    with heard_signals(insist=False) as heard:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
    assert heard == [signal.SIGINT, signal.SIGINT]


def test_resuming_and_overwriting_say_what_they_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trained(tmp_path, "--resume") == 0
    assert "체크포인트가 없어 처음부터 시작합니다" in capsys.readouterr().err
    (stale := tmp_path / EVALUATION).write_text("{}")
    assert trained(tmp_path, "--overwrite", "--loss", "hinge", "--steps", "1") == 0
    assert not (tmp_path / PREVIOUS).exists()  # 앞선 학습의 것은 남지 않음
    assert not stale.exists()
    assert f"앞선 모델을 잰 {stale}을(를) 지웠습니다" in capsys.readouterr().err


def test_the_page_says_what_the_command_and_the_tests_do() -> None:
    page = (Path(__file__).parents[2] / "docs/training/checkpoints.md").read_text("utf-8")
    given = build_parser().parse_args(["train", "--data", "ring", "--out", "a"])
    assert f"`train`은 {given.checkpoint_every}스텝마다" in page
    assert sum(MANY) == 100
    assert "백 순간에 `kill -9`를" in page

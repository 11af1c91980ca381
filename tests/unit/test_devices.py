"""장치와 자료형: 한 스텝의 텐서가 모두 고른 장치에 있는지, bfloat16이 어디까지 쓰이는지.

GPU가 없는 기계에서 먼 장치의 구실은 meta가 합니다.
"""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import torch
from learners import EACH, interrupted, make, model, straight
from torch import Tensor, nn
from torch.utils import _foreach_utils
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from gan_docs import Trainer, choices, trainer
from gan_docs.cli import commands
from gan_docs.cli.parser import main
from gan_docs.experiments.speed import loss_gap
from gan_docs.losses import LOSSES, PENALTIES, TOWARD_ONE
from gan_docs.machines import devices
from gan_docs.machines import team as of_team
from gan_docs.machines.team import BACKENDS, Team, joined
from gan_docs.saving import state

CPU, FAR = torch.device("cpu"), torch.device("meta")
NO_GPU = "GPU가 있어야 볼 수 있음: torch가 CUDA 장치를 찾지 못함"
gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason=NO_GPU)


class Apart(TorchDispatchMode):
    """CPU와 먼 장치의 텐서를 한 연산에 섞으면 CUDA처럼 오류를 냅니다. 옮기는 것만 허락합니다."""

    def __torch_dispatch__(
        self, operation: Any, types: Any, args: Any = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        named = dict(kwargs or {})
        tensors = [each for each in tree_leaves((args, named)) if isinstance(each, Tensor)]
        aten = torch.ops.aten
        if operation is aten._local_scalar_dense.default and args[0].is_meta:
            return 1  # 먼 텐서의 값 읽기: 값은 없으므로 아무 수나
        if operation is aten._to_copy.default:
            goes = torch.device(named.get("device") or args[0].device)
            if args[0].is_meta and goes.type == "cpu":
                return torch.zeros(args[0].shape, dtype=named.get("dtype") or args[0].dtype)
        elif operation is not aten.copy_.default:
            places = {each.device.type for each in tensors if each.ndim or each.is_meta}
            if len(places) > 1:
                raise RuntimeError(f"장치가 섞였습니다: {operation}")
        return operation(*args, **named)


def recorded(learner: trainer.Trainer, *values: Tensor) -> state.Step:
    """먼 텐서에는 값이 없어, 어디에 있는지만 봅니다."""
    assert {value.device.type for value in values} == {"meta"}
    return state.Step(len(learner.history) + 1, 1.0, 1.0, 1.0, 1.0, 1.0)


@contextmanager
def far_device() -> Iterator[None]:
    """학습기가 meta를 여느 장치로 알게 합니다."""
    fused = [*_foreach_utils._get_fused_kernels_supported_devices(), "meta"]
    name = "_get_fused_kernels_supported_devices"
    with (
        mock.patch.object(trainer, "usable_device", torch.device),
        mock.patch.object(trainer.Trainer, "record", recorded),
        mock.patch(f"torch.optim.adam.{name}", lambda: fused, create=True),  # 버전마다 다른 곳
        mock.patch(f"torch.optim.optimizer.{name}", lambda: fused),
        Apart(),
    ):
        yield


KINDS = ("points", "images", "labelled")
# 여느 때에는 짝마다 한 종류씩 돌아가며, 넓게는 모두
CHOSEN = {(kind, *pair) for kind, pair in zip(cycle(KINDS), EACH, strict=False)}
CASES = [
    pytest.param(*case, marks=() if case in CHOSEN else pytest.mark.wide)
    for case in ((kind, *pair) for kind in KINDS for pair in EACH)
]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "loss", "penalty"), CASES)
def test_a_step_keeps_all_its_tensors_on_the_chosen_device(
    kind: str, loss: str, penalty: str | None
) -> None:
    chosen: dict[str, Any] = {"loss": LOSSES[loss], "penalty": PENALTIES.get(penalty or "")}
    with far_device():
        far = make(kind, device=FAR, **chosen)
        far.train(2, progress=False)
        images, _ = far.sample(5)
    tensors = [*far.gan.state_dict().values(), *far.average.state_dict().values()]
    assert {each.device for each in tensors} == {FAR}
    assert images.device == CPU
    near = make(kind, **chosen)
    near.train(2, progress=False)
    assert torch.equal(far.random.get_state(), near.random.get_state())  # 같은 난수를 뽑음


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:for .* copying from a non-meta parameter")  # 값은 견주지 않음
def test_a_checkpoint_moves_between_devices(tmp_path: Path) -> None:
    near = make("labelled")
    near.train(2, progress=False)
    near.save_checkpoint(tmp_path)
    with far_device():
        far = make("labelled", device=FAR)
        (note,) = far.resume(tmp_path)
        far.train(progress=False)
        far.save(tmp_path / "far")
    assert note == ("장치이(가) 저장할 때와 달라 반올림이 다를 수 있습니다: 그때 cpu, 지금 meta")
    assert len(far.history) == 5
    moments = far.generator_optimizer.state.values()
    assert {each["exp_avg"].device for each in moments} == {FAR}


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        *((Trainer, name) for name in ("real_batch", "latent_vectors", "mixing_shares")),
        (Trainer, "finished_generator"),
        (trainer, "sample_images"),
    ],
)
def test_a_tensor_left_behind_is_seen(
    owner: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = getattr(owner, name)

    def left(*given: Any, **named: Any) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(Tensor, "to", lambda tensor, *_: tensor)  # 옮기지 않음
            return right(*given, **named)

    monkeypatch.setattr(owner, name, left)
    with far_device(), pytest.raises(RuntimeError, match="장치가 섞였습니다"):
        made = make("labelled", device=FAR, penalty=TOWARD_ONE)
        made.train(2, progress=False)
        made.sample(5)


@pytest.mark.parametrize(
    ("device", "gpus", "said"),
    [
        *((unknown, 0, "^device는 cpu, cuda, ") for unknown in ("tpu", "meta", "cuda:a", "")),
        ("cuda", 0, "GPU를 찾지 못했습니다.*cpu를 고르세요"),
        ("cuda:2", 2, "GPU는 2개이고 번호는 0부터입니다"),
        ("mps", 0, "애플 GPU.*를 찾지 못했습니다.*cpu를 고르세요"),
    ],
)
def test_a_device_that_is_not_there_is_refused(
    device: str, gpus: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpus > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: gpus)
    with pytest.raises(ValueError, match=f"{said}.*받은 값 {device}$"):
        make(device=device)
    for number in range(gpus):
        assert devices.usable_device(f"cuda:{number}") == torch.device(f"cuda:{number}")


def test_an_apple_gpu_is_used_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    apple = devices.usable_device("mps")
    assert apple == torch.device("mps")
    with pytest.raises(ValueError, match="번호 없이 적거나 cpu를 고르세요: 받은 값 mps:1"):
        devices.usable_device("mps:1")
    with pytest.raises(ValueError, match="mps에서는 float32로만 계산합니다: 받은 값 bfloat16"):
        devices.usable_precision("bfloat16", apple)
    with pytest.raises(ValueError, match=r"mps는 float64를 계산하지 못합니다.*\.float\(\)"):
        choices.dtype_of(model("points").double(), apple)


def test_a_precision_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = torch.device("cuda:0")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (7, 5))
    with pytest.raises(ValueError, match="bfloat16을 계산하지 못합니다: 받은 값 cuda:0"):
        devices.usable_precision("bfloat16", cuda)
    assert devices.usable_precision("float32", cuda) == "float32"
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (8, 0))
    assert devices.usable_precision("bfloat16", cuda) == "bfloat16"
    with pytest.raises(ValueError, match=r"float32, bfloat16 가운데 하나여야.*'float16'"):
        make(precision="float16")


def test_each_process_of_a_machine_takes_its_own_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    monkeypatch.delenv("LOCAL_RANK", raising=False)
    assert commands.local("cuda") == torch.device("cuda")
    monkeypatch.setenv("LOCAL_RANK", "3")
    assert commands.local("cuda") == torch.device("cuda:3")
    assert commands.local("cpu") == CPU


def test_a_process_with_a_gpu_meets_the_others_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Any] = []
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setattr(torch.cuda, "set_device", done.append)
    monkeypatch.setattr(of_team, "meet", lambda *given: done.append(given))
    monkeypatch.setattr(of_team, "part", lambda: None)
    assert set(BACKENDS) == set(devices.KINDS) - {"mps"}
    with (
        pytest.raises(ValueError, match="나누어 배우는 장치는 cpu, cuda입니다: 받은 값 mps"),
        joined(7, torch.device("mps")),
    ):
        pytest.fail("거절하지 않음")
    for device, wanted in (
        (CPU, [(7, "gloo")]),
        (torch.device("cuda:1"), [torch.device("cuda:1"), (7, "cpu:gloo,cuda:nccl")]),
    ):
        done.clear()
        with joined(7, device) as team:
            assert team == Team(1, 2)
        assert done == wanted


@pytest.mark.parametrize("kind", ["cuda", "mps"])
def test_the_randomness_of_a_gpu_goes_on(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """CPU의 난수가 GPU의 구실을 합니다. 이어 할 때와, 다른 장치로 옮길 때를 봅니다."""
    random = torch.Generator().manual_seed(1)
    module = getattr(torch, kind)
    monkeypatch.setattr(module, "get_rng_state", lambda *_: random.get_state())
    monkeypatch.setattr(module, "set_rng_state", lambda given, *_: random.set_state(given))
    monkeypatch.setitem(state.RANDOM, f"device_random.{kind}", "cpu")
    near, far = make(), make()
    monkeypatch.setattr(far, "device", torch.device(kind))
    saved = state.collect(far)
    torch.rand(3, generator=random)
    wanted, _ = saved.tensors[f"device_random.{kind}"], state.restore(far, saved)
    assert torch.equal(random.get_state(), wanted)

    state.restore(near, saved)  # CPU로 옮기면 쓸 데가 없고
    torch.rand(3, generator=random)
    moved = random.get_state()
    state.restore(far, state.collect(near))  # CPU에서 옮겨 오면 그대로 둠
    assert torch.equal(random.get_state(), moved)

    spoiled = torch.zeros_like(wanted)
    broken = saved._replace(tensors={**saved.tensors, f"device_random.{kind}": spoiled})
    with pytest.raises(ValueError, match=f"난수를 읽을 수 없습니다: device_random.{kind}"):
        state.restore(far, broken)


def kinds_of_numbers(trainer: Trainer) -> dict[str, set[torch.dtype]]:
    """두 스텝을 배우며 층이 낸 값, 이미지와 로짓, 가중치와 기울기의 자료형입니다."""
    found: dict[str, set[torch.dtype]] = {name: set() for name in ("layers", "seen", "kept")}

    def heard(layer: nn.Module, given: Any, made: Tensor) -> None:
        found["layers"].add(made.dtype)

    for layer in trainer.gan.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            layer.register_forward_hook(heard)
    right = trainer.loss.discriminator

    def watched(real: Tensor, fake: Tensor) -> Tensor:
        found["seen"] |= {real.dtype, fake.dtype}
        return right(real, fake)

    trainer.loss = trainer.loss._replace(discriminator=watched)
    trainer.train(2, progress=False)
    found["seen"].add(trainer.gan.generate(trainer.latent_vectors(2)).dtype)
    for each in trainer.gan.parameters():
        assert each.grad is not None
        found["kept"] |= {each.dtype, each.grad.dtype}
    tensors = state.collect(trainer).tensors.values()
    found["kept"] |= {each.dtype for each in tensors if each.is_floating_point()}
    return found


@pytest.mark.parametrize("precision", devices.PRECISIONS)
def test_only_the_heavy_layers_count_in_bfloat16(precision: str) -> None:
    found = kinds_of_numbers(make("images", precision=precision))
    assert found["layers"] == {getattr(torch, precision)}
    assert found["seen"] == {torch.float32}
    assert found["kept"] == {torch.float32, torch.float64}  # 기록만 배정밀도


def test_counting_in_bfloat16_learns_nearly_the_same() -> None:
    exact, brief = (
        straight(make("labelled", steps=20, precision=each)) for each in devices.PRECISIONS
    )
    assert 0 < loss_gap(exact, brief, 1) < 0.01  # 자료형은 다르지만 같은 난수, 같은 가중치
    assert loss_gap(exact, brief, 20) < 0.1
    assert loss_gap(exact, exact, 20) == 0


@gpu
@pytest.mark.parametrize("precision", devices.PRECISIONS)
def test_a_gpu_learns_nearly_the_same(precision: str, tmp_path: Path) -> None:
    near = straight(make("labelled"))
    far = straight(make("labelled", device="cuda", precision=precision))
    first = [made.history[0].discriminator_loss for made in (near, far)]
    assert abs(first[0] - first[1]) < (1e-3 if precision == "float32" else 1e-2)
    far.save(tmp_path)
    again = make("labelled", device="cuda", precision=precision)
    assert again.resume(tmp_path) == []
    assert far.sample(5)[0].device == CPU


@gpu
def test_dropout_goes_on_where_it_was_on_a_gpu(tmp_path: Path) -> None:
    again = partial(make, "layers", device="cuda")
    whole, cut = straight(again()), interrupted(again, tmp_path, 2)
    assert loss_gap(whole, cut, 5) < 1e-4  # 가린 자리가 다르면 훨씬 벌어짐


@gpu
def test_the_command_line_learns_on_a_gpu(tmp_path: Path) -> None:
    asked = ["train", "--data", "digits", "--steps", "3", "--device", "cuda", "--out"]
    assert main([*asked, str(tmp_path / "a")]) == 0
    assert main(["sample", "--from", str(tmp_path / "a"), "--out", str(tmp_path / "a.png")]) == 0


@pytest.mark.skipif(torch.cuda.device_count() < 2, reason="GPU 두 개가 있어야 볼 수 있음")
def test_two_gpus_share_a_batch(tmp_path: Path) -> None:
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    asked = ["train", "--data", "digits", "--steps", "3", "--device", "cuda", "--out"]
    command = [sys.executable, *launch, "-m", "gan_docs", *asked, str(tmp_path / "a")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=200, check=False)
    assert done.returncode == 0, done.stderr

"""장치와 자료형: 한 스텝의 텐서가 모두 고른 장치에 있는지, bfloat16이 어디까지 쓰이는지."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from apart import FAR, far_device
from torch import Tensor, nn

from gan_docs import GAN, Discriminator, Generator, Trainer, data, sampling
from gan_docs.cli import commands
from gan_docs.cli.parser import main
from gan_docs.experiments.speed import loss_gap
from gan_docs.losses import LOSSES, PENALTIES, TOWARD_ONE
from gan_docs.machines import devices
from gan_docs.machines import team as of_team
from gan_docs.machines.team import BACKENDS, Team, joined
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.saving import state

DIGITS = data.digits(8, 8)
CPU = torch.device("cpu")
NO_GPU = "GPU가 있어야 볼 수 있음: torch가 CUDA 장치를 찾지 못함"
gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason=NO_GPU)


def make(kind: str = "points", **others: Any) -> Trainer:
    torch.manual_seed(0)
    chosen: dict[str, Any] = {"steps": 4, "batch_size": 4, "seed": 3} | others
    if kind == "points":
        return Trainer(GAN(PointDiscriminator(4, 1), PointGenerator(4, 1)), data.ring(), **chosen)
    size: dict[str, int] = {"latent_size": 3, "classes": 10 if kind == "labelled" else 0}
    return Trainer(GAN(Discriminator(8, 8, **size), Generator(8, 8, **size)), DIGITS, **chosen)


@pytest.mark.parametrize(
    ("loss", "penalty"),
    [*((loss, "r1-and-r2") for loss in LOSSES), *(("hinge", each) for each in (None, *PENALTIES))],
)
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["points", "images", "labelled"])
def test_a_step_keeps_all_its_tensors_on_the_chosen_device(
    kind: str, loss: str, penalty: str | None
) -> None:
    chosen: dict[str, Any] = {"loss": LOSSES[loss], "penalty": PENALTIES.get(penalty or "")}
    with far_device():
        trainer = make(kind, device=FAR, **chosen)
        trainer.train(3, progress=False)
        images, _ = trainer.sample(5)
    tensors = [*trainer.gan.state_dict().values(), *trainer.average.state_dict().values()]
    assert {each.device for each in tensors} == {FAR}
    assert images.device == CPU
    near = make(kind, **chosen)
    near.train(3, progress=False)
    assert torch.equal(trainer.random.get_state(), near.random.get_state())  # 같은 난수를 뽑음


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
    assert len(far.history) == 4
    moments = far.generator_optimizer.state.values()
    assert {each["exp_avg"].device for each in moments} == {FAR}


def left_behind(owner: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.to`가 옮기지 않게 합니다."""
    right = getattr(owner, name)

    def wrong(*given: Any, **named: Any) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(Tensor, "to", lambda tensor, *_: tensor)
            return right(*given, **named)

    monkeypatch.setattr(owner, name, wrong)


@pytest.mark.parametrize(
    "place", ["real_batch", "latent_vectors", "mixing_shares", "finished_generator"]
)
def test_a_tensor_left_behind_is_seen(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left_behind(Trainer, place, monkeypatch)
    with far_device(), pytest.raises(RuntimeError, match="장치가 섞였습니다"):
        trainer = make("labelled", device=FAR, penalty=TOWARD_ONE)
        trainer.train(2, progress=False)
        trainer.sample(5)


def test_samples_left_behind_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    left_behind(sampling, "sample_images", monkeypatch)
    with far_device(), pytest.raises(RuntimeError, match="장치가 섞였습니다"):
        sampling.sample_images(Generator(8, 8, latent_size=3).to(FAR), 5)


@pytest.mark.parametrize(
    ("device", "gpus", "said"),
    [
        *((unknown, 0, "^device는 cpu, cuda, ") for unknown in ("tpu", "meta", "cuda:a", "")),
        ("cuda", 0, "GPU를 찾지 못했습니다.*cpu를 고르세요"),
        ("cuda:2", 2, "GPU는 2개이고 번호는 0부터입니다"),
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


def test_a_gpu_without_bfloat16_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = torch.device("cuda:0")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (7, 5))
    with pytest.raises(ValueError, match="bfloat16을 계산하지 못합니다: 받은 값 cuda:0"):
        devices.usable_precision("bfloat16", cuda)
    assert devices.usable_precision("float32", cuda) == "float32"
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (8, 0))
    assert devices.usable_precision("bfloat16", cuda) == "bfloat16"


def test_an_unknown_precision_is_refused() -> None:
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
    assert set(BACKENDS) == set(devices.KINDS)
    for device, wanted in (
        (CPU, [(7, "gloo")]),
        (torch.device("cuda:1"), [torch.device("cuda:1"), (7, "cpu:gloo,cuda:nccl")]),
    ):
        done.clear()
        with joined(7, device) as team:
            assert team == Team(1, 2)
        assert done == wanted


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
    exact, brief = (make("labelled", steps=20, precision=each) for each in devices.PRECISIONS)
    for trainer in (exact, brief):
        trainer.train(progress=False)
    assert 0 < loss_gap(exact, brief, 1) < 0.01  # 자료형은 다르지만 같은 난수, 같은 가중치
    assert loss_gap(exact, brief, 20) < 0.1
    assert loss_gap(exact, exact, 20) == 0


def test_the_weights_have_the_same_names_in_both_precisions() -> None:
    exact, brief = (make("labelled", precision=each) for each in devices.PRECISIONS)
    assert state.collect(exact).tensors.keys() == state.collect(brief).tensors.keys()
    assert list(exact.gan.state_dict()) == list(brief.gan.state_dict())
    assert devices.in_precision(exact.gan, "float32") is exact.gan


def test_a_run_in_bfloat16_resumes_to_the_last_bit(tmp_path: Path) -> None:
    whole, first, second = (make("labelled", precision="bfloat16") for _ in range(3))
    whole.train(progress=False)
    first.train(2, progress=False)
    first.save_checkpoint(tmp_path)
    assert second.resume(tmp_path) == []
    second.train(progress=False)
    pairs = state.collect(whole).tensors, state.collect(second).tensors
    assert all(torch.equal(pairs[0][name], pairs[1][name]) for name in pairs[0])
    with pytest.raises(ValueError, match=r"자료형\(그때 bfloat16, 지금 float32\)"):
        make("labelled").resume(tmp_path)


def test_the_command_line_counts_in_bfloat16(tmp_path: Path) -> None:
    asked = ["train", "--data", "ring", "--steps", "3", "--batch-size", "4", "--out"]
    assert main([*asked, str(tmp_path / "a"), "--precision", "bfloat16"]) == 0
    assert main([*asked, str(tmp_path / "a"), "--resume"]) == 1
    assert main([*asked, str(tmp_path / "b")]) == 0


@gpu
@pytest.mark.parametrize("precision", devices.PRECISIONS)
def test_a_gpu_learns_nearly_the_same(precision: str, tmp_path: Path) -> None:
    near, far = make("labelled"), make("labelled", device="cuda", precision=precision)
    for trainer in (near, far):
        trainer.train(progress=False)
    first = [trainer.history[0].discriminator_loss for trainer in (near, far)]
    assert abs(first[0] - first[1]) < (1e-3 if precision == "float32" else 1e-2)
    far.save(tmp_path)
    again = make("labelled", device="cuda", precision=precision)
    assert again.resume(tmp_path) == []
    assert far.sample(5)[0].device == CPU


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

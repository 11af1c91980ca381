"""학습의 상태: 이어 하려면 남겨야 하는 모든 것과, 그것을 되돌리는 법."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer

from gan_docs.augmentation import Augment
from gan_docs.data import Data
from gan_docs.gan import GAN
from gan_docs.losses import AdversarialLoss, Penalty
from gan_docs.saving.checkpoint import Snapshot
from gan_docs.saving.tensors import load_plain, plain_state
from gan_docs.saving.weights import describe

Tensors = dict[str, Tensor]


class Step(NamedTuple):
    """한 스텝의 기록입니다. 모두 배치 평균입니다. 교차 엔트로피로 잰 손실의 단위는 nat입니다."""

    step: int
    discriminator_loss: float
    generator_loss: float
    penalty: float
    real_logit: float
    fake_logit: float


class Learning(Protocol):
    """상태를 모으고 되돌릴 수 있는 학습입니다. 무엇을 지녀야 하는지만 정합니다."""

    gan: GAN
    average: nn.Module
    average_count: int
    discriminator_optimizer: Adam
    generator_optimizer: Adam
    random: torch.Generator
    history: list[Step]
    data: Data
    loss: AdversarialLoss
    penalty: Penalty | None
    steps: int
    batch_size: int
    learning_rate: float
    discriminator_steps: int
    averaging: float
    augment: Augment | None
    seed: int
    device: torch.device
    precision: str

    @property
    def generator_learning_rate(self) -> float:
        """생성기의 학습률입니다."""
        ...

    @property
    def settings(self) -> dict[str, Any]:
        """이어 하려면 같아야 하는 설정입니다."""
        ...


class Part(NamedTuple):
    """상태의 한 부분을 모으는 함수와 되돌리는 함수입니다."""

    collect: Callable[[Learning], Tensors]
    restore: Callable[[Learning, Tensors], object]


# --8<-- [start:parts]
def network(find: Callable[[Learning], nn.Module]) -> Part:
    """신경망의 가중치와 통계입니다."""
    return Part(
        lambda trainer: plain_state(find(trainer)),
        lambda trainer, tensors: load_plain(find(trainer), tensors),
    )


def optimizer(find: Callable[[Learning], Optimizer]) -> Part:
    """최적화기가 가중치마다 기억하는 스텝 수와 두 모멘트입니다."""

    def collect(trainer: Learning) -> Tensors:
        adam, tensors = find(trainer), Tensors()
        for place, parameter in enumerate(adam.param_groups[0]["params"]):
            zeros = torch.zeros_like(parameter)  # 첫 스텝을 떼기 전의 모멘트는 0
            none = torch.zeros((), dtype=torch.float32)
            blank = {"step": none, "exp_avg": zeros, "exp_avg_sq": zeros.clone()}
            known = adam.state.get(parameter) or blank
            if set(known) != set(blank):
                raise TypeError(
                    f"Adam이 기억하는 {', '.join(blank)}만 저장합니다: "
                    f"받은 {type(adam).__name__}의 {', '.join(known)}"
                )
            tensors |= {f"{place}.{name}": known[name] for name in blank}
        return tensors

    def restore(trainer: Learning, tensors: Tensors) -> None:
        adam, memory = find(trainer), dict[int, Tensors]()
        for key, tensor in tensors.items():
            place, _, name = key.partition(".")
            memory.setdefault(int(place), {})[name] = tensor
        adam.load_state_dict({"state": memory, "param_groups": adam.state_dict()["param_groups"]})

    return Part(collect, restore)


def collect_history(trainer: Learning) -> Tensors:
    """스텝마다의 기록입니다. 모양 `(스텝, 6)`. 그 수가 학습률과 벌점의 일정을 정합니다."""
    rows = [list(step) for step in trainer.history]
    return {"steps": torch.tensor(rows, dtype=torch.float64).reshape(-1, 6)}


def restore_history(trainer: Learning, tensors: Tensors) -> None:
    """기록을 되돌립니다."""
    trainer.history = [Step(int(step), *values) for step, *values in tensors["steps"].tolist()]


def collect_device_random(trainer: Learning) -> Tensors:
    """GPU마다 따로 지닌 공용 난수입니다. CPU에서는 비어 있습니다."""
    if trainer.device.type == "cuda":
        return {"cuda": torch.cuda.get_rng_state(trainer.device)}
    return {"mps": torch.mps.get_rng_state()} if trainer.device.type == "mps" else {}


def restore_device_random(trainer: Learning, tensors: Tensors) -> None:
    """같은 종류의 GPU에서 저장했으면 그 공용 난수를 되돌립니다."""
    if trainer.device.type == "cuda" and "cuda" in tensors:
        torch.cuda.set_rng_state(tensors["cuda"], trainer.device)
    if trainer.device.type == "mps" and "mps" in tensors:
        torch.mps.set_rng_state(tensors["mps"])


PARTS = {
    "discriminator": network(lambda trainer: trainer.gan.discriminator),
    "generator": network(lambda trainer: trainer.gan.generator),
    "average": network(lambda trainer: trainer.average),
    "discriminator_optimizer": optimizer(lambda trainer: trainer.discriminator_optimizer),
    "generator_optimizer": optimizer(lambda trainer: trainer.generator_optimizer),
    "average_count": Part(
        lambda trainer: {"count": torch.tensor(trainer.average_count)},
        lambda trainer, tensors: setattr(trainer, "average_count", int(tensors["count"])),
    ),
    "random": Part(  # 잠재 벡터와 데이터의 차례: 어디까지 뽑았는지도 이 난수가 기억
        lambda trainer: {"state": trainer.random.get_state()},
        lambda trainer, tensors: trainer.random.set_state(tensors["state"]),
    ),
    "global_random": Part(  # 드롭아웃처럼 torch의 공용 난수를 쓰는 층을 위해
        lambda trainer: {"state": torch.get_rng_state()},
        lambda trainer, tensors: torch.set_rng_state(tensors["state"]),
    ),
    "device_random": Part(collect_device_random, restore_device_random),
    "history": Part(collect_history, restore_history),
}
# --8<-- [end:parts]


def collect(trainer: Learning) -> Snapshot:
    """학습의 상태를 모읍니다.

    Raises:
        FloatingPointError: 유한하지 않은 값이 있을 때. 이런 상태는 저장하지 않습니다.
        TypeError: 텐서가 아닌 상태를 지닌 층이나, Adam과 다른 것을 기억하는 최적화기가 있을 때.
    """
    tensors = {
        f"{name}.{key}": tensor
        for name, part in PARTS.items()
        for key, tensor in part.collect(trainer).items()
    }
    for key, tensor in tensors.items():
        if tensor.is_floating_point() and not tensor.isfinite().all():
            raise FloatingPointError(
                f"{len(trainer.history)}스텝(배치 {trainer.batch_size}개)에서 {key}이(가) 유한하지 "
                "않아 저장하지 않습니다. 학습률을 낮추거나 벌점을 키워 보세요"
            )
    return Snapshot(tensors, {"settings": trainer.settings, "machine": machine(trainer)})


def restore(trainer: Learning, snapshot: Snapshot) -> list[str]:
    """상태를 되돌립니다. 설정과 모든 텐서를 확인한 뒤에야 학습기를 바꿉니다.

    Args:
        trainer: 저장할 때와 같은 설정으로 만든 학습기.
        snapshot: 저장한 체크포인트.

    Returns:
        알릴 것. 반올림이 달라질 수 있는 버전, 스레드 수, 장치의 차이마다 한 줄.

    Raises:
        ValueError: 설정이나 텐서의 모양이 다를 때.
    """
    check_settings(snapshot.document.get("settings"), trainer.settings)
    check_tensors(snapshot.tensors, collect(trainer).tensors, trainer.steps)
    for name, part in PARTS.items():
        prefix = f"{name}."
        part.restore(
            trainer,
            {
                key.removeprefix(prefix): tensor
                for key, tensor in snapshot.tensors.items()
                if key.startswith(prefix)
            },
        )
    return differences(snapshot.document.get("machine"), machine(trainer))


# --8<-- [start:settings]
SETTINGS = {
    "data": "데이터",
    "data_sha256": "데이터의 내용",
    "discriminator": "판별기",
    "generator": "생성기",
    "steps": "스텝 수",
    "loss": "손실",
    "penalty": "벌점",
    "strength": "벌점의 세기",
    "batch_size": "배치 크기",
    "learning_rate": "학습률",
    "generator_learning_rate": "생성기의 학습률",
    "discriminator_steps": "판별기의 차례 수",
    "betas": "Adam의 계수",
    "averaging": "평균의 비율",
    "augment": "증강",
    "seed": "시드",
    "precision": "자료형",
}


def settings(trainer: Learning) -> dict[str, Any]:
    """학습의 결과를 정하는 설정입니다. 이것이 다르면 이어 할 수 없습니다."""
    penalty = trainer.penalty
    return {
        "data": trainer.data.name,
        "data_sha256": trainer.data.digest(),
        "discriminator": describe(trainer.gan.discriminator),
        "generator": describe(trainer.gan.generator),
        "steps": trainer.steps,
        "loss": trainer.loss.name,
        "penalty": None if penalty is None else penalty.name,
        "strength": None if penalty is None else list(penalty.strength),
        "batch_size": trainer.batch_size,
        "learning_rate": trainer.learning_rate,
        "generator_learning_rate": trainer.generator_learning_rate,
        "discriminator_steps": trainer.discriminator_steps,
        "betas": list(trainer.generator_optimizer.param_groups[0]["betas"]),
        "averaging": trainer.averaging,
        "augment": None if trainer.augment is None else asdict(trainer.augment),
        "seed": trainer.seed,
        "precision": trainer.precision,
    }


# --8<-- [end:settings]


def planned_steps(snapshot: Snapshot) -> int | None:
    """체크포인트가 계획한 스텝 수입니다. 적혀 있지 않으면 `None`."""
    found = snapshot.document.get("settings")
    steps = found.get("steps") if isinstance(found, Mapping) else None
    return steps if isinstance(steps, int) else None


def machine(trainer: Learning) -> dict[str, Any]:
    """결과의 반올림을 바꿀 수 있는 것입니다. 달라도 이어 할 수 있고, 다르다고 알립니다."""
    return {
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "device": trainer.device.type,
    }


def differences(before: object, now: dict[str, Any]) -> list[str]:
    """저장할 때와 다른 버전, 스레드 수, 장치를 한 줄씩 적습니다."""
    known = before if isinstance(before, Mapping) else {}
    names = {"torch": "torch의 버전", "threads": "스레드 수", "device": "장치"}
    return [
        f"{names[key]}이(가) 저장할 때와 달라 반올림이 다를 수 있습니다: "
        f"그때 {short(known.get(key))}, 지금 {short(value)}"
        for key, value in now.items()
        if known.get(key) != value
    ]


def check_settings(before: object, now: dict[str, Any]) -> None:
    """저장할 때의 설정과 지금의 설정이 같은지 확인합니다.

    Raises:
        ValueError: 다를 때. 무엇이 다른지 모두 적습니다.
    """
    if not isinstance(before, Mapping):
        raise ValueError("체크포인트에 설정이 없습니다: gan_docs로 다시 저장하세요")
    rate = before.get("learning_rate")  # 앞선 버전은 학습률 하나, 차례 하나만 알아 적지 않음
    before = {"generator_learning_rate": rate, "discriminator_steps": 1, **before}
    different = [
        f"{name}({contrast(before.get(key), now[key])})"
        for key, name in SETTINGS.items()
        if before.get(key) != now[key]
    ]
    if different:
        raise ValueError(
            f"체크포인트와 다른 설정이 있습니다: {', '.join(different)}. "
            "같은 설정으로 부르거나 다른 폴더에서 새로 시작하세요"
        )


def contrast(before: object, now: object) -> str:
    """다른 두 값을 나란히 적습니다. 사전이면 다른 항목만 적습니다."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        changed = [key for key in {**before, **now} if before.get(key) != now.get(key)]
        before, now = ({key: each.get(key) for key in changed} for each in (before, now))
    return f"그때 {short(before)}, 지금 {short(now)}"


# 난수의 상태와, 그 난수가 있는 장치
RANDOM = {
    "random.state": "cpu",
    "global_random.state": "cpu",
    "device_random.cuda": "cuda",
    "device_random.mps": "mps",
}


def check_tensors(found: Tensors, wanted: Tensors, steps: int) -> None:
    """텐서의 이름, 모양, 자료형이 이 학습기의 것과 같은지 확인합니다.

    Raises:
        ValueError: 다를 때.
    """
    unlike = {key for key in wanted.keys() ^ found.keys() if not key.startswith("device_random.")}
    if unlike:
        raise ValueError(f"체크포인트의 텐서가 다릅니다: {short(sorted(unlike))}")
    found = {key: tensor for key, tensor in found.items() if key in wanted}
    for key, tensor in found.items():
        if key == "history.steps" and tensor.ndim and len(tensor) <= steps:  # 기록만 길어짐
            wanted[key] = wanted[key].new_zeros(len(tensor), 6)
        if (tensor.shape, tensor.dtype) != (wanted[key].shape, wanted[key].dtype):
            raise ValueError(
                f"체크포인트의 {key}은(는) {tuple(wanted[key].shape)} {wanted[key].dtype}여야 "
                f"합니다: 받은 값 {tuple(tensor.shape)} {tensor.dtype}"
            )
    for key in RANDOM.keys() & found.keys():
        try:
            torch.Generator(RANDOM[key]).set_state(found[key])
        except RuntimeError as error:
            raise ValueError(f"체크포인트의 난수를 읽을 수 없습니다: {key}") from error


def short(value: object) -> str:
    """오류 한 줄에 적을 만큼 짧게 줄입니다."""
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"

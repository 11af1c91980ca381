"""학습기가 받은 값: 이름을 값으로 바꾸고, 일을 시작하기 전에 확인합니다."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from gan_docs.checks import number, one_of
from gan_docs.data import Data
from gan_docs.data.datasets import Source, from_dataset
from gan_docs.gan import GAN, blank_inputs, pack_neighbours
from gan_docs.losses import AdversarialLoss, Penalty
from gan_docs.saving.tensors import uncompiled

DTYPES = (torch.float32, torch.float64)


def chosen_loss(loss: AdversarialLoss | str) -> AdversarialLoss:
    """손실이나, `LOSSES`의 이름이 뜻하는 손실입니다.

    Raises:
        TypeError: 손실도 이름도 아닐 때.
        ValueError: 모르는 이름일 때.
    """
    if isinstance(loss, str):
        found: AdversarialLoss = named("loss", loss, "LOSSES")
        return found
    if not isinstance(loss, AdversarialLoss):
        raise TypeError(
            f"loss는 {', '.join(table('LOSSES'))} 가운데 하나이거나 "
            "AdversarialLoss(이름, 판별기의 손실, "
            f"생성기의 손실)이어야 합니다: 받은 값 {loss!r}"
        )
    return loss


def check_loss(loss: AdversarialLoss, device: torch.device, dtype: torch.dtype) -> None:
    """로짓 둘씩을 건네 보아, 손실이 배치의 평균 하나이고 기울기가 흐르는지 확인합니다.

    Raises:
        TypeError: 텐서가 아닐 때.
        ValueError: 수 하나가 아니거나 기울기가 흐르지 않을 때.
    """
    for who, measure in (("판별기", loss.discriminator), ("생성기", loss.generator)):
        logits = torch.zeros(2, 2, device=device, dtype=dtype, requires_grad=True)
        value = measure(*logits)
        if not isinstance(value, Tensor):
            raise TypeError(
                f"{loss.name}: {who}의 손실은 텐서여야 합니다: 받은 값 {type(value).__name__}"
            )
        if value.ndim:
            raise ValueError(
                f"{loss.name}: {who}의 손실은 배치의 평균 하나여야 합니다(.mean()을 부르세요): "
                f"로짓 2개에 받은 모양 {tuple(value.shape)}"
            )
        if not value.requires_grad:
            raise ValueError(
                f"{loss.name}: {who}의 손실에서 로짓으로 기울기가 흐르지 않습니다"
                "(.detach(), .item(), torch.no_grad()를 쓰지 않았는지 보세요)"
            )


def chosen_penalty(penalty: Penalty | str | None) -> Penalty | None:
    """벌점이나, `PENALTIES`의 이름이 뜻하는 벌점입니다. 끄려면 `None`.

    Raises:
        TypeError: 벌점도 이름도 아닐 때.
        ValueError: 모르는 이름이거나 세기가 0보다 크지 않을 때.
    """
    if penalty is None:
        return None
    if isinstance(penalty, str):
        penalty = named("penalty", penalty, "PENALTIES")
    if not isinstance(penalty, Penalty):
        raise TypeError(
            f"penalty는 {', '.join(table('PENALTIES'))} 가운데 하나이거나 Penalty 또는 "
            "None이어야 합니다(세기만 바꾸려면 R1_AND_R2.with_strength(10)처럼): "
            f"받은 값 {penalty!r}"
        )
    for strength in penalty.strength:
        number("penalty의 세기", strength, above=0)
    return penalty


def two_betas(betas: object) -> tuple[float, float]:
    """Adam의 두 계수입니다.

    Raises:
        TypeError: 수 둘이 아닐 때.
        ValueError: 0 이상 1 미만이 아닐 때.
    """
    if not isinstance(betas, tuple | list) or len(betas) != 2:
        raise TypeError(f"betas는 Adam의 두 계수 (β₁, β₂)입니다: 받은 값 {betas!r}")
    first, second = (number("betas의 계수", each, least=0, below=1) for each in betas)
    return first, second


def table(name: str) -> Mapping[str, Any]:
    """`gan_docs.losses`의 표입니다.

    이름으로 찾아가, 손실 하나를 고쳤다고 그것을 쓰지 않는 실험까지 다시 학습하지 않습니다. 실험은
    손실을 이름이 아니라 값으로 줍니다.
    """
    found: Mapping[str, Any] = getattr(import_module("gan_docs.losses"), name)
    return found


def named(argument: str, value: str, name: str) -> Any:
    """표에서 이 이름의 값을 고릅니다.

    Raises:
        ValueError: 모르는 이름일 때.
    """
    known = table(name)
    one_of(argument, value, known)
    return known[value]


def chosen_data(data: Data | Source) -> Data:
    """데이터이거나, torch의 `Dataset`이나 `DataLoader`를 감싼 데이터입니다.

    Raises:
        TypeError: 어느 것도 아닐 때.
    """
    if isinstance(data, Dataset | DataLoader):
        return from_dataset(data)
    wanted = ("name", "class_names", "sample", "digest")
    if missing := [each for each in wanted if not hasattr(data, each)]:
        raise TypeError(
            "data는 gan_docs.data의 데이터 또는 torch의 Dataset이나 DataLoader여야 합니다: "
            f"받은 값 {type(data).__name__}에는 {', '.join(missing)}이(가) 없습니다"
        )
    return data


def dtype_of(gan: GAN, device: torch.device) -> torch.dtype:
    """두 신경망의 가중치의 자료형입니다.

    Raises:
        ValueError: 배울 가중치가 없는 신경망이 있거나, 자료형이 섞였거나, 그 장치가 모르는 것일 때.
    """
    names = {"discriminator": gan.discriminator, "generator": gan.generator}
    for name, network in names.items():
        if not any(each.requires_grad for each in network.parameters()):
            raise ValueError(
                f"{name}에 배울 가중치가 없습니다: 모두 고정했는지(requires_grad) 보세요"
            )
    found = {each.dtype for each in gan.parameters() if each.is_floating_point()}
    if len(found) != 1 or not found <= set(DTYPES):
        told = ", ".join(sorted(map(str, found)))
        raise ValueError(
            "두 신경망의 가중치는 모두 float32이거나 모두 float64여야 합니다"
            f'(bfloat16으로 계산하려면 가중치는 그대로 두고 precision="bfloat16"): 받은 값 {told}'
        )
    if torch.float64 in found and device.type == "mps":
        raise ValueError("mps는 float64를 계산하지 못합니다. 두 신경망에 .float()를 부르세요")
    return found.pop()


def check_penalised(discriminator: nn.Module, penalty: Penalty | None) -> None:
    """컴파일한 판별기에 벌점을 매기려는지 확인합니다.

    Raises:
        ValueError: `torch.compile`이 벌점에 쓰는 두 번째 미분을 하지 못할 때.
    """
    compiled = [
        layer
        for layer in discriminator.modules()
        if uncompiled(layer) is not layer or getattr(layer, "_compiled_call_impl", None)
    ]
    if compiled and penalty is not None:
        raise ValueError(
            "torch.compile로 컴파일한 판별기는 두 번 미분할 수 없어 기울기 벌점을 매기지 못합니다. "
            f"penalty=None으로 하거나 판별기를 컴파일하지 마세요: 받은 값 {penalty.name}"
        )


def check_data(gan: GAN, data: Data) -> None:
    """데이터 하나를 뽑아 모델에 맞는지 확인합니다. 학습의 난수는 쓰지 않습니다.

    Raises:
        ValueError: 이미지의 모양이나 종류의 수가 모델과 다를 때.
    """
    classes = len(data.class_names) if gan.classes else 0
    if gan.classes != classes:
        raise ValueError(f"모델의 classes는 {gan.classes}인데 데이터의 종류는 {classes}개입니다")
    images, _ = data.sample(2 * gan.pack, torch.Generator().manual_seed(0))
    images = pack_neighbours(images, gan.pack)
    wanted = getattr(gan.discriminator, "shape", None) or made_shape(gan)
    if tuple(images.shape[1:]) != tuple(wanted):
        raise ValueError(
            f"데이터의 모양 {tuple(images.shape[1:])}이(가) "
            f"모델의 모양 {tuple(wanted)}과(와) 다릅니다"
        )


@torch.no_grad()
def made_shape(gan: GAN) -> tuple[int, ...]:
    """생성기가 만들어 판별기에 건네는 것 하나의 모양입니다. 난수와 통계는 그대로입니다."""
    training = gan.training
    with torch.random.fork_rng(devices=[]):
        made = gan.eval().generate(*blank_inputs(gan, 2 * gan.pack))
    gan.train(training)
    return tuple(pack_neighbours(made, gan.pack).shape[1:])

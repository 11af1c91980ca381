"""100줄 GAN의 본보기 스텝: 파일의 스텝을 PyTorch로 실행해 적어, 브라우저의 스텝과 견줍니다."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.utils import vector_to_parameters
from torch.optim import Optimizer

from gan_docs.experiments.gan100_loop import Draws, Loop, advance, begin
from gan_docs.export import flat

LEAST_VARIANCE = 1e-12  # 0이면 Adam이 반올림 오차를 학습률만큼 키움
PLAYERS = ("discriminator", "generator")


def short(values: Tensor) -> Tensor:
    """유효 숫자를 8비트만 남깁니다. 그대로 float32이고, 묶은 파일은 절반입니다."""
    return values.detach().bfloat16().float()


# --8<-- [start:golden]
def golden(
    loop: Loop, names: dict[str, Any], width: int, step: int, count: int, shown: int
) -> dict[str, NDArray[Any]]:
    """학습하던 상태에서 이어, 파일의 스텝을 `count`번 실행해 적습니다. 학습은 그대로입니다."""
    with torch.random.fork_rng(devices=[]):
        twin = begin(loop, width, names["steps"], seed=0)
    found = restart(names, twin, step)
    random = torch.Generator().manual_seed(step)
    taken: dict[str, list[Tensor]] = {"index": [], "z": []}

    def index(most: int, shape: tuple[int, ...]) -> Tensor:
        taken["index"].append(torch.randint(most, shape, generator=random))
        return taken["index"][-1]

    def normal(*shape: int) -> Tensor:
        taken["z"].append(short(torch.randn(*shape, generator=random)))
        return taken["z"][-1]

    with Draws({torch.randint: index, torch.randn: normal}):
        watched = [advance(loop, twin, step + turn) for turn in range(count)]
    view = short(torch.randn(shown, loop.script["LATENT_SIZE"], generator=random))
    with torch.no_grad():
        images = twin["average"](view)
    return {
        **{name: value.numpy() for name, value in found.items()},
        "index": torch.stack(taken["index"]).numpy().astype(np.uint16),
        "z": torch.stack(taken["z"]).numpy(),
        "watched": torch.stack([torch.stack(each) for each in watched]).numpy(),
        "view": view.numpy(),
        "images": images.numpy(),
    }


def restart(names: dict[str, Any], twin: dict[str, Any], step: int) -> dict[str, Tensor]:
    """사본의 가중치와 Adam을 반올림한 상태에 둡니다. 평균은 생성기에서 다시 시작합니다."""
    found = {}
    for name, ours, theirs in zip(PLAYERS, names["adam"], twin["adam"], strict=True):
        variances = [ours.state[each]["exp_avg_sq"] for each in names[name].parameters()]
        joined = torch.cat([each.flatten() for each in variances])
        found[name] = short(flat(names[name]))
        found[f"{name}_variance"] = short(joined).clamp(min=LEAST_VARIANCE)
        vector_to_parameters(found[name].clone(), twin[name].parameters())
        put(theirs, found[f"{name}_variance"], step)
    twin["average"].load_state_dict(twin["generator"].state_dict())
    return found


# --8<-- [end:golden]


def put(optimizer: Optimizer, variance: Tensor, step: int) -> None:
    """Adam의 상태를 넣습니다. β₁이 0이라 첫째 평균은 쓰이지 않습니다."""
    parameters = optimizer.param_groups[0]["params"]
    parts = variance.split([each.numel() for each in parameters])
    for each, part in zip(parameters, parts, strict=True):
        optimizer.state[each] = {
            "step": torch.tensor(float(step)),
            "exp_avg": torch.zeros_like(each),
            "exp_avg_sq": part.reshape(each.shape).clone(),
        }

"""신경망의 가중치를 이름마다 꺼내고 되돌립니다. `torch.compile`이 이름에 덧붙인 것은 뺍니다."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

COMPILED = "_orig_mod."  # torch.compile이 감싼 모듈의 이름 앞에 붙이는 것


def uncompiled(network: nn.Module) -> nn.Module:
    """`torch.compile`이 감쌌으면 그 안의 신경망을, 아니면 그대로 냅니다."""
    inner = dict(network.named_children()).get(COMPILED.rstrip("."))
    return network if inner is None else inner


def plain_state(network: nn.Module) -> dict[str, Tensor]:
    """가중치와 버퍼입니다. 컴파일했든 하지 않았든 이름이 같습니다.

    Raises:
        TypeError: 텐서가 아닌 상태(`get_extra_state`)를 지닌 층이 있을 때.
    """
    state = {name.replace(COMPILED, ""): value for name, value in network.state_dict().items()}
    for name, value in state.items():
        if not isinstance(value, Tensor):
            raise TypeError(
                f"텐서인 상태만 저장할 수 있습니다: {name}의 {type(value).__name__}은(는) "
                "register_buffer로 옮기세요"
            )
    return state


def load_plain(network: nn.Module, state: Mapping[str, Tensor]) -> None:
    """`plain_state`가 낸 것을 되돌립니다. 저장할 때와 달리 컴파일했어도 됩니다.

    Raises:
        RuntimeError: 이름이나 모양이 다를 때.
    """
    names = {name.replace(COMPILED, ""): name for name in network.state_dict()}
    network.load_state_dict({names.get(name, name): value for name, value in state.items()})


def separated(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """파일에 적을 텐서입니다. CPU로 옮기고, 층끼리 나누어 쓰는 가중치도 따로 적습니다."""
    found, seen = dict[str, Tensor](), set[int]()
    for name, tensor in tensors.items():
        found[name] = tensor.detach().cpu().contiguous()
        place = found[name].untyped_storage().data_ptr()
        if place in seen:
            found[name] = found[name].clone()
        seen.add(place)
    return found


def shapes(state: Mapping[str, Tensor]) -> dict[str, torch.Size]:
    """이름마다의 모양입니다."""
    return {name: tensor.shape for name, tensor in state.items()}

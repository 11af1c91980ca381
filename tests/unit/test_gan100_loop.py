"""상태를 받아 상태를 내는 한 스텝이 `gan100.py`가 실행하는 스텝과 같은지 봅니다."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from gan_docs import export
from gan_docs.experiments import gan100_loop
from gan_docs.experiments.gan100_loop import Draws, HeldAdam

WIDTH, STEPS = 16, 12
CLOSE = 1e-5


@pytest.fixture(scope="module")
def loop() -> gan100_loop.Loop:
    return gan100_loop.read()


def walk(loop: gan100_loop.Loop) -> float:
    """파일의 스텝과 나란히 계획의 끝까지 가며, 가중치와 평균의 가장 큰 차이를 냅니다."""
    names = gan100_loop.begin(loop, WIDTH, STEPS, seed=3)
    function = gan100_loop.step_function(loop, WIDTH)
    networks = {name: names[name] for name in ("discriminator", "generator", "average")}
    state = {**function.inputs, **{name: export.flat(each) for name, each in networks.items()}}
    taken: dict[str, Tensor] = {}

    def index(*arguments: Any) -> Tensor:
        index = torch.randint(*arguments)
        taken["real"] = names["digits"][index]
        return index

    def normal(*shape: int) -> Tensor:
        taken["z"] = torch.randn(*shape)
        return taken["z"]

    for step in range(STEPS):
        with Draws({torch.randint: index, torch.randn: normal}):
            gan100_loop.advance(loop, names, step)
        count = {"step": torch.tensor(float(step)), "steps": torch.tensor(float(STEPS))}
        made = function.call({**state, **taken, **count})
        state |= dict(zip(gan100_loop.STATE, (each.detach() for each in made), strict=False))
    return max(
        (state[name] - export.flat(each))[:-1].abs().max().item()  # 판별기의 마지막 기울기는 0
        for name, each in networks.items()
    )


def test_the_function_is_the_step_of_the_file(loop: gan100_loop.Loop) -> None:
    assert walk(loop) < CLOSE


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "β₂가 다름": lambda patch: patch.setattr(export, "turns", SimpleNamespace(BETAS=(0.0, 0.9))),
    "일정의 코사인이 사인": lambda patch: patch.setattr(
        gan100_loop, "SimpleNamespace", lambda pi, cos: SimpleNamespace(pi=pi, cos=torch.sin)
    ),
    "스텝을 세지 않음": lambda patch: patch.setattr(
        HeldAdam, "count", property(lambda adam: 2, lambda adam, count: None), raising=False
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_caught(
    fault: str, loop: gan100_loop.Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    FAULTS[fault](monkeypatch)
    with pytest.raises(AssertionError):
        assert walk(loop) < CLOSE


def test_the_exported_samples_are_those_of_the_file(loop: gan100_loop.Loop) -> None:
    function = gan100_loop.sample_function(loop, WIDTH, 5)
    names = gan100_loop.begin(loop, WIDTH, STEPS, seed=1)
    z = torch.randn(5, loop.script["LATENT_SIZE"], generator=torch.Generator().manual_seed(4))
    images, large = function.call({"average": export.flat(names["average"]), "z": z})
    wanted = loop.script["sample"](names["average"], 5, 4)
    assert torch.equal(images.reshape(wanted.shape), wanted)
    assert torch.equal(large.reshape(5, 1, 40, 40), loop.script["enlarge"](wanted))

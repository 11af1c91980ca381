"""거꾸로 찾기: 한 스텝의 기울기, 내보낸 스텝, 재는 함수를 따로 셈한 것과 견줍니다."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from spoiled import mutated
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.grad import conv2d_input

from gan_docs import inversion
from gan_docs.experiments import hand
from gan_docs.experiments import inversion as of_inversion
from gan_docs.experiments.explorer import restored
from gan_docs.export import Function
from gan_docs.generator import Generator
from gan_docs.site.make import results

CLOSE = 1e-4
CROSSED = 2  # 200스텝 가운데
STATE = ("parameters", "momentum", "variance")


def small() -> Generator:
    """통계를 제 출력에 맞춘, 배정밀도의 작은 생성기입니다. 입력을 바꾸면 그림이 뚜렷이 바뀝니다."""
    torch.manual_seed(0)
    generator = Generator(8, 8, latent_size=5, classes=3).double()
    for module in generator.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0
    labels = torch.arange(90) % 3
    generator(torch.randn(90, 5).double(), labels)
    images = generator.eval()(torch.randn(90, 5).double(), labels)
    assert images.std(0).mean() > 0.05
    return generator.requires_grad_(False)


def asked(generator: Generator, starts: int, letters: list[int], own: bool) -> dict[str, Tensor]:
    """무작위로 뽑은 입력입니다. `own`이면 출발마다 다른 그림을 받습니다."""
    shape = (starts, len(letters), 64) if own else (len(letters), 64)
    return {
        "parameters": torch.randn(starts, 5).double(),
        "letters": torch.eye(3).double()[letters],
        "targets": torch.rand(*shape).double() * 2 - 1,
    }


def check_step_is_adam_on_the_loss(module: Any) -> None:
    """모듈의 식을 쓰지 않고, 글자마다 생성기를 불러 손실을 더하고 torch의 Adam으로 움직입니다."""
    generator = small()
    for letters, own in (([1], False), ([2, 0], True)):
        function = module.step(generator, 4, len(letters))
        given = {**function.inputs, **asked(generator, 4, letters, own)}
        given |= {name: torch.zeros(4, 5).double() for name in STATE[1:]}
        z = given["parameters"].clone().requires_grad_()
        optimizer = torch.optim.Adam([z], lr=0.05, betas=(0.0, 0.99))
        for turn in range(5):
            parts = []
            for start in range(4):
                wanted = given["targets"][start] if own else given["targets"]
                error = sum(
                    functional.mse_loss(
                        generator(z[start : start + 1], torch.tensor([letter])).flatten(), picture
                    )
                    for letter, picture in zip(letters, wanted, strict=True)
                )
                parts.append((error + given["prior"] * (z[start] @ z[start])) / len(letters))
            given |= {"step": torch.tensor(turn + 1.0), "learning_rate": torch.tensor(0.05)}
            after = dict(zip(function.outputs, function.call(given), strict=True))
            torch.testing.assert_close(after["loss"], torch.stack(parts).detach())
            optimizer.zero_grad()
            torch.stack(parts).sum().backward()
            assert z.grad is not None
            torch.testing.assert_close(after["new_momentum"], z.grad)  # β₁이 0이라 곧 기울기
            optimizer.step()
            torch.testing.assert_close(after["new_parameters"], z.detach(), atol=1e-6, rtol=1e-6)
            given |= {name: after[f"new_{name}"] for name in STATE}


def check_convolution_backward(module: Any) -> None:
    torch.manual_seed(1)
    for side, padding in ((3, 1), (5, 2), (3, 0), (1, 0)):
        weight, images = torch.randn(6, 4, side, side), torch.randn(2, 4, 9, 7)
        gradient = torch.randn_like(functional.conv2d(images, weight, padding=padding))
        found, *rest = module.convolution_backward(
            gradient, images, weight, [6], [1, 1], [padding, padding]
        )
        wanted = conv2d_input(images.shape, weight, gradient, padding=padding)
        torch.testing.assert_close(found, wanted, atol=1e-4, rtol=1e-4)
        assert rest == [None, None]


def check_search_goes_down_to_zero_rate(module: Any) -> None:
    """정해진 z가 그린 글자를 주면 그 글자에 가까이 가고, 마지막 손실은 다다른 곳의 것입니다."""
    generator = small()
    truth = torch.tensor([[0.5, -1.0, 0.3, 0.8, -0.2]]).double()
    letters = torch.tensor([0, 1, 2])
    with torch.no_grad():
        targets = generator(truth.repeat(3, 1), letters).flatten(1)
    begun = torch.randn(3, 5, generator=torch.Generator().manual_seed(2)).double()
    found = module.search(generator, begun, letters, targets, prior=0.0)

    def apart(z: Tensor) -> Tensor:
        with torch.no_grad():
            images = generator(z.repeat_interleave(3, 0), letters.repeat(3)).flatten(1)
        return (images.reshape(3, 3, -1) - targets).square().mean((1, 2))

    torch.testing.assert_close(found.loss, apart(found.z))
    assert (found.loss < 1e-3 * apart(begun)).all()


def check_sides(module: Any) -> None:
    images = -torch.ones(2, 1, 9, 9)
    images[0, 0, 2:5, 1:8] = 1
    images[1, 0, 0, 4] = images[1, 0, 5, 4] = 0.5
    assert module.sides(images).tolist() == [7, 6]


def check_nearest(module: Any) -> None:
    """글꼴 셋, 글자 둘, 화소 하나: 어느 글자를 보느냐에 따라 가장 가까운 글꼴이 다릅니다."""
    learned = torch.tensor([[[0.0], [9.0]], [[5.0], [1.0]], [[8.0], [8.0]]])
    unseen = torch.tensor([[[1.0], [2.0]]])
    for letters, wanted in (([0], 0), ([1], 1), ([0, 1], 1)):
        assert module.nearest(learned, unseen, torch.tensor(letters)).tolist() == [wanted]
    assert module.difference(learned, unseen, torch.tensor([0, 1])).tolist() == [25, 8.5, 42.5]


def check_chosen_faces(module: Any) -> None:
    errors, ink = np.array([0.3, 0.1, 0.9, 0.2, 0.8]), np.array([1.0, 1, 5, 1, 1])
    assert module.chosen_faces(errors, ink).tolist() == [0, 2, 4]


CASES = [
    (inversion, check_step_is_adam_on_the_loss, "prior / count", "prior"),
    (inversion, check_step_is_adam_on_the_loss, ".square().mean((1, 2))", ".abs().mean((1, 2))"),
    (inversion, check_step_is_adam_on_the_loss, "loss.sum(), z", "loss.mean(), z"),
    (inversion, check_convolution_backward, "weight.flip(2, 3)", "weight"),
    (inversion, check_convolution_backward, "side - 1 - edge", "edge"),
    (inversion, check_search_goes_down_to_zero_rate, "RATE * (1 - turn / steps)", "0.001"),
    (hand, check_sides, "images[:, 0] > 0", "images[:, 0] > 0.9"),
    (hand, check_sides, "for axis in (1, 2)", "for axis in (1,)"),
    (of_inversion, check_nearest, "one[:, letters] - other[:, letters]", "one - other"),
    (of_inversion, check_chosen_faces, "not in (middle, heavy)", "not in (middle,)"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("module", "check", "old", "new"), CASES)
def test_what_is_computed_apart_is_computed_and_a_flaw_is_seen(
    module: Any, check: Callable[[Any], None], old: str, new: str
) -> None:
    check(module)
    with pytest.raises(AssertionError):
        check(mutated(module, old, new))


def test_what_cannot_be_done_is_told() -> None:
    with pytest.raises(ValueError, match="steps"):
        inversion.search(small(), torch.zeros(1, 5), torch.tensor([0]), torch.zeros(1, 64), 0)
    image, weight = torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 3, 3)
    with pytest.raises(ValueError, match="한 칸씩"):
        inversion.convolution_backward(image, image, weight, None, [2, 2], [1, 1])


def check_every_step_is_pytorch(
    content: bytes, function: Function, given: dict[str, Tensor]
) -> tuple[Tensor, Tensor]:
    """내보낸 스텝으로 끝까지 가며, 스텝마다 같은 자리에서 PyTorch가 간 곳과 견줍니다.

    스텝을 이어 가면 반올림이 활성화가 꺾인 자리에서 커지므로, 자리는 스텝마다 다시 맞춥니다.
    그래도 드물게는 꺾인 자리를 한쪽만 넘어, 그 스텝의 기울기가 다릅니다.
    """
    missed: list[tuple[int, str]] = []
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    model = onnxruntime.InferenceSession(content, options)
    names = [each.name for each in model.get_inputs()]
    for turn in range(inversion.STEPS):
        given["step"] = torch.tensor(turn + 1.0)
        given["learning_rate"] = torch.tensor(inversion.RATE * (1 - turn / inversion.STEPS))
        feeds = {name: given[name].numpy() for name in names}
        after = dict(zip(function.outputs, model.run(None, feeds), strict=True))
        wanted = dict(zip(function.outputs, function.call(given), strict=True))
        for name, value in wanted.items():
            if np.abs(after[name] - value.numpy()).max() > CLOSE:
                missed.append((turn, name))
        assert len({turn for turn, _ in missed}) <= CROSSED, missed
        given |= {name: torch.from_numpy(after[f"new_{name}"]) for name in STATE}
    return given["parameters"], torch.from_numpy(after["loss"])


def test_the_exported_search_is_that_of_pytorch(built_site: Path, wide: bool) -> None:
    """배운 생성기로 끝 스텝까지. 글자의 수는 부를 때 정합니다."""
    assert built_site.is_dir()
    generator = restored(results.result("hangul")).half().float()
    content = results.result("hand").arrays["onnx"].tobytes()
    unseen = of_inversion.faces("held_out")
    begun = torch.randn(inversion.STARTS, 64, generator=torch.Generator().manual_seed(5))
    function = inversion.step(generator)
    for face, letters in ((3, [0]), (12, [0, 6, 13]))[0 if wide else 1 :]:
        given = {
            **function.inputs, **inversion.begun(begun), "targets": unseen[face, letters],
            "letters": torch.eye(14)[letters],
        }  # fmt: skip
        z, loss = check_every_step_is_pytorch(content, function, dict(given))
        assert (z - begun).abs().mean() > 0.1  # 제자리에 머문 것이 아님
        wanted = inversion.search(generator, begun, torch.tensor(letters), given["targets"])
        assert (loss - wanted.loss).abs().max() <= 1e-3  # 따로 이어 가도 같은 골짜기
        coarse = content.replace(np.float32(0.99).tobytes(), np.float32(0.98).tobytes())
        assert coarse != content
        with pytest.raises(AssertionError, match="new_"):
            check_every_step_is_pytorch(coarse, function, dict(given))

"""내보낸 모델이 PyTorch와 같은 답을 내는지, 함수로 적은 한 차례가 학습기의 스텝과 같은지 봅니다."""

import gzip
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from learners import SELDOM
from torch import Tensor

from gan_docs import export
from gan_docs.data import Batch
from gan_docs.experiments import plane, turns
from gan_docs.experiments.explorer import restored
from gan_docs.export import Function
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.losses import LOSSES, PENALTIES, TOWARD_ONE, Penalty
from gan_docs.site.make import live_plane, results
from gan_docs.trainer import Trainer
from gan_docs.turns import PenaltyTerm

CLOSE = 1e-5
KEPT = ("parameters", "momentum", "variance")  # 한 차례가 받아서 고쳐 내는 것
Given = dict[str, Tensor]


def session(content: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options)


@pytest.fixture(scope="module")
def models(built_site: Path) -> dict[str, bytes]:
    assert built_site.is_dir()  # 실험이 모두 끝나 있음
    return {
        name: array.tobytes()
        for experiment in live_plane.EXPERIMENTS
        for name, array in results.result(experiment).arrays.items()
    }


@pytest.fixture(scope="module")
def functions() -> dict[str, Function]:
    torch.manual_seed(0)
    return live_plane.functions()


def called(function: Function, values: Given) -> Given:
    made = function.call({name: values[name] for name in function.inputs})
    return dict(zip(function.outputs, (each.detach() for each in made), strict=True))


def check_model(content: bytes, function: Function) -> None:
    """같은 입력에 PyTorch와 ONNX가 낸 것을 견줍니다. 한 차례는 상태를 이어 세 스텝을 갑니다."""
    model, values = session(content), dict(function.inputs)
    for step in (1.0, 2.0, 3.0) if "step" in values else (1.0,):
        drawn = {name: torch.randn_like(values[name]) for name in ("real", "z") if name in values}
        values |= {**drawn, "step": torch.tensor(step)}
        wanted = called(function, values)
        made = model.run(None, {name: values[name].numpy() for name in function.inputs})
        found = dict(zip(function.outputs, map(torch.as_tensor, made), strict=True))
        if "momentum" in values:  # β₁이 0이라 첫째 평균이 곧 기울기
            slope, gradient = wanted["new_momentum"], found["new_momentum"]
            # 활성화가 꺾인 자리 하나에서는 반올림이 기울기를 가름
            assert (gradient - slope).abs().max() <= 0.01 * slope.abs().max()
            rest = [values[name] for name in ("step", "learning_rate", "epsilon")]
            after = export.adam(*(values[name] for name in KEPT), gradient, *rest)
            wanted |= dict(zip(export.STATE, after, strict=True))
            values |= dict(zip(KEPT, after, strict=True))
        for name, value in wanted.items():
            assert found[name].shape == value.shape
            # 바서슈타인의 로짓은 벌점이 없으면 커지므로 크기에 견줌
            assert (found[name] - value).abs().max() <= CLOSE * max(1.0, value.abs().max()), name


def test_every_model_equals_pytorch_and_tells_nothing_of_its_making(
    models: dict[str, bytes], functions: dict[str, Function]
) -> None:
    assert models.keys() == functions.keys()
    for name, function in functions.items():
        check_model(models[name], function)
        made = onnx.load_from_string(models[name])
        assert not any(each.metadata_props for each in (made, *made.graph.node))
        assert not any(node.doc_string for node in made.graph.node)
        assert len(gzip.compress(models[name])) < 10_000  # 받는 크기


@pytest.mark.parametrize("side", ["discriminator", "generator", "look"])
def test_the_model_of_another_loss_is_caught(
    models: dict[str, bytes], functions: dict[str, Function], side: str
) -> None:
    mine, other = (turns.names(loss, "none")[side] for loss in ("hinge", "least-squares"))
    with pytest.raises(AssertionError):
        check_model(models[other], functions[mine])


def test_the_push_is_the_gradient_of_the_generators_loss(double: None) -> None:
    torch.manual_seed(0)
    discriminator, loss = plane.make_discriminator(), LOSSES["non-saturating"]
    view = export.look(discriminator, plane.make_generator(), loss, 4, 9, 9)
    found = called(view, view.inputs)
    for sample in range(4):
        for axis in range(2):
            ahead, behind = found["fake"].clone(), found["fake"].clone()
            ahead[sample, axis] += 1e-6
            behind[sample, axis] -= 1e-6
            scores = [discriminator(moved) for moved in (ahead, behind)]
            first, second = (loss.generator(score, score) for score in scores)
            slope = (first - second) / 2e-6
            assert found["push"][sample, axis].item() == pytest.approx(-4 * slope.item(), abs=1e-6)


class Taken(Trainer):
    """뽑은 수를 간직하는 여느 학습기입니다."""

    share = torch.zeros(())

    def real_batch(self) -> Batch:
        self.real, labels = super().real_batch()
        return self.real, labels

    def latent_vectors(self, count: int) -> Tensor:
        self.z = super().latent_vectors(count)
        return self.z

    def mixing_shares(self, count: int) -> Tensor:
        self.share = super().mixing_shares(count)
        return self.share


def check_function_is_the_trainers_step(loss: str, penalty: Penalty | None) -> float:
    """학습기의 `backward()`와 `torch.optim.Adam`을 나란히 20스텝 돌려 견줍니다.

    Returns:
        매개변수에서 가장 큰 차이.
    """
    worst = 0.0
    torch.manual_seed(3)
    pair = plane.make_discriminator(), plane.make_generator()
    judge = export.discriminator_turn(*pair, LOSSES[loss], penalty, 32)
    make = export.generator_turn(*pair, LOSSES[loss], 32)
    judging, making = dict(judge.inputs), dict(make.inputs)
    trainer = Taken(
        GAN(*pair),
        plane.stages()["ring"],
        steps=1000,
        loss=LOSSES[loss],
        penalty=None if penalty is None else penalty.with_strength(judging["strength"].item()),
        batch_size=32,
        learning_rate=making["learning_rate"].item(),
    )
    for step in range(1, 21):
        trainer.step()
        trainer.history.clear()  # 일정이 움직이지 않게
        drawn = {"real": trainer.real, "z": trainer.z, "share": trainer.share}
        turn = {**drawn, "step": torch.tensor(float(step))}
        for function, mine, other in ((judge, judging, making), (make, making, judging)):
            mine |= {**turn, "other": other["parameters"]}
            mine |= dict(zip(KEPT, called(function, mine).values(), strict=False))
        for network, mine, end in zip(pair, (judging, making), (-1, None), strict=True):
            apart = (mine["parameters"] - export.flat(network)).abs()
            worst = max(worst, apart[:end].max().item())  # 판별기의 마지막 편향은 정해지지 않음
        assert worst < 1e-9, step
    return worst


@pytest.mark.parametrize(("loss", "penalty"), SELDOM)
def test_the_function_is_the_trainers_step(loss: str, penalty: str | None, double: None) -> None:
    worst = check_function_is_the_trainers_step(loss, PENALTIES.get(penalty or ""))
    print(f"내보낸 차례, {loss}, {penalty}: {worst:.1e}")


def spoil(name: str, make: Callable[[Any], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(export, name, make(getattr(export, name)))


def turned(**others: object) -> Callable[[pytest.MonkeyPatch], None]:
    """내보내는 쪽만 다른 것을 씁니다. 견줄 학습기는 그대로입니다."""
    return spoil("turns", lambda right: SimpleNamespace(**{**vars(right), **others}))


def flipped_share(penalty: Penalty, strength: Tensor, share: Tensor) -> PenaltyTerm:
    return PenaltyTerm(penalty, strength, 1 - share)


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "β₂가 다름": turned(BETAS=(0.0, 0.999)),
    "기울기의 부호": spoil("adam", lambda adam: lambda p, m, v, g, *rest: adam(p, m, v, -g, *rest)),
    "스텝을 0부터 셈": spoil(
        "adam", lambda adam: lambda p, m, v, g, s, *rest: adam(p, m, v, g, s + 1, *rest)
    ),
    "벌점의 비율을 뒤집음": turned(PenaltyTerm=flipped_share),
    "매개변수를 나누는 차례": spoil(
        "named", lambda named: lambda network, vector: named(network, vector.flip(0))
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_function_is_caught(
    fault: str, double: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    FAULTS[fault](monkeypatch)
    with pytest.raises(AssertionError):
        check_function_is_the_trainers_step("wasserstein", TOWARD_ONE)


def test_the_generator_equals_pytorch(built_site: Path) -> None:
    assert built_site.is_dir()
    hangul, halved = (restored(results.result("hangul")) for _ in range(2))
    halved.half().float()
    content = results.result("explorer").arrays["onnx"].tobytes()
    assert len(content) <= 1_000_000
    z = torch.randn(42, 64, generator=torch.Generator().manual_seed(2))
    given = hangul.join(z, torch.arange(42) % 14)
    with torch.no_grad():
        wanted, rounded = (each.network(given).numpy() for each in (hangul, halved))
    whole = session(export.generator_to_onnx(hangul.network, 64 + 14, half=False))
    assert np.abs(whole.run(None, {"input": given.numpy()})[0] - wanted).max() <= CLOSE
    for count in (1, 42):
        found = session(content).run(None, {"input": given[:count].numpy()})[0]
        assert np.abs(found - rounded[:count]).max() <= 2e-4
        assert np.abs(found - wanted[:count]).max() * 127.5 <= 2  # 255 가운데 2


@pytest.mark.slow
def test_exporting_leaves_the_network_as_it_was() -> None:
    generator = Generator(8, 8, latent_size=5).train()
    before = {name: value.clone() for name, value in generator.state_dict().items()}
    export.generator_to_onnx(generator.network, 5)
    assert generator.network.training
    assert all(torch.equal(before[name], value) for name, value in generator.state_dict().items())


def test_the_golden_steps_really_learn(built_site: Path) -> None:
    """브라우저가 같은 자리에 닿는지는 `test_live_trainer`가 봅니다. 멈춘 스텝은 언제나 같습니다."""
    assert built_site.is_dir()
    arrays = results.result("golden").arrays
    for loss in LOSSES:
        for name, end in (("discriminator", -1), ("generator", None)):
            moved = np.abs(arrays[f"{loss}.after.{name}"] - arrays[f"{loss}.before.{name}"])
            assert moved[:end].max() > 1e-3

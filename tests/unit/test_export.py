"""내보낸 모델이 PyTorch와 같은 답을 내는지, 함수로 적은 한 차례가 학습기의 스텝과 같은지 봅니다."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from gan_docs import export
from gan_docs.data import Batch
from gan_docs.experiments import plane, turns
from gan_docs.experiments.explorer import restored
from gan_docs.export import Function
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.losses import LOSSES, PENALTIES, TOWARD_ONE, Penalty
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.site.make import results
from gan_docs.trainer import Trainer
from gan_docs.turns import PenaltyTerm

STEPS = 200
CLOSE = 1e-5
FAINT = 1e-7
KINK = 2e-6  # LeakyReLU의 꺾인 자리에 이보다 가까우면 반올림이 기울기를 가름
PAIR = ("discriminator", "generator")
Pair = tuple[PointDiscriminator, PointGenerator]


def session(content: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options)


@pytest.fixture(scope="module")
def models(built_site: Path) -> dict[str, bytes]:
    assert built_site.is_dir()  # 실험이 모두 끝나 있음
    return {name: array.tobytes() for name, array in results.result("turns").arrays.items()}


@pytest.fixture
def double() -> Iterator[None]:
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.fixture
def pair() -> Pair:
    torch.manual_seed(0)
    return plane.make_discriminator(), plane.make_generator()


def functions(pair: Pair, loss: str, penalty: Penalty | None, batch: int) -> dict[str, Function]:
    """두 참가자의 차례입니다."""
    return {
        "discriminator": export.discriminator_turn(*pair, LOSSES[loss], penalty, batch),
        "generator": export.generator_turn(*pair, LOSSES[loss], batch),
    }


def states(pair: Pair) -> dict[str, list[Tensor]]:
    """두 참가자의 매개변수와 Adam의 두 평균입니다."""
    vectors = [export.flat(network) for network in pair]
    zeros = [torch.zeros_like(vector) for vector in vectors]
    return {name: [v, z, z] for name, v, z in zip(PAIR, vectors, zeros, strict=True)}


def settings(step: int, pair: Pair) -> dict[str, Tensor]:
    return {
        "directions": pair[0].directions,
        "strength": torch.tensor(0.1),
        "step": torch.tensor(float(step)),
        "learning_rate": torch.tensor(1e-3),
        "epsilon": torch.tensor(export.EPSILON),
    }


def mine(state: dict[str, list[Tensor]], name: str) -> dict[str, Tensor]:
    other = PAIR[1 - PAIR.index(name)]
    known = dict(zip(("parameters", "momentum", "variance"), state[name], strict=True))
    return {**known, "other": state[other][0]}


def called(function: Function, values: dict[str, Tensor]) -> list[Tensor]:
    return [each.detach() for each in function.call({k: values[k] for k in function.inputs})]


def kinks(pair: Pair) -> list[float]:
    """활성화가 꺾인 자리에 가장 가까이 간 거리가 여기에 쌓입니다."""
    nearest: list[float] = []

    def note(_: nn.Module, given: tuple[Tensor, ...]) -> None:
        size = given[0].detach().abs()
        nearest.append(float(size.min() / size.max().clamp(min=1)))

    for layer in (each for network in pair for each in network.modules()):
        if isinstance(layer, nn.LeakyReLU):
            layer.register_forward_pre_hook(note)
    return nearest


@pytest.mark.parametrize("penalty", plane.PENALTIES)
@pytest.mark.parametrize("loss", LOSSES)
def test_each_turn_equals_pytorch_from_the_same_state(
    models: dict[str, bytes], pair: Pair, loss: str, penalty: str
) -> None:
    check_turns(models, pair, loss, penalty)


@pytest.mark.parametrize("side", PAIR)
def test_the_turn_of_another_loss_is_caught(
    models: dict[str, bytes], pair: Pair, side: str
) -> None:
    mine, other = (turns.names(loss, "none")[side] for loss in ("hinge", "least-squares"))
    with pytest.raises(AssertionError):
        check_turns({**models, mine: models[other]}, pair, "hinge", "none")


def check_turns(models: dict[str, bytes], pair: Pair, loss: str, penalty: str) -> None:
    """같은 상태에서 PyTorch와 ONNX가 낸 것을 `STEPS`스텝 견줍니다."""
    known = functions(pair, loss, plane.PENALTIES[penalty], plane.BATCH_SIZE)
    used = turns.names(loss, penalty)
    sessions = {name: session(models[used[name]]) for name in PAIR}
    state, nearest, far = states(pair), kinks(pair), 0
    random, data = torch.Generator().manual_seed(1), plane.stages()["ring"]
    for step in range(1, STEPS + 1):
        batch = {
            "real": data.sample(plane.BATCH_SIZE, random)[0],
            "z": torch.randn(plane.BATCH_SIZE, 2, generator=random),
            "share": torch.rand(plane.BATCH_SIZE, generator=random),
        }
        for name in PAIR:
            nearest.clear()
            values = {**settings(step, pair), **batch, **mine(state, name)}
            wanted = called(known[name], values)
            found = sessions[name].run(None, {k: values[k].numpy() for k in known[name].inputs})
            apart = [np.abs(f - w.numpy()) for f, w in zip(found, wanted, strict=True)]
            # 손실과 로짓은 늘 같음. 바서슈타인은 벌점이 없으면 수백까지 커지므로 크기에 견줌
            for error, value in zip(apart[3:], wanted[3:], strict=True):
                assert error <= CLOSE * max(1.0, float(value.abs()))
            # β₁이 0이라 첫째 평균이 곧 기울기. 0에 가까운 기울기는 Adam이 반올림까지 키우므로 뺌
            gradient = wanted[1].abs().numpy()
            moved = apart[0][gradient > FAINT].max()
            sloped = apart[1].max() / max(1.0, gradient.max())
            if max(moved, sloped) > CLOSE:
                assert min(nearest) < KINK, (step, name, moved, sloped)
                far += 1
            state[name] = wanted[:3]
    assert far <= STEPS // 20


@pytest.mark.parametrize("loss", LOSSES)
def test_a_look_and_the_points_equal_pytorch(
    models: dict[str, bytes], pair: Pair, loss: str
) -> None:
    sides = plane.LATTICE**2, plane.FIELD**2
    view = export.look(*pair, LOSSES[loss], plane.BATCH_SIZE, *sides)
    count = export.points(pair[1], plane.MEASURED)
    for function, name in ((view, turns.names(loss, "none")["look"]), (count, "points")):
        values = {**function.inputs}
        found = session(models[name]).run(None, {k: v.numpy() for k, v in values.items()})
        for mine, wanted in zip(found, called(function, values), strict=True):
            assert mine.shape == wanted.shape
            assert np.abs(mine - wanted.numpy()).max() <= CLOSE


def test_the_push_is_the_gradient_of_the_generators_loss(pair: Pair, double: None) -> None:
    discriminator, generator = (network.double() for network in pair)
    view = export.look(discriminator, generator, LOSSES["non-saturating"], 4, 9, 9)
    values = {name: each.double() for name, each in view.inputs.items()}
    fake, push, *_ = called(view, values)
    for sample in range(4):
        for axis in range(2):
            ahead, behind = fake.clone(), fake.clone()
            ahead[sample, axis] += 1e-6
            behind[sample, axis] -= 1e-6
            scores = [discriminator(moved) for moved in (ahead, behind)]
            first, second = (LOSSES["non-saturating"].generator(s, s) for s in scores)
            slope = (first - second) / 2e-6
            assert push[sample, axis].item() == pytest.approx(-4 * slope.item(), abs=1e-6)


class Taken(Trainer):
    """뽑은 수를 간직하는 여느 학습기입니다."""

    def real_batch(self) -> Batch:
        self.real, labels = super().real_batch()
        return self.real, labels

    def latent_vectors(self, count: int) -> Tensor:
        self.z = super().latent_vectors(count)
        return self.z


def check_function_is_the_trainers_step(loss: str, penalty: Penalty | None) -> float:
    """학습기의 `backward()`와 `torch.optim.Adam`을 나란히 20스텝 돌려 견줍니다.

    Returns:
        매개변수에서 가장 큰 차이.
    """
    worst = 0.0
    torch.manual_seed(3)
    pair = plane.make_discriminator(), plane.make_generator()
    state, batch = states(pair), 32
    known = functions(pair, loss, penalty, batch)
    trainer = Taken(
        GAN(*pair), plane.stages()["ring"], steps=1000, loss=LOSSES[loss], seed=5,
        penalty=None if penalty is None else penalty.with_strength(0.1), batch_size=batch,
        learning_rate=1e-3,
    )  # fmt: skip
    for step in range(1, 21):
        trainer.step()
        trainer.history.clear()  # 일정이 움직이지 않게
        trainer.random.manual_seed(100 + step)
        ahead = torch.Generator().manual_seed(99 + step if step > 1 else 5)
        drawn = plane.stages()["ring"].sample(batch, ahead)[0]
        z = torch.randn(batch, 2, generator=ahead)
        assert torch.equal(drawn, trainer.real) and torch.equal(z, trainer.z)
        values = {
            **settings(step, pair), "real": drawn, "z": z,
            "share": torch.rand(batch, generator=ahead),
        }  # fmt: skip
        for name in PAIR:
            state[name] = called(known[name], {**values, **mine(state, name)})[:3]
        for name, network in zip(PAIR, pair, strict=True):
            apart = (state[name][0] - export.flat(network)).abs()
            worst = max(worst, apart[: -1 if name == "discriminator" else None].max().item())
        assert worst < 1e-9, step
    return worst


@pytest.mark.parametrize("penalty", [None, *PENALTIES])
@pytest.mark.parametrize("loss", LOSSES)
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
    "β₁이 다름": turned(BETAS=(0.5, 0.99)),
    "β₂가 다름": turned(BETAS=(0.0, 0.999)),
    "기울기의 부호": spoil("adam", lambda adam: lambda p, m, v, g, *rest: adam(p, m, v, -g, *rest)),
    "스텝을 0부터 셈": spoil(
        "adam", lambda adam: lambda p, m, v, g, s, *rest: adam(p, m, v, g, s + 1, *rest)
    ),
    "분산을 세지 않음": spoil(
        "adam", lambda adam: lambda p, m, v, g, *rest: adam(p, m, torch.zeros_like(v), g, *rest)
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


def test_every_combination_has_its_model(models: dict[str, bytes]) -> None:
    wanted = {
        name
        for loss in LOSSES
        for penalty in plane.PENALTIES
        for name in turns.names(loss, penalty).values()
    }
    assert models.keys() == wanted | {"points"}
    assert max(map(len, models.values())) < 400_000
    for content in models.values():
        graph = onnx.load_from_string(content)
        assert not graph.metadata_props
        assert not any(node.metadata_props or node.doc_string for node in graph.graph.node)


@pytest.fixture(scope="module")
def hangul(built_site: Path) -> Generator:
    assert built_site.is_dir()
    return restored(results.result("hangul"))


def test_the_generator_equals_pytorch(hangul: Generator) -> None:
    model = session(results.result("explorer").arrays["onnx"].tobytes())
    whole = session(export.generator_to_onnx(hangul.network, 64 + 14, half=False))
    z = torch.randn(42, 64, generator=torch.Generator().manual_seed(2))
    given = hangul.join(z, torch.arange(42) % 14)
    wanted = hangul.network(given).detach().numpy()
    assert np.abs(whole.run(None, {"input": given.numpy()})[0] - wanted).max() <= CLOSE
    halved = restored(results.result("hangul"))
    with torch.no_grad():
        for value in (*halved.parameters(), *halved.buffers()):
            if value.is_floating_point():
                value.copy_(value.half().float())
    rounded = model.run(None, {"input": given.numpy()})[0]
    assert np.abs(rounded - halved.network(given).detach().numpy()).max() <= 2e-4
    assert np.abs(rounded - wanted).max() * 127.5 <= 2  # 255 가운데 2


def test_the_generators_file_is_small_and_takes_any_batch(hangul: Generator) -> None:
    content = results.result("explorer").arrays["onnx"].tobytes()
    assert len(content) <= 1_000_000
    model = session(content)
    for count in (1, 3, 64):
        images = model.run(None, {"input": np.zeros((count, 78), np.float32)})[0]
        assert images.shape == (count, 1, 28, 28)
    assert not hangul.training


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
            assert moved[:end].max() > 5e-4  # 브라우저와의 차이로 받아들이는 1e-4의 다섯 배

"""여러분이 만든 신경망의 쌍이 배우고, 만들고, 저장하고, 비트까지 같게 이어지는지 봅니다."""

import copy
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
from learners import different, interrupted, straight
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from gan_docs import GAN, Discriminator, Generator, Trainer, averaging, data
from gan_docs.data import ImageData
from gan_docs.losses import HINGE, R1, R1_AND_R2
from gan_docs.machines.sharing import SharedGAN
from gan_docs.sampling import make_images, sample_images
from gan_docs.saving import weights
from gan_docs.saving.weights import WEIGHTS, load_discriminator, load_generator

# 컴파일러가 그래프의 가운데 텐서를 들여다보며 내는 torch 안의 경고
pytestmark = pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor")

Maker = Callable[[], nn.Module]


def noise(side: int, classes: int = 0) -> ImageData:
    """무엇을 배우는지는 상관없는 이미지입니다."""
    random = torch.Generator().manual_seed(0)
    images = 2 * torch.rand(12, 1, side, side, generator=random) - 1
    labels = torch.arange(12) % classes if classes else None
    return ImageData("noise", images, labels, tuple(f"종류 {each}" for each in range(classes)))


def dcgan_generator(last: nn.Module | None = None) -> nn.Sequential:
    """선형층 없이 (B, 6, 1, 1)을 16×16으로 키웁니다."""
    layers: list[nn.Module] = []
    for before, after, stride in [(6, 8, 1), (8, 4, 2), (4, 1, 2)]:
        layers.append(nn.ConvTranspose2d(before, after, 4, stride, stride - 1, bias=False))
        layers += [nn.BatchNorm2d(after), nn.ReLU(True)]
    return nn.Sequential(*layers[:-2], last or nn.Tanh())


def dcgan_discriminator(*last: nn.Module) -> nn.Sequential:
    """16×16을 (B, 1, 1, 1)의 로짓으로 줄입니다."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 4, 2, 1, bias=False),
        nn.LeakyReLU(0.2, True),
        nn.Conv2d(4, 8, 4, 2, 1, bias=False),
        nn.BatchNorm2d(8),
        nn.LeakyReLU(0.2, True),
        nn.Conv2d(8, 1, 4, 1, 0, bias=False),
        *last,
    )


class Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = spectral_norm(nn.Conv2d(channels, channels, 3, padding=1))
        self.second = spectral_norm(nn.Conv2d(channels, channels, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        changed: Tensor = self.second(torch.relu(self.first(torch.relu(x))))
        return x + changed


def residual_generator() -> nn.Module:
    return nn.Sequential(
        spectral_norm(nn.Linear(5, 4 * 16)),
        nn.Unflatten(1, (4, 4, 4)),
        Residual(4),
        nn.Upsample(scale_factor=2),
        Residual(4),
        nn.Conv2d(4, 1, 1),
        nn.Tanh(),
    )


def residual_discriminator() -> nn.Module:
    first, last = nn.Conv2d(1, 4, 3, 2, 1), nn.Linear(4 * 16, 1)
    return nn.Sequential(spectral_norm(first), Residual(4), nn.Flatten(), spectral_norm(last))


class Mapped(nn.Module):
    """잠재 벡터를 먼저 옮기고(mapping), 종류마다의 벡터를 더한 뒤 그립니다(network)."""

    def __init__(self, classes: int = 3) -> None:
        super().__init__()
        self.latent_size, self.classes = 5, classes
        self.mapping = nn.Sequential(nn.Linear(5, 8), nn.BatchNorm1d(8), nn.LeakyReLU(0.2))
        self.kinds = nn.Embedding(max(classes, 1), 8)
        self.network = nn.Sequential(
            nn.Linear(8, 64), nn.BatchNorm1d(64), nn.Tanh(), nn.Unflatten(1, (1, 8, 8))
        )

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        labels = torch.zeros(len(z), dtype=torch.long) if labels is None else labels
        made: Tensor = self.network(3 * self.mapping(z) + self.kinds(labels))
        return made


class Asked(nn.Module):
    classes = 3

    def __init__(self) -> None:
        super().__init__()
        self.body, self.kinds = nn.Linear(64, 8), nn.Embedding(3, 8)

    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        return (torch.tanh(self.body(images.flatten(1))) * self.kinds(labels)).sum(1)


class Pair(NamedTuple):
    discriminator: Maker
    generator: Maker
    side: int
    classes: int = 0
    penalty: Any = R1_AND_R2


def compiled(make: Maker) -> Maker:
    return lambda: torch.compile(make(), backend="aot_eager")  # type: ignore[return-value]


def compiled_in_place(make: Maker) -> Maker:
    def made() -> nn.Module:
        network = make()
        network.compile(backend="aot_eager")
        return network

    return made


def plain_generator() -> nn.Sequential:
    start = nn.Sequential(nn.Linear(5, 32), nn.BatchNorm1d(32), nn.ReLU())
    return nn.Sequential(start, nn.Linear(32, 64), nn.Tanh(), nn.Unflatten(1, (1, 8, 8)))


def plain_discriminator() -> nn.Sequential:
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))


def compiled_inside() -> nn.Module:
    network = plain_generator()
    network[0] = torch.compile(network[0], backend="aot_eager")  # type: ignore[assignment]
    return network


PAIRS = {
    "DCGAN": Pair(dcgan_discriminator, dcgan_generator, 16),
    "스펙트럼 정규화의 잔차 연결": Pair(residual_discriminator, residual_generator, 8),
    "조건과 매핑": Pair(Asked, Mapped, 8, classes=3),
    "컴파일": Pair(compiled(plain_discriminator), compiled(plain_generator), 8, penalty=None),
    "제자리 컴파일": Pair(
        compiled_in_place(plain_discriminator), compiled_in_place(plain_generator), 8, penalty=None
    ),
    "속만 컴파일": Pair(plain_discriminator, compiled_inside, 8),
}


@pytest.fixture(autouse=True)
def no_compiled_code() -> Iterator[None]:
    """앞 테스트가 컴파일한 것이 쌓이면, 한도를 넘은 뒤로는 컴파일하지 않고 계산합니다."""
    yield
    torch.compiler.reset()


def make(pair: Pair, start: int = 0, **others: Any) -> Trainer:
    torch.manual_seed(start)
    chosen = {"steps": 4, "batch_size": 4, "seed": 3, "penalty": pair.penalty, **others}
    gan = GAN(pair.discriminator(), pair.generator())
    return Trainer(gan, noise(pair.side, pair.classes), **chosen)


@pytest.mark.slow
@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_of_ones_own_trains_samples_saves_and_resumes(name: str, tmp_path: Path) -> None:
    pair = PAIRS[name]
    whole = straight(make(pair))
    second = interrupted(partial(make, pair), tmp_path, 2)
    assert different(whole, second) == []
    images, labels = whole.sample(7, seed=5)
    assert images.shape == (7, 1, pair.side, pair.side)
    assert (labels is None) == (pair.classes == 0)
    whole.save(tmp_path / "run")
    second.save(tmp_path / "again")
    one, other = (load_file(tmp_path / run / WEIGHTS) for run in ("run", "again"))
    assert different(one, other) == []
    assert not [key for key in one if "_orig_mod" in key]
    found, settings = load_generator(tmp_path / "run", pair.generator)
    assert torch.equal(sample_images(found, 7, seed=5)[0], images)
    assert settings["step"] == 4
    judge, _ = load_discriminator(tmp_path / "run", pair.discriminator)
    given = [images] if labels is None else [images, labels]
    with torch.no_grad():
        assert torch.equal(judge(*given), whole.gan.discriminator.eval()(*given))


@pytest.mark.slow
def test_compiling_changes_no_name_so_each_takes_the_other_up(tmp_path: Path) -> None:
    plain = Pair(plain_discriminator, plain_generator, 8, penalty=None)
    for before, after in ((plain, PAIRS["컴파일"]), (PAIRS["컴파일"], plain)):
        first = make(before)
        first.train(2, progress=False)
        first.save(tmp_path)
        second = make(after, start=9)
        assert second.resume(tmp_path) == []
        assert different(first, second) == []
        found, _ = load_generator(tmp_path, after.generator)
        assert torch.equal(sample_images(found, 3)[0], first.sample(3)[0])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "penalty"), [("컴파일", R1), ("제자리 컴파일", "toward-one")])
def test_a_compiled_judge_and_a_penalty_are_told_apart_before_any_step(
    name: str, penalty: Any
) -> None:
    with pytest.raises(ValueError, match=r"두 번 미분할 수 없어.*penalty=None"):
        make(PAIRS[name], penalty=penalty)


def test_what_is_missing_or_other_than_saved_is_told(tmp_path: Path) -> None:
    make(PAIRS["조건과 매핑"]).save(tmp_path)
    with pytest.raises(TypeError, match=r"신경망 Mapped을\(를\).*make_generator=만드는 함수"):
        load_generator(tmp_path)
    with pytest.raises(TypeError, match=r"신경망 Asked을\(를\).*make_discriminator=만드는 함수"):
        load_discriminator(tmp_path)
    with pytest.raises(TypeError, match=r"make_generator는 신경망.*만드는 함수여야.*None"):
        load_generator(tmp_path, lambda: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(ValueError, match=r"kinds.weight이\(가\) 저장한 것에는 \(3, 8\).*\(4, 8\)"):
        load_generator(tmp_path, lambda: Mapped(4))
    with pytest.raises(ValueError, match=r"kinds.weight.*에는 \(3, 8\), 만든 것에는 없음"):
        load_generator(tmp_path, residual_generator)


def test_a_network_of_the_package_that_was_changed_is_ones_own(tmp_path: Path) -> None:
    class Louder(Generator):
        def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
            return super().forward(2 * z, labels)

    wider = Discriminator(8, 8)
    wider.network.append(nn.Linear(1, 1))
    trainer = Trainer(GAN(wider, Louder(8, 8)), data.digits(8, 8), steps=1, batch_size=4)
    trainer.train(progress=False)
    trainer.save(tmp_path)
    for load in (load_generator, load_discriminator):
        with pytest.raises(TypeError, match="만드는 함수가 있어야"):
            load(tmp_path)
    found, _ = load_generator(tmp_path, lambda: Louder(8, 8))
    assert torch.equal(sample_images(found, 3)[0], trainer.sample(3)[0])


def test_weights_that_two_layers_share_are_saved_too(tmp_path: Path) -> None:
    def tied() -> nn.Module:
        first, second = nn.Linear(64, 64, bias=False), nn.Linear(64, 64, bias=False)
        second.weight = first.weight
        return nn.Sequential(first, nn.Tanh(), second, nn.Tanh(), nn.Unflatten(1, (1, 8, 8)))

    pair = Pair(residual_discriminator, tied, 8)
    whole = straight(make(pair))
    assert different(whole, interrupted(partial(make, pair), tmp_path, 2)) == []
    whole.save(tmp_path)
    found, _ = load_generator(tmp_path, tied)
    assert found[0].weight is found[2].weight  # type: ignore[index]


def test_a_state_that_is_no_tensor_is_refused_by_its_name() -> None:
    class Remembers(nn.Linear):
        def get_extra_state(self) -> str:
            return "어제"

    network = nn.Sequential(Remembers(4, 64), nn.Unflatten(1, (1, 8, 8)), nn.Tanh())
    with pytest.raises(TypeError, match=r"0._extra_state의 str.*register_buffer"):
        make(Pair(residual_discriminator, lambda: network, 8))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (torch.optim.RMSprop, "받은 RMSprop의 step, square_avg"),
        (partial(torch.optim.SGD, lr=0.1, momentum=0.9), "받은 SGD의 momentum_buffer"),
        (partial(torch.optim.Adam, amsgrad=True), "받은 Adam의 .*max_exp_avg_sq"),
    ],
)
def test_an_optimizer_that_remembers_something_else_is_told(
    other: Callable[..., Any], said: str, tmp_path: Path
) -> None:
    trainer = make(Pair(residual_discriminator, residual_generator, 8))
    trainer.generator_optimizer = other(trainer.gan.generator.parameters())
    trainer.step()
    with pytest.raises(TypeError, match=said):
        trainer.save(tmp_path / "out")
    assert not (tmp_path / "out").exists()


TUPLE = "의 답은 텐서 하나여야 합니다: 받은 값 tuple"


@pytest.mark.parametrize(
    ("discriminator", "generator", "said"),
    [
        (nn.Sequential(nn.Flatten(), nn.LSTM(64, 1)), Generator(8, 8), f"판별기{TUPLE}"),
        (nn.Flatten(), Generator(8, 8), "이미지마다 로짓 하나"),
        (Discriminator(8, 8), nn.Sequential(nn.Linear(4, 64), nn.LSTM(64, 64)), f"생성기{TUPLE}"),
    ],
)
def test_networks_that_give_no_logit_or_no_image_are_refused(
    discriminator: nn.Module, generator: nn.Module, said: str
) -> None:
    with pytest.raises((TypeError, ValueError), match=said):
        GAN(discriminator, generator)


def measured(trainer: Trainer) -> tuple[nn.Module, dict[str, Tensor]]:
    """마무리한 생성기와, 그 배치 정규화에 들어온 값의 참 분산입니다."""
    generator = trainer.finished_generator()
    inputs: dict[str, Tensor] = {}
    for name, layer in generator.named_modules():
        if isinstance(layer, nn.BatchNorm1d):

            def keep(layer: nn.Module, given: tuple[Tensor], name: str = name) -> None:
                inputs[name] = given[0]

            layer.register_forward_pre_hook(keep)
            layer.train().momentum = 0.0  # 배치의 통계로 셈하되 잰 것은 그대로
    random = torch.Generator().manual_seed(trainer.seed)
    z = torch.cat([torch.randn(256, 5, generator=random) for _ in range(20)])
    labels = (torch.arange(256) % trainer.gan.classes).repeat(20) if trainer.gan.classes else None
    with torch.no_grad():
        make_images(generator, z, labels)
    return generator, {name: given.var(0) for name, given in inputs.items()}


def check_statistics(classes: int) -> None:
    judge = Asked if classes else residual_discriminator
    trainer = straight(make(Pair(judge, lambda: Mapped(classes), 8, classes)))
    generator, wanted = measured(trainer)
    assert wanted.keys() == {"mapping.1", "network.1"}
    for name, variance in wanted.items():
        found = generator.get_submodule(name).running_var
        assert torch.allclose(found, variance, rtol=0.05), name  # type: ignore[arg-type]


@pytest.mark.parametrize("classes", [0, 3])
def test_statistics_are_measured_through_forward(classes: int) -> None:
    check_statistics(classes)


def test_statistics_measured_through_a_part_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def part(generator: Any, z: Tensor, labels: Any = None) -> Tensor:
        made: Tensor = generator.network(torch.cat([z, z], 1)[:, :8])
        return made

    monkeypatch.setattr(averaging, "make_images", part)
    with pytest.raises(AssertionError):
        check_statistics(0)


def test_measuring_shakes_nothing_and_draws_nothing() -> None:
    """드롭아웃은 쉬고, 스펙트럼 정규화의 방향은 그대로이며, 공용 난수를 쓰지 않습니다."""
    network = nn.Sequential(
        spectral_norm(nn.Linear(4, 64)),
        nn.BatchNorm1d(64),
        nn.Dropout(0.5),
        nn.Tanh(),
        nn.Unflatten(1, (1, 8, 8)),
    )
    trainer = make(Pair(residual_discriminator, lambda: network, 8))
    trainer.train(2, progress=False)
    before = torch.get_rng_state()
    one, two = trainer.finished_generator(), trainer.finished_generator()
    assert torch.equal(before, torch.get_rng_state())
    assert different(dict(one.state_dict()), dict(two.state_dict())) == []
    key = "0.parametrizations.weight.0._u"
    assert torch.equal(one.state_dict()[key], trainer.average.state_dict()[key])
    assert not any(layer.training for layer in one.modules())


def farthest(trainer: Trainer) -> float:
    """평균하지 않으므로 같아야 할 두 생성기의 가장 큰 차이입니다."""
    now, _ = trainer.sample(16, averaged=False)
    return float((trainer.sample(16)[0] - now).abs().max())


def test_what_layers_remember_is_carried_to_the_average(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = PAIRS["스펙트럼 정규화의 잔차 연결"]
    assert farthest(straight(make(pair, averaging=0.0, learning_rate=0.05))) == 0
    monkeypatch.setattr(averaging, "carry", lambda average, current: None)
    assert farthest(straight(make(pair, averaging=0.0, learning_rate=0.05))) > 1e-3


def test_carried_directions_keep_their_length_and_measure_the_averaged_weight() -> None:
    trainer = straight(make(PAIRS["스펙트럼 정규화의 잔차 연결"], averaging=0.9, steps=30))
    layer: Any = trainer.average.get_submodule("0")
    u, v = (getattr(layer.parametrizations.weight[0], name) for name in ("_u", "_v"))
    assert u.norm().item() == pytest.approx(1, abs=1e-5)
    original = layer.parametrizations.weight.original
    true = torch.linalg.matrix_norm(original, 2).item()
    assert 0.95 * true < (u @ original @ v).item() <= true * (1 + 1e-5)


def test_counts_and_averages_of_ones_own_are_carried_and_statistics_are_not() -> None:
    class Counts(nn.Module):
        seen: Tensor

        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("seen", torch.zeros((), dtype=torch.long))

        def forward(self, x: Tensor) -> Tensor:
            self.seen = self.seen + int(self.training)  # 제자리가 아니라 새 텐서로
            return x

    network = nn.Sequential(
        nn.Linear(4, 64), nn.BatchNorm1d(64), Counts(), nn.Tanh(), nn.Unflatten(1, (1, 8, 8))
    )
    trainer = straight(make(Pair(residual_discriminator, lambda: network, 8)))
    found = trainer.average.state_dict()
    assert found["2.seen"] == trainer.gan.generator.state_dict()["2.seen"] == 4
    assert torch.equal(found["1.running_mean"], torch.zeros(64))


def test_a_layer_that_the_caller_froze_stays_frozen_through_both_turns() -> None:
    trainer = make(PAIRS["DCGAN"])
    kept = [trainer.gan.generator[0], trainer.gan.discriminator[0]]  # type: ignore[index]
    for layer in kept:
        layer.requires_grad_(False)
    before = copy.deepcopy([layer.weight for layer in kept])
    trainer.train(2, progress=False)
    for layer, was in zip(kept, before, strict=True):
        assert not layer.weight.requires_grad
        assert torch.equal(layer.weight, was)
    moving = {name for name, each in trainer.gan.named_parameters() if each.requires_grad}
    assert len(moving) == len(list(trainer.gan.parameters())) - 2


def test_a_turn_that_fails_unfreezes_only_what_was_learning() -> None:
    def fails(real: Tensor, fake: Tensor) -> Tensor:
        raise ArithmeticError("생성기의 차례가 실패함")

    trainer = make(PAIRS["DCGAN"], loss=HINGE)
    trainer.loss = HINGE._replace(generator=fails)
    trainer.gan.discriminator[0].requires_grad_(False)  # type: ignore[index,operator]
    with pytest.raises(ArithmeticError):
        trainer.step()
    learning = [each.requires_grad for each in trainer.gan.discriminator.parameters()]
    assert learning == [False, *[True] * (len(learning) - 1)]


def test_a_shared_judge_learns_though_its_first_layer_is_frozen() -> None:
    judge = dcgan_discriminator()
    shared = SharedGAN.__new__(SharedGAN)
    nn.Module.__init__(shared)
    wrapped = nn.Identity()
    shared.wrapped = {judge: wrapped}  # type: ignore[dict-item]
    judge[0].requires_grad_(False)  # type: ignore[index,operator]
    assert shared.learning(judge) is wrapped
    judge.requires_grad_(False)
    assert shared.learning(judge) is judge


def test_networks_with_nothing_to_learn_are_refused() -> None:
    with pytest.raises(ValueError, match="generator에 배울 가중치가 없습니다"):
        frozen = dcgan_generator().requires_grad_(False)
        make(Pair(dcgan_discriminator, lambda: frozen, 16))


@pytest.mark.slow
def test_doubles_learn_and_come_back_as_doubles(tmp_path: Path) -> None:
    torch.manual_seed(0)
    gan = GAN(Discriminator(8, 8, classes=10), Generator(8, 8, classes=10)).double()
    trainer = Trainer(gan, data.digits(8, 8), steps=2, batch_size=4, penalty="toward-one")
    trainer.train(progress=False)
    images, _ = trainer.sample(5)
    assert images.dtype == torch.float64
    trainer.save(tmp_path)
    found, _ = load_generator(tmp_path)
    assert torch.equal(sample_images(found, 5)[0], images)
    for spoil in (gan.half, gan.generator.float):
        spoil()
        with pytest.raises(
            ValueError, match=r"float32이거나 모두 float64여야.*받은 값 torch.float"
        ):
            Trainer(gan, data.digits(8, 8), steps=2)


def test_data_of_another_shape_are_told_before_any_step() -> None:
    gan = GAN(dcgan_discriminator(), dcgan_generator())
    state = torch.get_rng_state()
    with pytest.raises(ValueError, match=r"데이터의 모양 \(1, 8, 8\).*모양 \(1, 16, 16\)"):
        Trainer(gan, noise(8), steps=1)
    assert torch.equal(state, torch.get_rng_state())


def test_a_compiled_network_of_the_package_is_one_of_the_package() -> None:
    assert weights.describe(torch.compile(Generator(8, 8), backend="aot_eager")) == (  # type: ignore[arg-type]
        weights.describe(Generator(8, 8))
    )

"""이어진 모델: 어떤 두 신경망이든 같은 길로 이어지고, 범위가 다르면 알리고, 그려지는지."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from test_own_networks import dcgan_discriminator, dcgan_generator
from torch import Tensor, nn

from gan_docs import GAN, Discriminator, Generator
from gan_docs.drawing import structure
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.sampling import latent_shape, sample_images


class Asked(nn.Module):
    """종류를 묻는 손수 만든 두 신경망의 공통: 종류마다 벡터 하나를 배웁니다."""

    classes = 3

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.line, self.kind = nn.Linear(inputs, outputs), nn.Embedding(self.classes, outputs)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        return torch.tanh(self.line(x) + self.kind(labels))


def plain() -> GAN:
    generator = nn.Sequential(nn.Linear(5, 64), nn.Unflatten(1, (1, 8, 8)))
    return GAN(nn.Sequential(nn.Flatten(), nn.Linear(64, 1)), generator)


# 이름마다 이어 볼 모델 하나: 패키지의 것, 점, 손수 만든 것, 조건, 나란히 보기
MODELS: dict[str, Callable[[], GAN]] = {
    "images": lambda: GAN(Discriminator(9, 8), Generator(9, 8, latent_size=4)),
    "labelled": lambda: GAN(Discriminator(8, 8, classes=3), Generator(8, 8, classes=3)),
    "points": lambda: GAN(PointDiscriminator(8, 2, gain=3), PointGenerator(8, 2, gain=2)),
    "fourier": lambda: GAN(PointDiscriminator(8, 2, waves=3), PointGenerator(8, 2)),
    "packed": lambda: GAN(PointDiscriminator(8, 1, pack=2, waves=2), PointGenerator(8, 1)),
    "plain": plain,
    "dcgan": lambda: GAN(dcgan_discriminator(), dcgan_generator()),
    "asked": lambda: GAN(Asked(6, 1), Asked(4, 6)),
}


@pytest.mark.parametrize("name", MODELS)
def test_the_joined_model_is_the_gan_and_can_be_printed_and_drawn(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.manual_seed(0)
    gan = MODELS[name]().eval()
    z = torch.randn(6, gan.latent_size)
    labels = torch.arange(6) % gan.classes if gan.classes else None
    joined, vectors = gan.model(), z
    if labels is not None:
        vectors = torch.cat([z, nn.functional.one_hot(labels, gan.classes)], dim=1)
    assert torch.equal(joined(vectors), gan(z, labels))
    assert gan(z, labels).any()
    assert {*map(id, joined.parameters())} == {*map(id, gan.parameters())}
    kept = {key: each.clone() for key, each in gan.train().state_dict().items()}
    gan.summary()
    total = sum(each.numel() for each in gan.parameters())
    assert f"Total params: {total:,}" in capsys.readouterr().out
    assert gan.save_model(tmp_path).stat().st_size > 5000
    assert gan.training and all(
        torch.equal(each, kept[key]) for key, each in gan.state_dict().items()
    )


def test_a_model_that_passes_by_forward_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def past(self: nn.Module, x: Tensor) -> Tensor:
        logits: Tensor = self.discriminator.network(self.generator.network(x)).squeeze(1)
        return logits

    gan, z = MODELS["points"]().eval(), torch.randn(4, 2)
    assert not torch.equal(past(gan, z), gan(z))  # 배율과 잔차 연결을 건너뜀


def test_every_layer_is_drawn_once_with_its_shape() -> None:
    gan = MODELS["dcgan"]()
    first, second = gan.model()
    parts = [structure.Part("G", "generator", first), structure.Part("D", "discriminator", second)]
    rows = structure.rows_of(parts, (6,))
    shapes = [(8, 4, 4), (4, 8, 8), (1, 16, 16), (4, 8, 8), (8, 4, 4), (1, 1, 1)]
    assert [row.shape for row in rows] == shapes
    assert [row.title.split(" · ")[0] for row in rows][1:5] == [
        "전치 합성곱 4×4, 보폭 2, 채널 8 → 4",
        "전치 합성곱 4×4, 보폭 2, 채널 4 → 1",
        "합성곱 4×4, 보폭 2, 채널 1 → 4",
        "합성곱 4×4, 보폭 2, 채널 4 → 8",
    ]
    assert rows[0].parameters == 6 * 8 * 16 + 2 * 8


def test_a_generator_that_starts_with_a_convolution_gets_its_latent_map() -> None:
    gan = MODELS["dcgan"]()
    assert gan.latent_size == 6 and latent_shape(gan.generator) == (6, 1, 1)
    z = torch.randn(3, 6)
    assert torch.equal(gan.eval().generate(z), gan.generator(z[:, :, None, None]))
    images, _ = sample_images(gan.generator, 3, seed=2)
    z = torch.randn(3, 6, generator=torch.Generator().manual_seed(2))
    assert torch.equal(images, gan.generator(z[:, :, None, None]))
    with pytest.raises(ValueError, match=r"z의 모양은 \(B, 6\).*\(3, 7\)"):
        gan.generate(torch.randn(3, 7))


def test_how_long_a_latent_vector_is_comes_from_the_model_or_its_first_layer() -> None:
    line = nn.Sequential(nn.Conv1d(4, 2, 1), nn.Flatten(), nn.Linear(2, 5))
    assert latent_shape(line) == (4, 1)
    assert latent_shape(nn.Sequential(nn.ReLU(), nn.Linear(5, 2), nn.Conv2d(9, 1, 1))) == (5,)
    assert latent_shape(Generator(8, 8, latent_size=6, classes=3)) == (6,)
    told = dcgan_generator()
    told.latent_size = 9  # type: ignore[assignment]  # 적어 둔 것이 먼저
    assert latent_shape(told) == (9,)
    with pytest.raises(ValueError, match="latent_size를 적으세요"):
        latent_shape(nn.ReLU())


NO_NEGATIVE = "생성기가 음수를 내지 않습니다.*nn.Tanh"
ZERO_TO_ONE = f"{NO_NEGATIVE}.*0–1"
NOT_A_LOGIT = "판별기가 0과 1 사이의 값만"


class Functional(nn.Sequential):
    """층이 아니라 함수로 시그모이드를 부릅니다."""

    def forward(self, z: Tensor) -> Tensor:
        images: Tensor = super().forward(z)
        return images.sigmoid()


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (lambda: (dcgan_discriminator(), dcgan_generator(nn.Sigmoid())), NO_NEGATIVE),
        (lambda: (dcgan_discriminator(), Functional(*dcgan_generator(nn.Identity()))), ZERO_TO_ONE),
        (lambda: (dcgan_discriminator(), dcgan_generator(nn.ReLU())), NO_NEGATIVE),
        (lambda: (dcgan_discriminator(nn.Sigmoid()), dcgan_generator()), NOT_A_LOGIT),
    ],
)
def test_a_range_that_cannot_match_is_told_before_training(
    pair: Callable[[], tuple[nn.Module, nn.Module]], said: str
) -> None:
    torch.manual_seed(7)  # 백에 한두 쌍은 판별기의 시그모이드가 모두 끝에 닿아 드러나지 않음
    discriminator, generator = pair()
    before = torch.random.get_rng_state()
    with pytest.warns(UserWarning, match=said) as heard:
        GAN(discriminator, generator)
    assert heard[0].filename == __file__  # 부른 줄을 가리킴
    assert torch.equal(torch.random.get_rng_state(), before)

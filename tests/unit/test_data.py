"""데이터의 그릇: 뽑기, 흔들기, 2차원 섞음의 통계, 지문, 그리고 잘못된 값의 거절."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch

from gan_docs import data


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("jitter", [True, False])
def test_samples_follow_the_generator_and_nothing_else(jitter: bool) -> None:
    glyphs, generator = data.hangul(jitter=jitter), seeded(7)
    before, state = glyphs.images.clone(), torch.random.get_rng_state()
    first, later = glyphs.sample(64, generator), glyphs.sample(64, generator)
    again, other = (glyphs.sample(64, seeded(seed)) for seed in (7, 8))
    assert torch.equal(first[0], again[0]) and torch.equal(first[1], again[1])
    for different in (later, other):
        assert not torch.equal(first[0], different[0])
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.equal(glyphs.images, before)


def test_sample_draws_every_image() -> None:
    tiny = data.ImageData("tiny", torch.linspace(-1, 1, 9).reshape(9, 1, 1, 1), None, ())
    images, labels = tiny.sample(300, seeded())
    assert labels is None and len(images.unique()) == 9


@pytest.mark.parametrize("jitter", [None, data.Jitter()])
def test_bytes_are_drawn_as_the_numbers_that_they_stand_for(jitter: data.Jitter | None) -> None:
    pixels = torch.arange(256, dtype=torch.uint8).reshape(4, 1, 8, 8)
    numbers = pixels.float() / 127.5 - 1
    packed, plain = (data.ImageData("a", each, None, (), jitter) for each in (pixels, numbers))
    assert torch.equal(packed.sample(9, seeded())[0], plain.sample(9, seeded())[0])
    assert torch.equal(torch.cat([*packed.pieces(3)]), numbers)
    assert packed.digest() != plain.digest()  # 담은 것이 다르면 지문도 다름
    assert pixels[3, 0, 7, 7] == 255


def blob(width: int, height: int, x: float, y: float) -> torch.Tensor:
    """`(x, y)` 화소에 놓인 번진 점."""
    across = torch.arange(width) + 0.5 - width / 2 - x
    down = torch.arange(height) + 0.5 - height / 2 - y
    ink = torch.exp(-(across.square()[None, :] + down.square()[:, None]) / 8)
    return (2 * ink - 1)[None, None]


def centroid(images: torch.Tensor) -> torch.Tensor:
    """가운데에서 잰 잉크의 무게 중심. 모양 `(B, 2)`, 단위 화소."""
    ink = (images[:, 0] + 1) / 2
    height, width = ink.shape[1:]
    x = (ink.sum(1) * (torch.arange(width) + 0.5 - width / 2)).sum(1)
    y = (ink.sum(2) * (torch.arange(height) + 0.5 - height / 2)).sum(1)
    return torch.stack([x, y], 1) / ink.sum((1, 2))[:, None]


def test_rotation_scale_shift_and_shear_stay_within_their_limits() -> None:
    dots, centre, high = (
        blob(64, 40, x, y).repeat(200, 1, 1, 1) for x, y in ((12, 0), (0, 0), (0, -10))
    )
    turned = centroid(data.Jitter(45, 0, 0, 0).apply(dots, seeded()))
    assert turned.norm(dim=1).sub(12).abs().max() < 0.3
    angles = torch.atan2(turned[:, 1], turned[:, 0]).rad2deg()
    assert -46 < angles.min() < -40 and 40 < angles.max() < 46
    scaled = centroid(data.Jitter(0, 0, 0.25, 0).apply(dots, seeded()))
    assert 8.7 < scaled[:, 0].min() < 9.5 and 14.5 < scaled[:, 0].max() < 15.3
    moved = centroid(data.Jitter(0, 0, 0, 0.1).apply(centre, seeded())).abs().amax(0)
    assert 6 < moved[0] < 6.5 and 3.7 < moved[1] < 4.1
    leaned = centroid(data.Jitter(0, 0.2, 0, 0).apply(high, seeded()))
    assert 1.8 < leaned[:, 0].abs().max() < 2.2
    assert leaned[:, 1].sub(-10).abs().max() < 0.1


def test_jitter_differs_for_every_image_and_keeps_the_ink_on_the_paper() -> None:
    """잘려 나간 글자가 없다면 가장자리 한 줄에는 잉크가 거의 없습니다."""
    glyphs = data.hangul("all")
    assert glyphs.jitter is not None
    shaken = glyphs.jitter.apply(glyphs.images[:1].repeat(32, 1, 1, 1), seeded())
    assert len(torch.unique(shaken.flatten(1), dim=0)) == 32
    images, _ = glyphs.sample(4000, seeded())
    assert -1 <= images.min() and images.max() <= 1
    edges = [images[..., 0, :], images[..., -1, :], images[..., 0], images[..., -1]]
    cut = torch.stack([edge.amax(-1) for edge in edges]).amax(0) > 0
    assert cut.float().mean() < 0.01


def test_ring_grid_and_moons_have_the_published_centers() -> None:
    from sklearn.datasets import make_moons

    turns = torch.arange(8) * math.pi / 4
    ring = torch.stack([turns.cos(), turns.sin()], 1)
    assert torch.allclose(data.ring().centers, ring, atol=1e-6)
    wanted = {(x, y) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)}
    assert {tuple(map(int, point)) for point in data.grid().centers.tolist()} == wanted
    assert data.grid(2, 3.0).centers.abs().unique().tolist() == [1.5]
    moons = make_moons(32, shuffle=False, noise=None)[0] - [0.5, 0.25]
    assert np.allclose(data.moons(radius=1.0).centers.numpy(), moons, atol=1e-6)


@pytest.mark.parametrize("mixture", [data.grid(), data.ring(3, 2.0, 0.3), data.moons(6, 2.0, 0.1)])
def test_mixture_samples_have_the_moments_of_the_mixture(mixture: data.MixtureData) -> None:
    count = 60_000
    points, labels = mixture.sample(count, seeded())
    assert labels is None and points.shape == (count, 2) and points.dtype == torch.float32
    means, sigma = mixture.centers.double(), mixture.sigma
    covariance = means.T @ means / len(means) + sigma**2 * torch.eye(2)  # 가운데가 원점
    assert torch.allclose(means.mean(0), torch.zeros(2).double(), atol=1e-6)
    error = covariance.diag().sqrt().max() / math.sqrt(count)
    assert points.double().mean(0).abs().max() < 5 * error
    spread = covariance.diag().max() / math.sqrt(count)
    assert (points.double().T.cov() - covariance).abs().max() < 8 * spread
    distances, nearest = torch.cdist(points, mixture.centers).min(1)
    if sigma < 0.1:  # 봉우리가 떨어져 있을 때만 제 봉우리가 가장 가까움
        counts = nearest.bincount(minlength=len(means)).double()
        share = count / len(means)
        assert (counts - share).abs().max() < 5 * math.sqrt(share)
        assert distances.square().mean().item() == pytest.approx(2 * sigma**2, rel=0.03)


IMAGES, LABELS, NAMES = torch.zeros(2, 1, 8, 8), torch.tensor([0, 1]), ("0", "1")


def test_digest_repeats_and_follows_every_setting() -> None:
    changed = IMAGES.clone()
    changed[1, 0, 7, 7] = 1e-6
    variants = [
        data.ImageData("a", IMAGES, LABELS, NAMES),
        data.ImageData("b", IMAGES, LABELS, NAMES),
        data.ImageData("a", changed, LABELS, NAMES),
        data.ImageData("a", IMAGES.reshape(2, 1, 4, 16), LABELS, NAMES),
        data.ImageData("a", IMAGES, LABELS.flip(0), NAMES),
        data.ImageData("a", IMAGES, LABELS, ("0", "2")),
        data.ImageData("a", IMAGES, None, ()),
        data.ImageData("a", IMAGES, LABELS, NAMES, data.Jitter()),
        data.ImageData("a", IMAGES, LABELS, NAMES, data.Jitter(shift=0.05)),
        data.ring(),
        data.ring(sigma=0.02),
        data.ring(9),
    ]
    assert len({variant.digest() for variant in variants}) == len(variants)
    assert data.hangul().digest() == data.hangul().digest() != data.hangul("held_out").digest()


@pytest.mark.parametrize(
    ("call", "kind", "problem"),
    [
        (lambda: data.ImageData("a", IMAGES[0], LABELS, NAMES), ValueError, "모양"),
        (
            lambda: data.ImageData("a", IMAGES.double(), LABELS, NAMES),
            ValueError,
            "float32나 uint8",
        ),
        (lambda: data.ImageData("a", IMAGES.char(), LABELS, NAMES), ValueError, "int8"),
        (lambda: data.ImageData("a", IMAGES[:0], LABELS, NAMES), ValueError, "모양"),
        (lambda: data.ImageData("a", IMAGES + 1.5, LABELS, NAMES), ValueError, "1.5"),
        (lambda: data.ImageData("a", IMAGES + math.nan, LABELS, NAMES), ValueError, "nan"),
        (lambda: data.ImageData("a", IMAGES, None, NAMES), ValueError, "함께"),
        (lambda: data.ImageData("a", IMAGES, LABELS, ()), ValueError, "함께"),
        (lambda: data.ImageData("a", IMAGES, LABELS + 1, NAMES), ValueError, "2 미만"),
        (lambda: data.ImageData("a", IMAGES, LABELS.double(), NAMES), ValueError, "int64"),
        (lambda: data.MixtureData("a", torch.zeros(3, 3), 0.1), ValueError, "centers.*받은 값"),
        (lambda: data.MixtureData("a", torch.ones(3, 2) / 0, 0.1), ValueError, "유한한 점"),
        (lambda: data.hangul("test"), ValueError, "train, held_out, all"),
        (lambda: data.hangul(height=7), ValueError, "height.*받은 값 7"),
        (lambda: data.hangul(jitter=1), TypeError, "True 또는 False"),
        (lambda: data.folder(".", channels=2), ValueError, "흑백.*받은 값 2"),
        (lambda: data.ring(0), ValueError, "modes"),
        (lambda: data.grid(0), ValueError, "side"),
        (lambda: data.ring(sigma=-1), ValueError, "sigma"),
        (lambda: data.moons(7), ValueError, "짝수.*7"),
        (lambda: data.grid(spacing=-2.0), ValueError, "spacing"),
        (lambda: data.Jitter(rotation=-1), ValueError, "rotation"),
        (lambda: data.Jitter(scale=1.0), ValueError, "scale"),
        (lambda: data.load("cifar"), ValueError, "hangul, digits, emoji, ring, grid, moons, mnist"),
        (lambda: data.ring().sample(0, seeded()), ValueError, "count"),
        (lambda: data.hangul().sample(2, None), TypeError, "torch.Generator.*NoneType"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    call: Callable[[], object], kind: type[Exception], problem: str
) -> None:
    with pytest.raises(kind, match=f"^.*{problem}.*$"):
        call()


def test_load_gives_each_data_set_by_name() -> None:
    for name in data.DATASETS.keys() - {"mnist", "fashion_mnist"}:  # 둘은 내려받는 테스트에서
        assert data.load(name).name == name

"""데이터: 모양, 범위, 되풀이, 나눔, 통계, 오류."""

from __future__ import annotations

import io
import math
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gan_docs import data
from gan_docs.data import glyphs as glyph_files


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


# --- 한글


@pytest.mark.parametrize(("width", "height"), [(28, 28), (8, 8), (20, 44), (57, 13), (80, 80)])
@pytest.mark.parametrize("part", ["train", "held_out"])
def test_hangul_has_any_size(part: str, width: int, height: int) -> None:
    glyphs = data.hangul(part, width, height)
    assert glyphs.images.shape[1:] == (1, height, width)
    assert (glyphs.width, glyphs.height, glyphs.channels, glyphs.classes) == (width, height, 1, 14)
    assert glyphs.images.dtype == torch.float32
    assert -1 <= glyphs.images.min() and glyphs.images.max() <= 1
    images, labels = glyphs.sample(5, seeded())
    assert images.shape == (5, 1, height, width) and images.dtype == torch.float32
    assert labels is not None and labels.shape == (5,) and labels.dtype == torch.int64


def test_hangul_ink_is_plus_one_and_paper_minus_one() -> None:
    images = data.hangul("all").images
    corners = images[:, 0, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert (corners < -0.99).all()
    assert (images.flatten(1).amax(1) > 0.2).all()
    assert (images.flatten(1).mean(1) < 0).all()


def test_hangul_keeps_the_proportions_of_the_glyph() -> None:
    square, wide = data.hangul(jitter=False).images, data.hangul(width=40, jitter=False).images
    assert torch.equal(wide[..., 6:34], square)
    assert (wide[..., :6] == -1).all() and (wide[..., 34:] == -1).all()


def test_hangul_parts_make_up_the_whole_and_show_every_syllable_equally_often() -> None:
    train, held_out, whole = (data.hangul(part) for part in ("train", "held_out", "all"))
    assert len(train.images) + len(held_out.images) == len(whole.images)
    seen = {image.numpy().tobytes() for image in train.images}
    assert not seen & {image.numpy().tobytes() for image in held_out.images}
    for part in (train, held_out, whole):
        assert part.labels is not None
        assert part.labels.unique().tolist() == [*range(14)]
        assert len(part.labels.bincount().unique()) == 1
        assert part.class_names == tuple("가나다라마바사아자차카타파하")


# --- 뽑기


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


# --- 흔들기


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


def test_no_jitter_is_the_identity() -> None:
    images = data.hangul().images[:40]
    still = data.Jitter(0, 0, 0, 0).apply(images, seeded())
    assert torch.allclose(still, images, atol=1e-5)


def test_rotation_keeps_distances_in_a_frame_that_is_not_square() -> None:
    dots = blob(64, 40, 12, 0).repeat(200, 1, 1, 1)
    places = centroid(data.Jitter(45, 0, 0, 0).apply(dots, seeded()))
    assert places.norm(dim=1).sub(12).abs().max() < 0.3
    angles = torch.atan2(places[:, 1], places[:, 0]).rad2deg()
    assert angles.abs().max() < 46 and angles.min() < -40 and angles.max() > 40


def test_scale_shift_and_shear_stay_within_their_limits() -> None:
    dots = blob(64, 40, 12, 0).repeat(200, 1, 1, 1)
    scaled = centroid(data.Jitter(0, 0, 0.25, 0).apply(dots, seeded()))
    assert scaled[:, 0].min() > 8.7 and scaled[:, 0].min() < 9.5
    assert scaled[:, 0].max() < 15.3 and scaled[:, 0].max() > 14.5
    centre = blob(64, 40, 0, 0).repeat(200, 1, 1, 1)
    moved = centroid(data.Jitter(0, 0, 0, 0.1).apply(centre, seeded())).abs().amax(0)
    assert 6 < moved[0] < 6.5 and 3.7 < moved[1] < 4.1
    high = blob(64, 40, 0, -10).repeat(200, 1, 1, 1)
    leaned = centroid(data.Jitter(0, 0.2, 0, 0).apply(high, seeded()))
    assert 1.8 < leaned[:, 0].abs().max() < 2.2
    assert leaned[:, 1].sub(-10).abs().max() < 0.1


def test_jitter_is_different_for_every_image_and_stays_in_range() -> None:
    glyphs = data.hangul()
    images = glyphs.images[:1].repeat(32, 1, 1, 1)
    assert glyphs.jitter is not None
    shaken = glyphs.jitter.apply(images, seeded())
    assert len(torch.unique(shaken.flatten(1), dim=0)) == 32
    assert -1 <= shaken.min() and shaken.max() <= 1


def test_jitter_keeps_the_ink_on_the_paper() -> None:
    """잘려 나간 글자가 없다면 가장자리 한 줄에는 잉크가 거의 없습니다."""
    images, _ = data.hangul("all").sample(4000, seeded())
    edges = [images[..., 0, :], images[..., -1, :], images[..., 0], images[..., -1]]
    cut = torch.stack([edge.amax(-1) for edge in edges]).amax(0) > 0
    assert cut.float().mean() < 0.01


# --- 숫자


def test_digits_at_their_native_size_are_the_originals() -> None:
    from sklearn.datasets import load_digits

    bunch, digits = load_digits(), data.digits(8, 8)
    assert np.array_equal((digits.images.numpy()[:, 0] + 1) * 8, bunch.images)
    assert digits.labels is not None and np.array_equal(digits.labels.numpy(), bunch.target)
    assert digits.class_names == tuple("0123456789")


@pytest.mark.parametrize(("width", "height"), [(28, 28), (8, 9), (40, 24)])
def test_digits_enlarge_to_any_size(width: int, height: int) -> None:
    digits = data.digits(width, height)
    assert digits.images.shape == (1797, 1, height, width)
    assert digits.images.min() == -1 and digits.images.max() > 0.99


def test_enlarged_digits_shrink_back_to_the_originals() -> None:
    large = torch.nn.functional.adaptive_avg_pool2d(data.digits(80, 80).images[..., 8:72, 8:72], 8)
    small = data.digits(8, 8).images
    pairs = zip(large.flatten(1), small.flatten(1), strict=True)
    likeness = torch.stack([torch.corrcoef(torch.stack(pair))[0, 1] for pair in pairs])
    assert likeness.min() > 0.9


# --- 2차원 섞음


def test_ring_has_eight_different_modes() -> None:
    centers = data.ring().centers
    assert centers.shape == (8, 2)
    distances = torch.cdist(centers, centers) + 9 * torch.eye(8)
    assert torch.allclose(distances.amin(1), torch.tensor(2 * math.sin(math.pi / 8)), atol=1e-6)
    assert torch.allclose(centers.norm(dim=1), torch.tensor(1.0))


def test_grid_is_the_published_one() -> None:
    wanted = {(x, y) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)}
    assert {tuple(map(int, point)) for point in data.grid().centers.tolist()} == wanted
    assert data.grid(1).centers.tolist() == [[0, 0]]
    assert data.grid(2, 3.0).centers.abs().unique().tolist() == [1.5]


def test_moons_are_two_interleaved_half_circles() -> None:
    from sklearn.datasets import make_moons

    wanted = make_moons(32, shuffle=False, noise=None)[0] - [0.5, 0.25]
    assert np.allclose(data.moons(radius=1.0).centers.numpy(), wanted, atol=1e-6)
    centers = data.moons().centers
    assert torch.allclose(centers.mean(0), torch.zeros(2), atol=1e-6)
    assert torch.allclose(centers[:16], -centers[16:])


@pytest.mark.parametrize(
    "mixture", [data.ring(), data.grid(), data.ring(3, 2.0, 0.3), data.moons(6, 2.0, 0.1)]
)
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


# --- 지문


def test_digest_repeats_and_follows_every_setting() -> None:
    images = torch.zeros(2, 1, 8, 8)
    labels = torch.tensor([0, 1])
    changed = images.clone()
    changed[1, 0, 7, 7] = 1e-6
    variants = [
        data.ImageData("a", images, labels, ("0", "1")),
        data.ImageData("b", images, labels, ("0", "1")),
        data.ImageData("a", changed, labels, ("0", "1")),
        data.ImageData("a", images.reshape(2, 1, 4, 16), labels, ("0", "1")),
        data.ImageData("a", images, labels.flip(0), ("0", "1")),
        data.ImageData("a", images, labels, ("0", "2")),
        data.ImageData("a", images, None, ()),
        data.ImageData("a", images, labels, ("0", "1"), data.Jitter()),
        data.ImageData("a", images, labels, ("0", "1"), data.Jitter(shift=0.05)),
        data.ring(),
        data.ring(sigma=0.02),
        data.ring(9),
        data.grid(),
    ]
    assert len({variant.digest() for variant in variants}) == len(variants)
    assert data.hangul().digest() == data.hangul().digest() != data.hangul("held_out").digest()


# --- 여러분의 폴더


def save(path: Path, colour: object, mode: str = "RGB", size: tuple[int, int] = (20, 10)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path)  # type: ignore[arg-type]


def test_folder_without_subfolders_has_no_labels(tmp_path: Path) -> None:
    save(tmp_path / "b.png", (255, 255, 255))
    save(tmp_path / "a.JPG", (0, 0, 0))
    (tmp_path / "notes.txt").write_text("그림이 아님")
    (tmp_path / ".hidden.png").write_text("그림이 아님")
    read = data.folder(tmp_path, 12, 9)
    assert read.labels is None and read.classes == 0 and read.name == tmp_path.name
    assert read.images.shape == (2, 1, 9, 12)
    assert read.images[0].max() == -1 and read.images[1].min() == 1  # 이름순


def test_subfolders_become_classes(tmp_path: Path) -> None:
    for name, count in (("나", 2), ("가", 1), ("다", 3)):
        for number in range(count):
            save(tmp_path / name / f"{number}.png", (255, 0, 0))
    (tmp_path / "__MACOSX").mkdir()
    read = data.folder(tmp_path, channels=3)
    assert read.class_names == ("가", "나", "다")
    assert read.labels is not None and read.labels.tolist() == [0, 1, 1, 2, 2, 2]
    assert read.images[0, :, 0, 0].tolist() == [1, -1, -1]
    assert data.folder(tmp_path / "가").labels is None
    for name in ("가", "다"):
        shutil.rmtree(tmp_path / name)
    assert data.folder(tmp_path).labels is None  # 하위 폴더 하나는 종류가 아님


def test_folder_crops_the_middle_and_keeps_proportions(tmp_path: Path) -> None:
    image = Image.new("L", (40, 20), 0)
    image.paste(255, (10, 0, 30, 20))  # 가운데 정사각형만 흰색
    image.save(tmp_path / "a.png")
    assert data.folder(tmp_path, 20, 20).images.min() > 0.9


def test_folder_reads_transparency_sixteen_bits_palettes_and_orientation(tmp_path: Path) -> None:
    save(tmp_path / "1.png", (0, 0, 0, 0), "RGBA")
    Image.fromarray(np.full((10, 10), 40_000, np.uint16)).save(tmp_path / "2.png")
    save(tmp_path / "3.gif", 0, "P")
    turned = Image.new("RGB", (20, 10), "black")
    turned.paste("white", (0, 0, 10, 10))
    exif = Image.Exif()
    exif[0x0112] = 6  # 시계 방향으로 90도 돌려 보라는 표시
    turned.save(tmp_path / "4.jpg", exif=exif, quality=95)
    clear, deep, palette, upright = data.folder(tmp_path, 10, 20).images[:, 0]
    assert (clear == 1).all()
    assert deep.mean().item() == pytest.approx(2 * (40_000 / 65_536) - 1, abs=0.01)
    assert (palette == -1).all()
    assert upright[:8].mean() > 0.9 and upright[-8:].mean() < -0.9


def test_folder_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="이미지 폴더가 없습니다"):
        data.folder(tmp_path / "없음")
    with pytest.raises(ValueError, match="이미지가 없습니다"):
        data.folder(tmp_path)
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    with pytest.raises(ValueError, match=r"읽을 수 없습니다: .*a\.png"):
        data.folder(tmp_path)
    with pytest.raises(NotADirectoryError, match="파일입니다"):
        data.folder(tmp_path / "a.png")
    save(tmp_path / "가" / "b.png", (0, 0, 0))
    with pytest.raises(ValueError, match="섞여 있습니다"):
        data.folder(tmp_path)
    (tmp_path / "a.png").unlink()
    (tmp_path / "나").mkdir()
    with pytest.raises(ValueError, match="나에 이미지가 없습니다"):
        data.folder(tmp_path)


# --- 잘못된 값


def image_data(**changes: object) -> data.ImageData:
    values: dict[str, object] = {
        "name": "a",
        "images": torch.zeros(2, 1, 8, 8),
        "labels": torch.tensor([0, 1]),
        "class_names": ("0", "1"),
    }
    return data.ImageData(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"images": torch.zeros(2, 8, 8)}, "모양"),
        ({"images": torch.zeros(2, 1, 8, 8).double()}, "float32"),
        ({"images": torch.zeros(0, 1, 8, 8)}, "모양"),
        ({"images": torch.full((2, 1, 8, 8), 1.5)}, "1.5"),
        ({"images": torch.full((2, 1, 8, 8), math.nan)}, "nan"),
        ({"labels": None}, "함께"),
        ({"class_names": ()}, "함께"),
        ({"labels": torch.tensor([0, 2])}, "2 미만"),
        ({"labels": torch.tensor([-1, 0])}, "0 이상"),
        ({"labels": torch.tensor([0, 1, 1])}, "모양"),
        ({"labels": torch.tensor([0.0, 1.0])}, "int64"),
    ],
)
def test_image_data_refuses_what_training_could_not_use(
    changes: dict[str, object], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        image_data(**changes)


@pytest.mark.parametrize(
    ("centers", "sigma", "kind"),
    [
        (torch.zeros(3, 3), 0.1, ValueError),
        (torch.zeros(3), 0.1, ValueError),
        (torch.zeros(0, 2), 0.1, ValueError),
        (torch.zeros(3, 2).double(), 0.1, ValueError),
        (torch.full((3, 2), math.inf), 0.1, ValueError),
        (torch.zeros(3, 2), -0.1, ValueError),
        (torch.zeros(3, 2), "0.1", TypeError),
    ],
)
def test_mixture_data_refuses_wrong_values(
    centers: torch.Tensor, sigma: float, kind: type[Exception]
) -> None:
    with pytest.raises(kind, match=r"받은 값|유한한 점"):
        data.MixtureData("a", centers, sigma)


@pytest.mark.parametrize(
    ("call", "kind", "problem"),
    [
        (lambda: data.hangul("test"), ValueError, "train, held_out, all"),
        (lambda: data.hangul(height=7), ValueError, "height.*받은 값 7"),
        (lambda: data.digits(width=7), ValueError, "width.*받은 값 7"),
        (lambda: data.hangul(jitter=1), TypeError, "True 또는 False"),
        (lambda: data.folder(".", channels=2), ValueError, "1\\(흑백\\) 또는 3\\(색\\)"),
        (lambda: data.ring(0), ValueError, "modes"),
        (lambda: data.ring(radius=0), ValueError, "radius"),
        (lambda: data.grid(0), ValueError, "side"),
        (lambda: data.moons(7), ValueError, "짝수.*7"),
        (lambda: data.moons(radius=-1), ValueError, "radius"),
        (lambda: data.grid(spacing=-2.0), ValueError, "spacing"),
        (lambda: data.Jitter(rotation=-1), ValueError, "rotation"),
        (lambda: data.Jitter(scale=1.0), ValueError, "scale"),
        (lambda: data.load("cifar"), ValueError, "hangul, digits, ring, grid, moons, mnist"),
        (lambda: data.mnist("/tmp", part="test"), ValueError, "train, held_out, all"),
        (lambda: data.ring().sample(0, seeded()), ValueError, "count"),
        (lambda: data.ring().sample(2, 0), TypeError, "torch.Generator.*int"),
        (lambda: data.hangul().sample(2, None), TypeError, "torch.Generator.*NoneType"),
    ],
)
def test_wrong_arguments_get_a_korean_line(
    call: object, kind: type[Exception], problem: str
) -> None:
    with pytest.raises(kind, match=problem) as caught:
        call()  # type: ignore[operator]
    message = str(caught.value)
    assert "\n" not in message and any("가" <= letter <= "힣" for letter in message)


def test_load_gives_each_data_set_by_name() -> None:
    for name in data.DATASETS.keys() - {"mnist", "fashion_mnist"}:  # 둘은 내려받는 테스트에서
        assert data.load(name).name == name


# --- 깨진 글자 파일


def test_a_truncated_or_altered_glyph_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = glyph_files.HANGUL_FILE.read_bytes()
    copy = tmp_path / "hangul.npz"
    monkeypatch.setattr(glyph_files, "HANGUL_FILE", copy)
    with pytest.raises(FileNotFoundError, match="글자 파일이 없습니다"):
        data.hangul()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    for content in (whole[: len(whole) // 2], whole[:-40], bytes(flipped), b"", b"PK"):
        copy.write_bytes(content)
        with pytest.raises(ValueError, match="글자 파일이 깨졌습니다"):
            data.hangul()
    with zipfile.ZipFile(copy, "w") as empty:
        empty.writestr("other.npy", b"")
    with pytest.raises(ValueError, match="글자 파일이 깨졌습니다"):
        data.hangul()
    with np.load(io.BytesIO(whole)) as archive:
        arrays = dict(archive)
    np.savez(copy, **(arrays | {"syllables": arrays["syllables"][::-1]}))
    with pytest.raises(ValueError, match="글자 파일의 글자가 다릅니다"):
        data.hangul()
    copy.write_bytes(whole)
    assert len(data.hangul().images)

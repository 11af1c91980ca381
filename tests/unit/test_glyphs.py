"""글자: 한글과 숫자의 모양과 범위, 학습용과 평가용의 나눔, 깨진 글자 파일."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from spoiled import flipped

from gan_docs import data
from gan_docs.data import glyphs


@pytest.mark.parametrize(("width", "height"), [(8, 8), (20, 44), (40, 27)])
def test_letters_have_any_size(width: int, height: int) -> None:
    for letters, classes in (
        (data.hangul("held_out", width, height), 14),
        (data.digits(width, height), 10),
    ):
        assert letters.images.shape[1:] == (1, height, width)
        assert (letters.width, letters.height, letters.channels) == (width, height, 1)
        assert letters.classes == classes and letters.images.dtype == torch.float32
        assert letters.images.min() == -1 and 0.99 < letters.images.max() <= 1
        images, labels = letters.sample(5, torch.Generator())
        assert images.shape == (5, 1, height, width) and images.dtype == torch.float32
        assert labels is not None and labels.shape == (5,) and labels.dtype == torch.int64


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


def test_digits_are_the_originals_and_shrink_back_to_them() -> None:
    from sklearn.datasets import load_digits

    bunch, digits = load_digits(), data.digits(8, 8)
    assert np.array_equal((digits.images.numpy()[:, 0] + 1) * 8, bunch.images)
    assert digits.labels is not None and np.array_equal(digits.labels.numpy(), bunch.target)
    assert digits.class_names == tuple("0123456789")
    large = torch.nn.functional.adaptive_avg_pool2d(data.digits(80, 80).images[..., 8:72, 8:72], 8)
    pairs = zip(large.flatten(1), digits.images.flatten(1), strict=True)
    assert min(torch.corrcoef(torch.stack(pair))[0, 1] for pair in pairs) > 0.9


def test_a_missing_an_altered_or_another_glyph_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = glyphs.HANGUL_FILE.read_bytes()
    copy = tmp_path / "hangul.npz"
    monkeypatch.setattr(glyphs, "HANGUL_FILE", copy)
    with pytest.raises(FileNotFoundError, match="데이터 파일이 없습니다"):
        data.hangul()
    middle = len(whole) // 2
    empty = io.BytesIO()
    np.savez(empty, other=0)
    spoiled = flipped(whole, middle), whole[:middle], whole[:-40], b"", b"PK", empty.getvalue()
    for content in spoiled:
        copy.write_bytes(content)
        with pytest.raises(ValueError, match="데이터 파일이 깨졌습니다"):
            data.hangul()
    with np.load(io.BytesIO(whole)) as archive:
        arrays = dict(archive)
    np.savez(copy, **(arrays | {"syllables": arrays["syllables"][::-1]}))
    with pytest.raises(ValueError, match="글자 파일의 글자가 다릅니다"):
        data.hangul()

"""여러분의 이미지 폴더: 종류, 크기, 색의 여러 꼴. 깨진 파일은 `tests/FAULTS.md`가 봅니다."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from unicodedata import normalize

import numpy as np
import pytest
import torch
from PIL import Image

from gan_docs import data
from gan_docs.data import folders


def save(path: Path, colour: object, mode: str = "RGB", size: tuple[int, int] = (20, 10)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path)  # type: ignore[arg-type]


def seen(read: data.ImageData) -> torch.Tensor:
    """뽑을 때의 값: 검정이 -1, 흰색이 +1."""
    return read.at(slice(None))


def test_folder_without_subfolders_has_no_labels(tmp_path: Path) -> None:
    save(tmp_path / "b.png", (255, 255, 255))
    save(tmp_path / "a.JPG", (0, 0, 0))
    (tmp_path / "notes.txt").write_text("그림이 아님")
    (tmp_path / ".hidden.png").write_text("그림이 아님")
    read = data.folder(tmp_path, 12, 9)
    assert read.labels is None and read.classes == 0 and read.name == tmp_path.name
    assert read.images.shape == (2, 1, 9, 12)
    assert seen(read)[0].max() == -1 and seen(read)[1].min() == 1  # 이름순


def test_subfolders_become_classes(tmp_path: Path) -> None:
    for name, count in (("나", 2), ("가", 1), ("다", 3)):
        for number in range(count):
            save(tmp_path / name / f"{number}.png", (255, 0, 0))
    (tmp_path / "__MACOSX").mkdir()
    read = data.folder(tmp_path, channels=3)
    assert read.class_names == ("가", "나", "다")
    assert read.labels is not None and read.labels.tolist() == [0, 1, 1, 2, 2, 2]
    assert seen(read)[0, :, 0, 0].tolist() == [1, -1, -1]
    assert data.folder(tmp_path / "가").labels is None
    for name in ("가", "다"):
        shutil.rmtree(tmp_path / name)
    assert data.folder(tmp_path).labels is None  # 하위 폴더 하나는 종류가 아님


def test_folder_crops_the_middle_and_keeps_proportions(tmp_path: Path) -> None:
    image = Image.new("L", (40, 20), 0)
    image.paste(255, (10, 0, 30, 20))  # 가운데 정사각형만 흰색
    image.save(tmp_path / "a.png")
    assert seen(data.folder(tmp_path, 20, 20)).min() > 0.9


def test_folder_reads_transparency_sixteen_bits_palettes_and_orientation(tmp_path: Path) -> None:
    save(tmp_path / "1.png", (0, 0, 0, 0), "RGBA")
    Image.fromarray(np.full((10, 10), 40_000, np.uint16)).save(tmp_path / "2.png")
    save(tmp_path / "3.gif", 0, "P")
    turned = Image.new("RGB", (20, 10), "black")
    turned.paste("white", (0, 0, 10, 10))
    exif = Image.Exif()
    exif[0x0112] = 6  # 시계 방향으로 90도 돌려 보라는 표시
    turned.save(tmp_path / "4.jpg", exif=exif, quality=95)
    clear, deep, palette, upright = seen(data.folder(tmp_path, 10, 20))[:, 0]
    assert (clear == 1).all()
    assert deep.mean().item() == pytest.approx(2 * (40_000 / 65_536) - 1, abs=0.01)
    assert (palette == -1).all()
    assert upright[:8].mean() > 0.9 and upright[-8:].mean() < -0.9


def test_a_missing_a_mixed_and_a_half_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="이미지 폴더가 없습니다"):
        data.folder(tmp_path / "없음")
    save(tmp_path / "a.png", (0, 0, 0))
    save(tmp_path / "가" / "b.png", (0, 0, 0))
    with pytest.raises(ValueError, match="섞여 있습니다"):
        data.folder(tmp_path)
    (tmp_path / "a.png").unlink()
    (tmp_path / "나").mkdir()
    with pytest.raises(ValueError, match="나에 이미지가 없습니다"):
        data.folder(tmp_path)
    (tmp_path / "나" / "b.png").symlink_to(tmp_path / "옮긴 자리" / "b.png")
    with pytest.raises(ValueError, match=r"나에 이미지가 없습니다\(건너뛴 것: 끊긴 링크 1개\)"):
        data.folder(tmp_path)
    (tmp_path / "나" / "test").mkdir()
    with pytest.raises(ValueError, match=r"하위 폴더 1개.*그 바로 위의 폴더를 고르세요$"):
        data.folder(tmp_path)
    if sys.platform == "linux":  # 다른 체제의 디스크에는 이런 이름이 없음
        raw = tmp_path / "\udcb3\udcaa"  # CP949로 적은 '나'를 그대로 푼 것
        (tmp_path / "나").rename(raw)
        for place in (tmp_path, raw):
            with pytest.raises(ValueError, match=r"UTF-8이 아닙니다.*\\udcb3\\udcaa'"):
                data.folder(place)


def test_what_was_read_and_left_out_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for group in ("가", "나"):
        save(tmp_path / group / "a.jfif.png", (0, 0, 0))
        save(tmp_path / group / "b.jpeg", (0, 0, 0))
        (tmp_path / group / "b.jpeg").rename(tmp_path / group / "b.jfif")
        (tmp_path / group / "c.HEIC").touch()
        (tmp_path / group / "d").touch()
        (tmp_path / group / "더 깊은 곳").mkdir()
    for system in ("@eaDir", "$RECYCLE.BIN", "@Recycle", "RECYCLER", "Temporary Items"):
        save(tmp_path / system / "a.png", (0, 0, 0))
    for system in ("Thumbs.db", "Icon\r", "._a.png"):
        (tmp_path / "가" / system).touch()
    read = data.folder(tmp_path, 16, 16, 3)
    assert read.class_names == ("가", "나") and len(read.images) == 4
    assert capsys.readouterr().out == (
        f"{tmp_path.name}: 이미지 4장 2종류를 16×16 컬러로 읽었습니다. "
        "건너뛴 것: .heic 2개, 하위 폴더 2개, 확장자 없음 2개.\n"
    )
    (tmp_path / "가" / "더 깊은 곳").rmdir()
    data.folder(tmp_path / "가", 16, 16)
    assert "이미지 2장을 16×16 흑백으로 읽었습니다" in capsys.readouterr().out


@pytest.mark.parametrize(("written", "asked"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_a_name_is_the_same_in_either_form(tmp_path: Path, written: str, asked: str) -> None:
    for group in ("강아지", "고양이"):
        save(tmp_path / normalize(written, "사진첩") / normalize(written, group) / "a.png", 0, "L")
    read = data.folder(tmp_path / normalize(asked, "사진첩"))
    assert (read.name, read.class_names) == ("사진첩", ("강아지", "고양이"))
    save(tmp_path / normalize(written, "사진첩") / normalize(asked, "강아지") / "a.png", 0, "L")
    with pytest.raises(ValueError, match="이름이 같은 종류가 둘입니다: 강아지"):
        data.folder(tmp_path / "사진첩")


@pytest.mark.parametrize(
    ("value", "kind"), [(0.5, np.float32), (40_000, np.float32), (200, np.int32)]
)
def test_pixels_of_an_unknown_range_are_refused_by_name(
    value: float, kind: type[np.generic], tmp_path: Path
) -> None:
    Image.fromarray(np.full((9, 9), value, kind)).save(tmp_path / "a.tif")
    with pytest.raises(ValueError, match=r"8비트나 16비트.*a\.tif"):
        data.folder(tmp_path)


def test_a_clear_grey_of_sixteen_bits_lies_on_paper(tmp_path: Path) -> None:
    pixels = np.full((10, 10), 300, np.uint16)
    pixels[:, 5:] = 65_535
    Image.fromarray(pixels).save(tmp_path / "a.png", transparency=300)
    assert seen(data.folder(tmp_path, 10, 10)).min() == 1
    Image.fromarray(pixels).save(tmp_path / "a.png")
    assert seen(data.folder(tmp_path, 10, 10)).min() < -0.9


def test_a_flaw_that_the_library_tells_in_english_is_told_in_one_korean_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path / "a.jpg", (255, 0, 0))
    whole = (tmp_path / "a.jpg").read_bytes()
    cut = b"\xff\xe1\x00\x14Exif\0\0II*\0\x08\0\0\0\x05\0\x01\x01"  # 항목이 다섯이라면서 끊김
    data.folder(tmp_path)
    assert not capsys.readouterr().err
    (tmp_path / "a.jpg").write_bytes(whole[:2] + cut + whole[2:])
    data.folder(tmp_path)  # 라이브러리의 영어 경고가 새면 실패함
    told = capsys.readouterr().err
    assert told == f"{tmp_path / 'a.jpg'}: 흠이 있는 곳을 건너뛰고 읽었습니다\n"


def test_a_large_picture_is_told_in_korean_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path / "a.png", (0, 0, 0), size=(60, 60))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 3000)
    data.folder(tmp_path, 8, 8)
    told = capsys.readouterr().err
    assert told == f"{tmp_path / 'a.png'}: 화소가 3,600개라 메모리를 많이 씁니다\n"
    save(tmp_path / "a.png", (0, 0, 0), size=(54, 54))
    data.folder(tmp_path, 8, 8)
    assert not capsys.readouterr().err
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(ValueError, match=r"너무 큽니다\. 화소가 2,000개를 넘지 않게.*a\.png"):
        data.folder(tmp_path, 8, 8)


def test_a_large_photograph_is_shrunk_as_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """JPEG은 펼치면서 줄입니다. 크다는 알림은 펼친 뒤에도 클 때만 합니다."""
    shade = np.tile(np.linspace(0, 255, 3000, dtype=np.uint8), (2000, 1))
    Image.fromarray(shade).convert("RGB").save(tmp_path / "a.jpg", quality=95)
    sizes = []
    whole = folders.on_paper

    def spied(image: Image.Image, path: Path) -> Image.Image:
        sizes.append(image.size)
        return whole(image, path)

    monkeypatch.setattr(folders, "on_paper", spied)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 4_000_000)
    read = data.folder(tmp_path, 16, 16)
    assert sizes == [(375, 250)] and not capsys.readouterr().err
    ramp = seen(read)[0, 0].mean(0)  # 가운데 정사각형의 밝기: 6분의 1에서 6분의 5까지
    wanted = 2 * (torch.linspace(0, 1, 49)[9:41].unfold(0, 2, 2).mean(1)) - 1
    assert (ramp - wanted).abs().max() < 0.03


def test_progress_is_shown_when_reading_takes_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        save(tmp_path / f"{number}.png", (0, 0, 0))
    data.folder(tmp_path)
    assert not capsys.readouterr().err
    monkeypatch.setattr(folders, "PATIENCE", 0.0)
    data.folder(tmp_path)
    shown = capsys.readouterr().err
    assert "읽기" in shown and "3/3" in shown and "장/s" in shown


MEASURED = """
import sys
from pathlib import Path
import torch
from gan_docs import data
from gan_docs.data import folders

def kilobytes(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(field)))

data.folder(sys.argv[1], 8, 8)  # 늦게 부르는 모듈까지 읽어 둠
whole = folders.read_images
before = kilobytes("VmRSS")
for read in (whole, lambda *given: whole(*given).float().div_(127.5).sub_(1)):  # 심은 흠은 float32
    folders.read_images = read
    photos = data.folder(sys.argv[2], 128, 128, 3)
    photos.digest()
    photos.sample(64, torch.Generator())
    print("배수", 1024 * (kilobytes("VmHWM") - before) / photos.images[:].numel())
    del photos
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="메모리를 /proc에서 읽음")
def test_memory_stays_near_the_bytes_of_the_pictures(tmp_path: Path) -> None:
    """읽고, 지문을 내고, 뽑는 동안의 가장 큰 메모리를 화소의 바이트로 나눕니다."""
    one, many = tmp_path / "one", tmp_path / "many"
    save(one / "a.png", (9, 200, 70), size=(160, 120))
    many.mkdir()
    for number in range(1500):
        os.link(one / "a.png", many / f"{number}.png")
    command = [sys.executable, "-c", MEASURED, str(one), str(many)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    ratio, flawed = (float(each) for each in re.findall("배수 (.*)", done.stdout))
    assert ratio < 1.3 and flawed > 3, (ratio, flawed)

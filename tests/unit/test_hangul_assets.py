"""꾸러미에 든 글자와 글꼴: 나눔, 허가, 크기, 그리고 다시 만드는 도구."""

import fnmatch
import sys
import tarfile
import tomllib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from gan_docs import data

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "gan_docs" / "assets"
SYLLABLES = "가나다라마바사아자차카타파하"


@pytest.fixture(scope="module")
def archive() -> dict[str, np.ndarray]:
    with np.load(ASSETS / "hangul.npz", allow_pickle=False) as file:
        return dict(file)


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """tools/make_hangul.py를 모듈로 부릅니다."""
    monkeypatch.syspath_prepend(ROOT / "tools")
    import make_hangul

    return make_hangul


def unpacked(archive: dict[str, np.ndarray]) -> np.ndarray:
    packed = archive["glyphs"]
    return np.stack([packed >> 4, packed & 15], -1).reshape(*packed.shape[:-1], -1)


def test_no_two_faces_are_the_same_drawing(archive: dict[str, np.ndarray]) -> None:
    ink = unpacked(archive).astype(float).reshape(len(archive["faces"]), -1)
    ink = ink / np.linalg.norm(ink, axis=1, keepdims=True)
    likeness = ink @ ink.T - np.eye(len(ink))
    assert likeness.max() < 0.98, "이름만 다른 같은 글꼴"
    parts = np.ix_(archive["held_out"], ~archive["held_out"])
    assert likeness[parts].max() < 0.955, "평가용 글꼴이 학습용 글꼴과 너무 닮음"


def test_every_glyph_is_centred_and_sized_by_its_ink_within_the_margin(
    archive: dict[str, np.ndarray],
) -> None:
    glyphs = unpacked(archive).astype(float)
    size = glyphs.shape[-1]
    assert glyphs.shape[1:] == (14, size, size) and glyphs.max() == 15
    assert not glyphs[..., :1, :].any() and not glyphs[..., -1:, :].any()
    assert not glyphs[..., :1].any() and not glyphs[..., -1:].any()
    middle = np.arange(size) + 0.5 - size / 2
    mass = glyphs.sum((2, 3))
    across = (glyphs.sum(2) @ middle) / mass
    down = (glyphs.sum(3) @ middle) / mass
    assert np.abs(down).max() < 1 and np.median(np.abs(across)) < 0.3
    assert np.abs(across).max() < size / 8  # 여백을 지키느라 옮긴 글자만
    assert mass.min() > 0.02 * 15 * size**2, "머리카락처럼 가는 글꼴"


@pytest.mark.parametrize("part", ["train", "held_out", "all"])
def test_the_package_reads_the_pixels_of_its_part(
    archive: dict[str, np.ndarray], part: str
) -> None:
    chosen = archive["held_out"] == (part == "held_out") if part != "all" else slice(None)
    wanted = unpacked(archive)[chosen].reshape(-1, 1, 56, 56).astype(np.float32) / 15 * 2 - 1
    read = data.hangul(part, 56, 56, jitter=False)
    assert np.allclose(read.images.numpy(), wanted, atol=1e-6)


def test_labels_name_the_syllable_that_is_drawn() -> None:
    """Pillow로 따로 그린 글자와 가장 닮은 이미지가 그 글자의 이름표를 달았는지 봅니다."""
    train = data.hangul("train", 56, 56, jitter=False)
    assert train.labels is not None
    ink = (train.images.flatten(1).numpy() + 1) / 2
    ink /= np.linalg.norm(ink, axis=1, keepdims=True)
    for label, syllable in enumerate(train.class_names):
        likeness = np.stack([ink @ drawn(syllable, size) for size in range(40, 54)])
        nearest = np.unravel_index(likeness.argmax(), likeness.shape)[1]
        assert train.labels[nearest] == label and likeness.max() > 0.85, syllable


def drawn(syllable: str, size: int) -> np.ndarray:
    """무게 중심을 가운데에 두고 그린 글자. 모양 `(56 * 56,)`, 길이 1."""
    font = ImageFont.truetype(ASSETS / "gan-docs-sans.otf", size)
    paper = Image.new("L", (56, 56), 0)
    ImageDraw.Draw(paper).text((28, 28), syllable, fill=255, font=font, anchor="mm")
    ink = np.asarray(paper, float)
    middle = np.arange(56) - 27.5
    shift = [-round(float(ink.sum(axis) @ middle / ink.sum())) for axis in (1, 0)]
    return (np.roll(ink, shift, (0, 1)) / np.linalg.norm(ink)).ravel()


def test_the_notice_names_every_face_with_owner_and_package(
    archive: dict[str, np.ndarray],
) -> None:
    lines = (ASSETS / "NOTICE.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "| " in line]
    listed = {row[0]: row for row in rows if row[0] not in ("글꼴", "---")}
    assert set(listed) == set(archive["faces"].tolist())
    for name, held_out in zip(archive["faces"], archive["held_out"], strict=True):
        _, part, package, owner = listed[name]
        assert part == ("평가" if held_out else "학습")
        assert len(package.split()) == 2 and len(owner) > 4
    text = "\n".join(lines)
    assert f"글꼴 {len(listed)}벌({len(set(archive['families']))}갈래)" in text
    assert "GAN Docs Sans" in text and "Reserved Font Name Pretendard" in text


def test_the_wheel_takes_the_assets_with_their_notice() -> None:
    licence = (ASSETS / "OFL.txt").read_text(encoding="ascii")
    assert "SIL OPEN FONT LICENSE Version 1.1 - 26 February 2007" in licence
    assert licence.rstrip().endswith("OTHER DEALINGS IN THE FONT SOFTWARE.")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["gan_docs"]
    sizes = {"hangul.npz": 350_000, "gan-docs-sans.otf": 700_000, "emoji.npz": 600_000}
    sizes |= dict.fromkeys(("NOTICE.md", "EMOJI.md", "Apache-2.0.txt"), 30_000)
    for name, most in sizes.items():
        assert (ASSETS / name).stat().st_size <= most
        assert any(fnmatch.fnmatch(f"assets/{name}", pattern) for pattern in patterns)
    files = settings["project"]["license-files"]
    assert {"gan_docs/assets/NOTICE.md", "gan_docs/assets/EMOJI.md"} <= set(files)
    licences = settings["project"]["license"].split(" AND ")
    assert {"OFL-1.1", "Apache-2.0", "CC-BY-4.0"} <= set(licences)


def test_the_font_has_its_own_name_and_every_common_syllable() -> None:
    with TTFont(ASSETS / "gan-docs-sans.otf") as font:
        names = {record.nameID: str(record) for record in font["name"].names}
        letters = set(font.getBestCmap())
        assert all("Pretendard" not in names[number] for number in (1, 3, 4, 6))
        assert names[1] == "GAN Docs Sans" and "Open Font License" in names[13]
        assert "Kil Hyung-jin" in names[0]
        assert "Pretendard" not in " ".join(font["CFF "].cff.fontNames)
    rows = (bytes([row, cell]) for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF))
    syllables = {ord(code.decode("euc_kr")) for code in rows}
    assert len(syllables) == 2350 and syllables <= letters
    assert {*map(ord, "AZaz09 γσαβθμπΔΣ×–·→←\u2212≤≥∞²₁ㄱㅎ①■●◆%‖")} <= letters


def test_the_table_of_faces_is_the_one_in_the_file(
    maker: ModuleType, archive: dict[str, np.ndarray]
) -> None:
    rows = [
        (f"{family.name} {weight}", family.name, family.held_out)
        for family in maker.FAMILIES
        for weight in family.faces
    ]
    faces = zip(archive["faces"], archive["families"], archive["held_out"], strict=True)
    assert rows == [(str(name), str(family), bool(part)) for name, family, part in faces]
    locations = [place for family in maker.FAMILIES for place in family.faces.values()]
    assert len(set(locations)) == len(locations)
    assert len({family.name for family in maker.FAMILIES}) == len(maker.FAMILIES)
    assert {place.partition(":")[0] for place in locations} == set(maker.VERSIONS)


def test_the_tool_gives_the_same_bytes_again_and_sees_a_stale_file(
    maker: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """글꼴 두 벌만 아는 도구: 하나는 데비안의 폴더에, 하나는 npm의 묶음에."""
    with TTFont(ASSETS / "gan-docs-sans.otf") as font:
        font["name"].setName("Copyright 2024\nTiny Authors", 0, 3, 1, 0x409)
        font.save(tmp_path / "Tiny.ttf")
    with tarfile.open(tmp_path / "maker-tiny-1.0.0.tgz", "w:gz") as package:
        package.add(tmp_path / "Tiny.ttf", "package/files/tiny.ttf")
    families = (
        maker.Family("Tiny", {"Regular": "fonts-tiny:Tiny.ttf"}),
        maker.Family("Other", {"400": "@maker/tiny:files/tiny.ttf"}, held_out=True),
    )
    monkeypatch.setattr(maker, "FAMILIES", families)
    monkeypatch.setitem(maker.DEBIAN_FOLDERS, "fonts-tiny", ".")
    monkeypatch.setitem(maker.VERSIONS, "fonts-tiny", "1.0-1")
    monkeypatch.setitem(maker.VERSIONS, "@maker/tiny", "1.0.0")

    def run(*more: str) -> None:
        target = tmp_path / "made"
        places = ["--fonts", tmp_path, "--downloads", tmp_path, "--target", target]
        monkeypatch.setattr(sys, "argv", ["make_hangul.py", *map(str, places), *more])
        maker.main()

    run()
    with np.load(tmp_path / "made" / "hangul.npz", allow_pickle=False) as made:
        assert made["faces"].tolist() == ["Tiny Regular", "Other 400"]
        assert made["held_out"].tolist() == [False, True]
    file = tmp_path / "made" / "NOTICE.md"
    notice = file.read_text("utf-8")
    assert "| Tiny Regular | 학습 | fonts-tiny 1.0-1 | Copyright 2024 Tiny Authors |" in notice
    assert "| Other 400 | 평가 | @maker/tiny 1.0.0 |" in notice
    with pytest.raises(SystemExit) as same:
        run("--check")
    assert same.value.code == 0
    file.write_text("낡음", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"다시 만든 것과 다릅니다: NOTICE\.md"):
        run("--check")
    assert file.read_text(encoding="utf-8") == "낡음"

"""얼굴: 꾸러미에 든 이미지와 종류, 고지와 허가, 그리고 다시 만드는 도구."""

import json
import sys
import tarfile
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from gan_docs import data
from gan_docs.data import faces

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "gan_docs" / "assets"


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """tools/make_emoji.py를 모듈로 부릅니다."""
    monkeypatch.syspath_prepend(ROOT / "tools")
    import make_emoji

    return make_emoji


def test_the_faces_are_the_pixels_of_the_file_in_the_order_of_their_designs(
    maker: ModuleType,
) -> None:
    with np.load(faces.EMOJI_FILE, allow_pickle=False) as archive:
        pixels, kinds = archive["images"], archive["kinds"].tolist()
    read = data.emoji()
    names = tuple(design.name for design in maker.DESIGNS)
    assert read.class_names == names and kinds == list(maker.KINDS)
    assert read.images.shape == (len(names) * len(kinds), 3, 32, 32)
    assert f"{len(read.images)}장" in str(data.emoji.__doc__)
    assert f"{len(kinds)}가지" in str(data.emoji.__doc__)
    assert read.labels is not None
    for place in (0, 150, len(read.images) - 1):
        design, kind = divmod(place, len(kinds))
        wanted = pixels[design, kind].transpose(2, 0, 1).astype(np.float32) / 127.5 - 1
        assert np.allclose(read.images[place].numpy(), wanted, atol=1e-6)
        assert read.labels[place] == design


def test_every_face_is_round_on_white_paper_and_like_no_other() -> None:
    images = data.emoji().images
    rows, columns = torch.meshgrid(torch.arange(32) - 15.5, torch.arange(32) - 15.5, indexing="ij")
    far = (rows**2 + columns**2).sqrt()
    ink = images.amin(dim=1) < 0.9  # 흰 종이가 아닌 화소
    assert ink[:, far < 6].float().mean() > 0.9
    assert ink[:, far > 19].float().mean() < 0.05 and ink.flatten(1).float().mean(1).max() < 0.8
    distance = torch.cdist(images.flatten(1), images.flatten(1))
    assert (distance + 100 * torch.eye(len(images))).min() > 1, "같은 그림이 두 번"


def test_the_notice_names_every_design_with_its_licence_and_package(maker: ModuleType) -> None:
    text = (ASSETS / "EMOJI.md").read_text("utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    table = {row[0]: row[1:] for row in rows if len(row) == 3 and "---" not in row[0]}
    for design in maker.DESIGNS:
        licence, package = table[design.name]
        assert licence in ("Apache-2.0", "CC-BY-4.0", "MIT")
        assert package == f"{design.package} {design.version}"
    owners = ("Google, Inc.", "Twitter, Inc and other contributors", "Microsoft Corporation")
    assert all(owner in text for owner in owners)
    assert "https://creativecommons.org/licenses/by/4.0/" in text
    assert "The above copyright notice and this permission notice shall be included" in text
    apache = (ASSETS / "Apache-2.0.txt").read_text("ascii")
    assert "Version 2.0, January 2004" in apache and "END OF TERMS AND CONDITIONS" in apache


def test_the_tool_finds_renamed_faces_and_sees_a_stale_file(
    maker: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """얼굴 둘만 아는 도구: 하나는 다른 이름으로 들었고, 그리는 대신 SVG의 길이로 칠합니다."""
    icons = {"width": 16, "icons": {"grin": {"body": "<g/>"}, "sad": {"body": "<path/>"}}}
    icons["aliases"] = {"smile": {"parent": "grin"}}
    for name, content in (("icons", icons), ("info", {"license": {"spdx": "MIT"}})):
        (tmp_path / f"{name}.json").write_text(json.dumps(content), "utf-8")
    with tarfile.open(tmp_path / "maker-tiny-1.0.0.tgz", "w:gz") as package:
        for name in ("icons.json", "info.json"):
            package.add(tmp_path / name, f"package/{name}")
    designs = (type(maker.DESIGNS[0])("Tiny", "@maker/tiny", "1.0.0", 16),)
    drawn: list[str] = []

    def paint(svg: str) -> np.ndarray:
        drawn.append(svg)
        return np.full((32, 32, 3), len(svg) % 256, np.uint8)

    monkeypatch.setattr(maker, "DESIGNS", designs)
    monkeypatch.setattr(maker, "KINDS", ("smile", "sad"))
    monkeypatch.setattr(maker, "draw", paint)

    def run(*more: str) -> None:
        places = ["--downloads", str(tmp_path), "--target", str(tmp_path / "made")]
        monkeypatch.setattr(sys, "argv", ["make_emoji.py", *places, *more])
        maker.main()

    run()
    assert "<g/>" in drawn[0] and "<path/>" in drawn[1]
    assert 'viewBox="-8.0 -8.0 32.0 32.0"' in drawn[0], "작게 그리려고 두른 흰 바탕"
    notice = tmp_path / "made" / "EMOJI.md"
    assert "| Tiny | MIT | @maker/tiny 1.0.0 |" in notice.read_text("utf-8")
    with pytest.raises(SystemExit) as same:
        run("--check")
    assert same.value.code == 0
    notice.write_text("낡음", "utf-8")
    with pytest.raises(SystemExit, match=r"다시 만든 것과 다릅니다: EMOJI\.md"):
        run("--check")
    monkeypatch.setattr(maker, "KINDS", ("smile", "angry"))
    with pytest.raises(SystemExit, match="Tiny에 없는 얼굴입니다: angry"):
        run()

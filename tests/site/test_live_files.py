"""브라우저에서 도는 요소의 파일과 목록이 온전한지 봅니다."""

import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from gan_docs.experiments import plane, plane_sizes, turns
from gan_docs.losses import LOSSES
from gan_docs.site.make import live, live_plane

ROOT = Path(__file__).parents[2]
FILE = re.compile(r"^[\w.-]+-[0-9a-f]{8}\.(onnx|bin|wasm)\.gz$")


def assets(manifest: Any) -> list[dict[str, Any]]:
    """목록에 적힌 모든 파일입니다."""
    if isinstance(manifest, dict):
        found = [manifest] if "sha256" in manifest else []
        return found + [asset for value in manifest.values() for asset in assets(value)]
    return []


def flaws(folder: Path) -> list[str]:
    """목록과 다르거나, 목록에 없거나, 이름이 내용과 다른 파일입니다."""
    manifest = json.loads((folder / live.MANIFEST).read_text("utf-8"))
    known, wrong = {asset["file"]: asset for asset in assets(manifest)}, []
    for name, asset in known.items():
        content = (folder / name).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        whole = len(content) == asset["bytes"] and digest == asset["sha256"]
        named = digest[:8] in name and FILE.match(name)
        if not (whole and named and len(gzip.decompress(content)) == asset["unpacked"]):
            wrong.append(name)
    return wrong + [file.name for file in folder.glob("*.gz") if file.name not in known]


@pytest.fixture(scope="module")
def folder(built_site: Path) -> Path:
    return built_site / live.FOLDER


@pytest.fixture(scope="module")
def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / live.MANIFEST).read_text("utf-8"))
    return found


def test_every_file_is_the_one_in_the_list(folder: Path, manifest: dict[str, Any]) -> None:
    assert len(assets(manifest)) > 30
    assert flaws(folder) == []
    for name in (live.MODULE, live.LOADER):
        wanted = ROOT / "node_modules" / live.RUNTIME / name
        assert (folder / name).read_bytes() == wanted.read_bytes()


def test_a_wrong_file_is_seen(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "live")
    file = next(copy.glob("points-*.gz"))
    content = bytearray(file.read_bytes())
    stray = copy / "old-00000000.onnx.gz"
    stray.write_bytes(content)
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert flaws(copy) == [file.name, stray.name]


def test_every_setting_has_its_models(manifest: dict[str, Any]) -> None:
    sizes = manifest["plane"]["sizes"]
    assert list(sizes) == [plane_sizes.label(size) for size in plane_sizes.SIZES]
    used = {
        name
        for size in sizes.values()
        for one in (size["slopes"], *size["losses"].values())
        for models in (*one.values(), {"points": size["points"]})
        for name in models.values()
    }
    assert used <= manifest["models"].keys()
    losses = sizes[plane_sizes.label(plane_sizes.DEFAULT)]["losses"]
    for penalty in plane.PENALTIES:
        assert [losses[loss][penalty] for loss in LOSSES] == [
            turns.names(loss, penalty) for loss in LOSSES
        ]
        assert all(penalty in size["slopes"] for size in sizes.values())
    for preset in (*manifest["plane"]["presets"].values(), manifest["plane"]["defaults"]):
        assert preset["loss"] in LOSSES and preset["penalty"] in plane.PENALTIES
        assert preset.get("data", "ring") in manifest["plane"]["data"]
        assert preset["discriminator_steps"] == 1  # 앞서 고른 차례를 남기지 않음
    presets = manifest["plane"]["presets"]
    assert live_plane.DEFAULT_SIZE.items() <= presets["collapse"].items()
    assert not live_plane.DEFAULT_SIZE.keys() & presets["cure"].keys()  # 고칠 가중치가 남도록


def test_the_large_file_never_travels_raw(built_site: Path) -> None:
    raw = [file for file in built_site.rglob("*") if file.suffix in (".wasm", ".onnx", ".bin")]
    assert raw == []
    heavy = [file for file in built_site.rglob("*") if file.stat().st_size > 4_000_000]
    assert heavy == []


def test_a_missing_runtime_is_told_in_korean(tmp_path: Path) -> None:
    with pytest.raises(live.LiveError, match=r"onnxruntime-web이 없습니다.*dev\.py build"):
        live.check(tmp_path)

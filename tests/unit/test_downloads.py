"""내려받는 데이터: 확인, 다른 주소, 깨진 파일, 쓸 수 없는 폴더. 이 컴퓨터 안의 서버만 씁니다."""

import gzip
import hashlib
import struct
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import numpy as np
import pytest
from spoiled import flipped

from gan_docs import data
from gan_docs.data import downloads

NAMES = tuple(downloads.MNIST.checksums)


def idx(values: np.ndarray) -> bytes:
    """배열을 압축한 IDX 파일로 씁니다."""
    header = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape)
    return gzip.compress(header + values.tobytes(), mtime=0)


def originals() -> dict[str, bytes]:
    """원본과 짜임이 같은 작은 파일 네 개."""
    random = np.random.default_rng(0)
    files = {}
    for prefix, count in (("train", 30), ("t10k", 10)):
        images = random.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        images[0, 0, :2] = 0, 255
        files[f"{prefix}-images-idx3-ubyte.gz"] = idx(images)
        files[f"{prefix}-labels-idx1-ubyte.gz"] = idx(np.arange(count, dtype=np.uint8) % 10)
    return files


class Mirror(NamedTuple):
    """서버의 주소와 그 서버가 주는 폴더."""

    address: str
    folder: Path

    def put(self, change: Callable[[bytes], bytes], below: str = "") -> None:
        (self.folder / below).mkdir(exist_ok=True)
        for name, content in originals().items():
            (self.folder / below / name).write_bytes(change(content))


@pytest.fixture
def mirror(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Mirror]:
    """MNIST의 주소와 SHA-256을 이 컴퓨터 안의 작은 모음으로 바꿉니다."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    folder = tmp_path_factory.mktemp("mirror")
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        running = Mirror(f"http://127.0.0.1:{server.server_address[1]}/", folder)
        running.put(bytes)
        use(monkeypatch, running.address)
        yield running
        server.shutdown()
        thread.join()


def use(monkeypatch: pytest.MonkeyPatch, *mirrors: str) -> None:
    checksums = {name: hashlib.sha256(content).hexdigest() for name, content in originals().items()}
    small = downloads.MNIST._replace(mirrors=mirrors, checksums=checksums)
    monkeypatch.setattr(downloads, "MNIST", small)


NOBODY = "http://127.0.0.1:9/"  # 아무도 듣지 않는 자리


def test_mnist_is_downloaded_once_and_read_in_range(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    digits = data.mnist(tmp_path / "new" / "folder")
    assert digits.images.shape == (30, 1, 28, 28) and digits.classes == 10
    assert digits.images[0, 0, 0, :2].tolist() == [-1, 1]
    assert digits.labels is not None and digits.labels[:3].tolist() == [0, 1, 2]
    assert len(list((tmp_path / "new" / "folder").iterdir())) == 2
    use(monkeypatch, NOBODY)  # 두 번째부터는 인터넷이 없어도 됨
    assert data.mnist(tmp_path / "new" / "folder").digest() == digits.digest()
    use(monkeypatch, mirror.address)
    assert len(data.mnist(tmp_path, part="held_out").images) == 10
    whole = data.mnist(tmp_path, part="all")
    assert (whole.name, len(whole.images)) == ("mnist-all", 40)


def test_fashion_mnist_has_its_own_sources(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = downloads.FASHION_MNIST._replace(
        mirrors=(mirror.address,), checksums=downloads.MNIST.checksums
    )
    monkeypatch.setattr(downloads, "FASHION_MNIST", small)
    monkeypatch.setenv("GAN_DOCS_CACHE", str(tmp_path))
    clothes = data.load("fashion_mnist")
    assert clothes.name == "fashion_mnist" and clothes.class_names[0] == "티셔츠"
    assert len(list((tmp_path / "datasets" / "fashion_mnist").iterdir())) == 2


def test_the_next_mirror_helps_when_one_is_away_or_wrong(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.put(lambda _: b"<html>", "wrong")
    lost, wrong = f"{mirror.address}lost/", f"{mirror.address}wrong/"
    use(monkeypatch, NOBODY, wrong, lost, mirror.address)
    assert len(data.mnist(tmp_path).images) == 30
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(NAMES[:2])


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: flipped(content, len(content) // 2),
        lambda content: content[:-99],
        lambda _: b"<html>",
    ],
)
def test_a_damaged_file_is_refused_from_the_mirror_and_in_the_cache_and_mended_online(
    tmp_path: Path,
    mirror: Mirror,
    monkeypatch: pytest.MonkeyPatch,
    damage: Callable[[bytes], bytes],
) -> None:
    mirror.put(damage)
    with pytest.raises(ConnectionError, match="SHA-256이 다름"):
        data.mnist(tmp_path)
    assert list(tmp_path.iterdir()) == []
    mirror.put(bytes)
    good = data.mnist(tmp_path).digest()
    file = tmp_path / NAMES[0]
    file.write_bytes(damage(file.read_bytes()))
    use(monkeypatch, NOBODY)
    with pytest.raises(ConnectionError, match="내용도 원본과 다릅니다"):
        data.mnist(tmp_path)
    use(monkeypatch, mirror.address)
    assert data.mnist(tmp_path).digest() == good


def test_a_bad_folder_or_a_full_disk_is_not_taken_for_a_lost_connection(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="폴더를 만들 수 없습니다"):
        data.mnist(tmp_path / "file" / "below")
    full = mock.Mock(side_effect=OSError(28, "No space left on device"))
    monkeypatch.setattr("pooch.retrieve", full)
    with pytest.raises(OSError, match="폴더에 쓸 수 없습니다") as caught:
        data.mnist(tmp_path)
    assert not isinstance(caught.value, ConnectionError)

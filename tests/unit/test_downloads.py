"""내려받는 데이터: 확인, 다른 주소, 끊긴 인터넷, 깨진 파일. 이 컴퓨터 안의 서버만 씁니다."""

from __future__ import annotations

import gzip
import hashlib
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

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


class Mirror:
    """정해 둔 파일만 주는 서버. 받은 요청을 적어 둡니다."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.requests = files, list[str]()
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.strip("/")
                mirror.requests.append(name)
                content = mirror.files.get(name)
                self.send_response(404 if content is None else 200)
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """MNIST의 주소와 SHA-256을 이 컴퓨터 안의 작은 모음으로 바꿉니다."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running = Mirror(originals())
    use(monkeypatch, running.address)
    yield running
    running.close()


def use(monkeypatch: pytest.MonkeyPatch, *mirrors: str) -> None:
    checksums = {name: hashlib.sha256(content).hexdigest() for name, content in originals().items()}
    small = downloads.MNIST._replace(mirrors=mirrors, checksums=checksums)
    monkeypatch.setattr(downloads, "MNIST", small)


NOBODY = "http://127.0.0.1:9/"  # 아무도 듣지 않는 자리


def test_the_published_checksums_are_whole() -> None:
    digests = [*downloads.MNIST.checksums.values(), *downloads.FASHION_MNIST.checksums.values()]
    assert len(set(digests)) == 8 and all(len(bytes.fromhex(digest)) == 32 for digest in digests)
    for source in (downloads.MNIST, downloads.FASHION_MNIST):
        assert len(source.mirrors) >= 2 and len(source.class_names) == 10
        assert all(mirror.endswith("/") for mirror in source.mirrors)
        wanted = {
            f"{p}-{k}-ubyte.gz" for p in ("train", "t10k") for k in ("images-idx3", "labels-idx1")
        }
        assert set(source.checksums) == wanted


def test_mnist_is_downloaded_once_and_read_in_range(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    digits = data.mnist(tmp_path / "new" / "folder")
    assert digits.images.shape == (30, 1, 28, 28) and digits.classes == 10
    assert digits.images[0, 0, 0, :2].tolist() == [-1, 1]
    assert digits.labels is not None and digits.labels[:3].tolist() == [0, 1, 2]
    assert mirror.requests == list(NAMES[:2])
    use(monkeypatch, NOBODY)  # 두 번째부터는 인터넷이 없어도 됨
    assert data.mnist(tmp_path / "new" / "folder").digest() == digits.digest()


def test_held_out_and_all_parts(tmp_path: Path, mirror: Mirror) -> None:
    assert len(data.mnist(tmp_path, part="held_out").images) == 10
    whole = data.mnist(tmp_path, part="all")
    assert len(whole.images) == 40 and sorted(mirror.requests) == sorted(NAMES)
    assert whole.name == "mnist-all"


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


def test_offline_is_one_korean_line_and_leaves_nothing(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, NOBODY, NOBODY)
    with pytest.raises(ConnectionError, match="인터넷 연결을 확인") as caught:
        data.mnist(tmp_path)
    assert "\n" not in str(caught.value) and "MNIST" in str(caught.value)
    assert str(tmp_path) in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_the_next_mirror_helps_when_one_is_away_or_wrong(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Mirror(dict.fromkeys(NAMES, b"<html>"))
    empty = Mirror({})
    try:
        use(monkeypatch, NOBODY, wrong.address, empty.address, mirror.address)
        assert len(data.mnist(tmp_path).images) == 30
        assert wrong.requests == empty.requests == list(NAMES[:2])
    finally:
        wrong.close()
        empty.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(NAMES[:2])


@pytest.mark.parametrize("damage", ["flipped", "truncated", "page"])
def test_a_damaged_file_is_refused_from_the_mirror_and_in_the_cache_and_mended_online(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    whole = mirror.files
    mirror.files = {name: damaged(content, damage) for name, content in whole.items()}
    with pytest.raises(ConnectionError, match="SHA-256이 다름"):
        data.mnist(tmp_path)
    assert list(tmp_path.iterdir()) == []
    mirror.files = whole
    good = data.mnist(tmp_path).digest()
    file = tmp_path / NAMES[0]
    file.write_bytes(damaged(file.read_bytes(), damage))
    use(monkeypatch, NOBODY)
    with pytest.raises(ConnectionError, match="내용도 원본과 다릅니다"):
        data.mnist(tmp_path)
    use(monkeypatch, mirror.address)
    assert data.mnist(tmp_path).digest() == good


def damaged(content: bytes, damage: str) -> bytes:
    middle = len(content) // 2
    if damage == "flipped":
        return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    return content[:middle] if damage == "truncated" else b"<html>404</html>"


def test_a_bad_folder_or_a_full_disk_is_not_taken_for_a_lost_connection(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="폴더를 만들 수 없습니다"):
        data.mnist(tmp_path / "file" / "below")
    assert mirror.requests == []

    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pooch.retrieve", full)
    with pytest.raises(OSError, match="폴더에 쓸 수 없습니다") as caught:
        data.mnist(tmp_path)
    assert not isinstance(caught.value, ConnectionError)

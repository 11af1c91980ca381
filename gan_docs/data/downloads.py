"""내려받는 이미지: MNIST와 Fashion-MNIST. 내려받은 것은 SHA-256으로 확인합니다."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from gan_docs import files
from gan_docs.checks import one_of
from gan_docs.data.containers import PARTS, ImageData, from_bytes

PREFIXES = {"train": "train", "held_out": "t10k"}  # 부분마다 파일 이름의 앞머리


class Source(NamedTuple):
    """IDX 파일 네 개로 나누어 주는 데이터 모음의 출처입니다.

    Attributes:
        title: 오류에 적을 이름.
        folder: 캐시 안의 폴더 이름.
        mirrors: 같은 파일을 주는 주소들. 앞에서부터 시도합니다.
        checksums: 파일 이름에서 SHA-256으로.
        class_names: 종류의 이름.
    """

    title: str
    folder: str
    mirrors: tuple[str, ...]
    checksums: dict[str, str]
    class_names: tuple[str, ...]


# SHA-256은 여러 공개 저장소가 적은 값과 대조했고, torchvision의 MD5와 같은 파일
MNIST = Source(
    title="MNIST",
    folder="mnist",
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    checksums={
        "train-images-idx3-ubyte.gz": (
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
        ),
        "train-labels-idx1-ubyte.gz": (
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
        ),
        "t10k-images-idx3-ubyte.gz": (
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
        ),
        "t10k-labels-idx1-ubyte.gz": (
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
        ),
    },
    class_names=tuple("0123456789"),
)
FASHION_MNIST = Source(
    title="Fashion-MNIST",
    folder="fashion_mnist",
    mirrors=(
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
    checksums={
        "train-images-idx3-ubyte.gz": (
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
        ),
        "train-labels-idx1-ubyte.gz": (
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
        ),
        "t10k-images-idx3-ubyte.gz": (
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
        ),
        "t10k-labels-idx1-ubyte.gz": (
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
        ),
    },
    class_names=(
        "티셔츠",
        "바지",
        "스웨터",
        "원피스",
        "코트",
        "샌들",
        "셔츠",
        "운동화",
        "가방",
        "부츠",
    ),
)


def mnist(folder: str | os.PathLike[str] | None = None, part: str = "train") -> ImageData:
    """손글씨 숫자 MNIST를 28×28 원본 그대로 읽습니다. 처음에만 내려받습니다(약 12 MB).

    Args:
        folder: 파일을 둘 폴더(부분마다 두 개). `None`이면 사용자의 캐시 폴더.
        part: `train`(60,000장), `held_out`(10,000장), `all`(70,000장).

    Raises:
        ConnectionError: 파일이 없는데 내려받지도 못했을 때.
        OSError: 폴더에 쓸 수 없을 때.
        ValueError: `part`를 모를 때.

    Source:
        LeCun, Cortes & Burges (1998), The MNIST database of handwritten digits
    """
    return downloaded(MNIST, part, folder)


def fashion_mnist(folder: str | os.PathLike[str] | None = None, part: str = "train") -> ImageData:
    """옷과 신발 Fashion-MNIST를 28×28 원본 그대로 읽습니다. 처음에만 내려받습니다(약 31 MB).

    Args:
        folder: 파일을 둘 폴더(부분마다 두 개). `None`이면 사용자의 캐시 폴더.
        part: `train`(60,000장), `held_out`(10,000장), `all`(70,000장).

    Raises:
        ConnectionError: 파일이 없는데 내려받지도 못했을 때.
        OSError: 폴더에 쓸 수 없을 때.
        ValueError: `part`를 모를 때.

    Source:
        Xiao, Rasul & Vollgraf (2017), Fashion-MNIST. arXiv:1708.07747
    """
    return downloaded(FASHION_MNIST, part, folder)


def downloaded(source: Source, part: str, folder: str | os.PathLike[str] | None) -> ImageData:
    """내려받은 배열을 [-1, 1]의 이미지로 바꿉니다."""
    pixels, targets = images_and_labels(source, part, folder)
    images = from_bytes(pixels[:, None])
    name = source.folder if part == "train" else f"{source.folder}-{part}"
    labels = torch.from_numpy(targets.astype(np.int64))
    return ImageData(name, images, labels, source.class_names)


def images_and_labels(
    source: Source, part: str, folder: str | os.PathLike[str] | None
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """데이터 모음의 한 부분을 내려받아 읽습니다. 이미 있으면 확인만 하고 다시 씁니다.

    Args:
        source: 데이터 모음의 출처.
        part: `train`, `held_out`, `all` 가운데 하나.
        folder: 파일을 둘 폴더. `None`이면 사용자의 캐시 폴더.

    Returns:
        `(N, 28, 28)` 이미지와 `(N,)` 이름표. 값은 0–255와 0–9.

    Raises:
        ConnectionError: 어느 주소에서도 내려받지 못했을 때.
        OSError: 폴더에 쓸 수 없을 때.
        ValueError: `part`를 모를 때.
    """
    one_of("part", part, PARTS)
    place = files.cache_root() / "datasets" / source.folder if folder is None else Path(folder)
    images, labels = [], []
    for prefix in [PREFIXES[each] for each in PREFIXES if part in (each, "all")]:
        images.append(read_idx(fetch(source, f"{prefix}-images-idx3-ubyte.gz", place)))
        labels.append(read_idx(fetch(source, f"{prefix}-labels-idx1-ubyte.gz", place)))
    return np.concatenate(images), np.concatenate(labels)


def fetch(source: Source, name: str, folder: Path) -> Path:
    """파일 하나를 내려받아 SHA-256을 확인합니다. 맞지 않는 파일은 남기지 않습니다."""
    import pooch
    from requests.exceptions import RequestException

    pooch.get_logger().setLevel("WARNING")  # 영어 안내 대신 진행 막대와 한국어 오류만
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise type(error)(f"{folder} 폴더를 만들 수 없습니다: {error.strerror}") from None
    damaged = (folder / name).exists()
    failures = []
    for mirror in source.mirrors:
        downloader = pooch.HTTPDownloader(progressbar=True, timeout=20)
        try:
            known = f"sha256:{source.checksums[name]}"
            return Path(pooch.retrieve(mirror + name, known, name, folder, downloader=downloader))
        except RequestException as error:
            failures.append(f"연결 실패({type(error).__name__})")
        except ValueError:
            failures.append("SHA-256이 다름")
        except OSError as error:
            raise type(error)(f"{folder} 폴더에 쓸 수 없습니다: {error.strerror}") from None
    raise ConnectionError(
        f"{source.title}의 {name}을(를) 내려받지 못했습니다: {', '.join(failures)}. "
        + (f"{folder / name}의 내용도 원본과 다릅니다. " if damaged else "")
        + f"인터넷 연결을 확인하거나 파일을 {folder}에 직접 두세요"
    )


def read_idx(path: Path) -> NDArray[np.uint8]:
    """압축한 IDX 파일을 배열로 읽습니다. 내용은 받을 때 SHA-256으로 확인했습니다."""
    content = gzip.decompress(path.read_bytes())
    dimensions = content[3]
    shape = np.frombuffer(content, ">u4", dimensions, offset=4).astype(int)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)

"""명령줄로 학습하고 표본을 만들기, 그리고 틀린 입력을 한국어 한 줄로 알리기."""

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_docs.__main__ import main

TRAIN = ["train", "--data", "digits", "--steps", "2", "--batch-size", "4"]
ERROR = re.compile(r"오류: .*[가-힣].*\n")


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "digits"
    assert main([*TRAIN, "--out", str(folder)]) == 0
    return folder


def complaint(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    try:
        code = main(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, capsys.readouterr().err


def test_samples_are_written_as_arrays_with_labels(run_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "samples.npz"
    assert main(["sample", "--from", str(run_folder), "--count", "12", "--out", str(out)]) == 0
    with np.load(out) as arrays:
        images, labels = arrays["images"], arrays["labels"]
    assert images.shape == (12, 1, 28, 28)
    assert -1 <= images.min() <= images.max() <= 1
    assert labels.tolist() == [*range(10), 0, 1]


def test_samples_are_written_as_a_picture(run_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "samples.png"
    assert main(["sample", "--from", str(run_folder), "--count", "9", "--out", str(out)]) == 0
    with Image.open(out) as picture:
        assert picture.size == (2 * (3 * 28 + 2 * 2),) * 2
    assert [file.name for file in tmp_path.iterdir()] == ["samples.png"]


def test_an_earlier_run_is_not_lost(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (run_folder / "weights.safetensors").read_bytes()
    code, error = complaint([*TRAIN, "--out", str(run_folder)], capsys)
    assert code == 1
    assert "--overwrite" in error
    assert (run_folder / "weights.safetensors").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["train", "--data", "digit", "--out", "{}/a"], 1, "혹시 digits인가요"),
        ([*TRAIN, "--out", "{}/a", "--steps", "0"], 1, "--steps.*받은 값 0"),
        ([*TRAIN, "--out", "{}/a", "--steps", "a"], 2, "정수가 아닌 값 'a'"),
        ([*TRAIN, "--out", "{}/a", "--batch-size", "1"], 1, "--batch-size.*받은 값 1"),
        ([*TRAIN, "--out", "{}/a", "--seed", "9" * 30], 1, "--seed는 0 이상"),
        ([*TRAIN, "--out", "{}/a", "--loss", "hinge"], 2, "고를 수 없는 값 'hinge'"),
        ([*TRAIN, "--out", "/proc/a"], 1, "폴더를 만들 수 없습니다: /proc/a"),
        ([*TRAIN], 2, "빠진 인자: --out"),
        (["sample", "--from", "{}/a", "--out", "{}/a.png"], 1, "저장한 모델이 없습니다"),
        (["sample", "--from", "{}/a", "--out", "{}/a.gif"], 1, ".png 또는 .npz"),
        (["sample", "--from", "{}/a", "--out", "{}/b/a.png"], 1, "폴더가 없습니다"),
        (["sample", "--from", "{}/a", "--out", "/proc/a.png"], 1, "폴더에 쓸 수 없습니다: /proc"),
        (
            ["sample", "--from", "{}/a", "--out", "{}/a.png", "--count", "0"],
            1,
            "--count.*받은 값 0",
        ),
        (["dance"], 2, "고를 수 없는 값 'dance'"),
    ],
)
def test_bad_input_gives_one_korean_line(
    arguments: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = [argument.format(tmp_path) for argument in arguments]
    assert (found := complaint(given, capsys))[0] == code
    assert ERROR.fullmatch(found[1]), found[1]
    assert re.search(said, found[1]), found[1]


@pytest.mark.parametrize("version", ["1.13.1", "2.3.1+cpu"])
def test_an_old_torch_is_refused(
    version: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(metadata, "version", lambda name: version)
    code, error = complaint([*TRAIN, "--out", "a"], capsys)
    assert (code, error) == (1, f"오류: torch 2.4 이상이 필요합니다: 설치된 판 {version}\n")


def test_mnist_without_a_network_gives_one_korean_line(tmp_path: Path) -> None:
    dead = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "gan_docs",
            "train",
            "--data",
            "mnist",
            "--out",
            str(tmp_path / "a"),
        ],
        env={"HOME": str(tmp_path), "GAN_DOCS_CACHE": str(tmp_path), "PYTHONUTF8": "1", **dead},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert ERROR.search(done.stderr), done.stderr


def test_help_is_korean() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gan_docs", "train", "--help"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "걸음 수 (기본값 3000)" in done.stdout

"""명령줄로 학습하고 만들고 평가하기, 그리고 틀린 입력을 한국어 한 줄로 알리기."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np
import pytest
import torch
from PIL import Image

from gan_docs import Discriminator, Generator, losses
from gan_docs.cli import commands
from gan_docs.cli.commands import MEASURES
from gan_docs.cli.parser import LOSSES, NAMES, PENALTIES, main
from gan_docs.data import DATASETS, SYLLABLES, ImageData, ring
from gan_docs.metrics import mode_statistics
from gan_docs.saving import weights

TRAIN = ["train", "--data", "digits", "--steps", "2", "--batch-size", "4"]
RING = ["train", "--data", "ring", "--steps", "2", "--batch-size", "4"]
ERROR = re.compile(r"오류: .*[가-힣].*\n")
OF_IMAGES = [
    "judge_accuracy", "frechet_distance", "precision", "recall", "density", "coverage",
    "nearest_neighbour_ratio", "smallest_class", "label_agreement",
]  # fmt: skip
OF_POINTS = ["modes", "strict_modes", "high_quality", "reverse_kl"]


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "digits"
    assert main([*TRAIN, "--out", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def ring_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "ring"
    assert main([*RING, "--out", str(folder)]) == 0
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
        ([*TRAIN, "--out", "{}/a", "--seed", "9" * 30], 1, "--seed.*0 이상"),
        ([*TRAIN, "--out", "{}/a", "--batch-size", "9" * 12], 1, "--batch-size.*10000 이하"),
        ([*TRAIN, "--out", "{}/a", "--threads", "0"], 1, "--threads.*받은 값 0"),
        ([*TRAIN, "--out", "{}/a", "--threads", "1000000"], 1, "--threads.*256 이하"),
        ([*TRAIN, "--out", "{}/a", "--checkpoint-every", "0"], 1, "--checkpoint-every.*받은 값 0"),
        ([*TRAIN, "--out", "{}/a", "--resume", "--overwrite"], 1, "함께 쓸 수 없습니다"),
        ([*TRAIN, "--out", "{}/a", "--loss", "crossed"], 2, "고를 수 없는 값 'crossed'"),
        ([*TRAIN, "--out", "{}/a", "--penalty", "r3"], 2, "고를 수 없는 값 'r3'"),
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
        (
            ["sample", "--from", "{}/a", "--out", "{}/a.png", "--count", "9" * 30],
            1,
            "--count.*100000 이하",
        ),
        (["evaluate"], 2, "빠진 인자: --from"),
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
    assert (code, error) == (1, f"오류: torch 2.4 이상이 필요합니다: 설치된 버전 {version}\n")


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
    assert "스텝 수 (기본값 3000)" in done.stdout


def test_help_does_not_read_torch() -> None:
    ask = (
        "import contextlib, sys, gan_docs\n"
        "from gan_docs.cli.parser import main\n"
        "for name in ('train', 'sample', 'evaluate'):\n"
        "    with contextlib.suppress(SystemExit):\n"
        "        main([name, '--help'])\n"
        "assert not {'torch', 'numpy', 'matplotlib', 'sklearn'} & sys.modules.keys()\n"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert subprocess.run(
        [sys.executable, "-c", ask.replace("import contextlib,", "import torch, contextlib,")],
        capture_output=True,
        check=False,
    ).returncode  # torch를 읽으면 알아챔


def test_the_choices_are_those_of_the_package() -> None:
    assert list(LOSSES) == list(losses.LOSSES)
    assert list(PENALTIES) == ["none", *losses.PENALTIES]
    assert set(NAMES) == set(DATASETS)


class Asked(Exception):
    """학습기가 받은 값을 들고 멈춥니다."""


@pytest.mark.parametrize(
    ("penalty", "strength", "regularizer"),
    [
        ("none", None, None),
        ("r1", "기본값", losses.r1),
        ("r2", "기본값", losses.r2),
        ("r1-and-r2", "기본값", losses.r1_and_r2),
        ("toward-one", (10.0, 10.0), losses.toward_one),
    ],
)
def test_the_trainer_gets_the_loss_and_the_penalty_that_were_asked(
    penalty: str,
    strength: object,
    regularizer: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ask(*_: object, **given: Any) -> NoReturn:
        raise Asked(given)

    monkeypatch.setattr(commands, "Trainer", ask)
    for name, loss in losses.LOSSES.items():
        with pytest.raises(Asked) as asked:
            main([*RING, "--out", str(tmp_path), "--loss", name, "--penalty", penalty])
        (given,) = asked.value.args
        assert (given["loss"], given.get("penalty", "기본값")) == (loss, strength)
        assert regularizer is None or given["regularizer"] is regularizer


def test_hinge_without_a_penalty_trains(tmp_path: Path) -> None:
    chosen = ["--loss", "hinge", "--penalty", "none", "--out", str(tmp_path)]
    assert main([*RING, *chosen]) == 0
    steps = json.loads((tmp_path / weights.HISTORY).read_text("utf-8"))
    assert [step["penalty"] for step in steps] == [0, 0]


def evaluated(
    folder: Path, out: Path, capsys: pytest.CaptureFixture[str], *others: str
) -> dict[str, Any]:
    """평가하고, 화면에 적힌 이름과 값이 파일의 것과 같은지 보고, 파일의 내용을 냅니다."""
    chosen = ["--from", str(folder), "--count", "100", "--judge-steps", "3", *others]
    assert main(["evaluate", *chosen]) == 0
    document: dict[str, Any] = json.loads(out.read_text("utf-8"))
    lines = capsys.readouterr().out.splitlines()
    measured = list(document.items())[4:]
    assert lines[:-1] == [f"{MEASURES[name]}: {value:.4g}" for name, value in measured]
    assert lines[-1] == f"{out}에 저장했습니다."
    return document


def test_a_run_of_images_is_judged(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a.json"
    document = evaluated(run_folder, out, capsys, "--out", str(out), "--seed", "3")
    about = {"data": "digits", "step": 2, "count": 100, "seed": 3}
    assert list(document) == [*about, *OF_IMAGES]
    assert {name: document[name] for name in about} == about
    assert 0.1 < document["judge_accuracy"] <= 1  # 세 스텝을 배운 심판도 찍는 것보다 나음
    assert document["frechet_distance"] > 1  # 두 스텝을 배운 생성기
    assert evaluated(run_folder, out, capsys, "--out", str(out), "--seed", "3") == document


def test_a_run_of_points_is_counted(
    ring_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = evaluated(ring_folder, ring_folder / "evaluation.json", capsys)
    out = tmp_path / "points.npz"
    assert main(["sample", "--from", str(ring_folder), "--count", "100", "--out", str(out)]) == 0
    with np.load(out) as arrays:
        wanted = mode_statistics(arrays["images"], ring().centers, ring().sigma)
    assert list(document)[4:] == OF_POINTS
    assert [document[name] for name in OF_POINTS] == list(wanted)


def test_an_earlier_evaluation_is_replaced_at_once(
    ring_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "a.json"
    out.write_text("앞선 평가", "utf-8")

    def full(_: int) -> NoReturn:
        raise OSError(28, "가득 참", str(out))

    monkeypatch.setattr(os, "fsync", full)
    given = ["evaluate", "--from", str(ring_folder), "--count", "100", "--out", str(out)]
    code, error = complaint(given, capsys)
    assert (code, error) == (1, f"오류: 읽거나 쓸 수 없습니다: {out}\n")
    assert [(file.name, file.read_text("utf-8")) for file in tmp_path.iterdir()] == [
        ("a.json", "앞선 평가")
    ]
    monkeypatch.undo()
    evaluated(ring_folder, out, capsys, "--out", str(out))
    assert [file.name for file in tmp_path.iterdir()] == ["a.json"]


def saved(
    folder: Path, source: str, class_names: list[str], *, size: int = 28, **others: object
) -> str:
    """학습하지 않은 생성기를 학습한 것처럼 저장합니다."""
    classes = len(class_names)
    generator = Generator(size, size, latent_size=4, classes=classes)
    discriminator = Discriminator(size, size, latent_size=4, classes=classes)
    settings = {"data": source, "source": source, "class_names": class_names, "step": 0, **others}
    return str(weights.save(folder, generator.eval(), discriminator, settings, []))


def pictures(folder: Path, groups: list[str], count: int = 8) -> str:
    """종류마다 다른 밝기에 잡음을 뿌린 이미지의 폴더입니다."""
    random = np.random.default_rng(0)
    for place, group in enumerate(groups):
        (folder / group).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            pixels = random.integers(0, 80, (9, 9)) + 170 * (place % 2)
            Image.fromarray(pixels.astype(np.uint8)).save(folder / group / f"{number}.png")
    return str(folder)


def images_without_labels(place: Path) -> list[str]:
    return ["--from", saved(place / "run", pictures(place / "photos", ["."]), [])]


def too_few_images(place: Path) -> list[str]:
    source = pictures(place / "photos", ["a", "b"], count=4)
    return ["--from", saved(place / "run", source, ["a", "b"])]


def other_classes(place: Path) -> list[str]:
    source = pictures(place / "photos", ["a", "b", "c"])
    return ["--from", saved(place / "run", source, ["a", "b"])]


def other_size(place: Path) -> list[str]:
    return ["--from", saved(place / "run", "digits", list("0123456789"), size=8)]


def vanished(place: Path) -> list[str]:
    return ["--from", saved(place / "run", str(place / "photos"), ["a", "b"])]


def became_a_file(place: Path) -> list[str]:
    (place / "photos").write_text("이미지가 아님", "utf-8")
    return vanished(place)


def empty(place: Path) -> list[str]:
    (place / "photos").mkdir()
    return vanished(place)


def damaged(place: Path) -> list[str]:
    run = saved(place / "run", "digits", list("0123456789"))
    file = Path(run) / weights.WEIGHTS
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    return ["--from", run]


def of_another_program(place: Path) -> list[str]:
    generator, discriminator = Generator(8, 8), Discriminator(8, 8)
    return ["--from", str(weights.save(place / "run", generator, discriminator, {}, []))]


def no_run(place: Path) -> list[str]:
    return ["--from", str(place / "none")]


def with_these(*others: str) -> Callable[[Path], list[str]]:
    def arguments(place: Path) -> list[str]:
        (place / "folder.json").mkdir()
        run = saved(place / "run", pictures(place / "photos", ["a", "b"]), ["a", "b"])
        return ["--from", run, *(other.format(place) for other in others)]

    return arguments


class Refusal(NamedTuple):
    """거절할 입력과 그 까닭, 그리고 거절하는 함수."""

    arguments: Callable[[Path], list[str]]
    said: str
    guard: str | None = None


REFUSALS = {
    "모델 없음": Refusal(no_run, "저장한 모델이 없습니다: .*none"),
    "상한 모델": Refusal(damaged, "손상되었거나"),
    "다른 모델": Refusal(of_another_program, "설정에 없는 값.*class_names, data, step"),
    "없어진 데이터": Refusal(vanished, "이미지 폴더가 없습니다: .*photos"),
    "파일이 된 데이터": Refusal(became_a_file, "이미지 폴더가 없습니다: .*photos"),
    "빈 데이터": Refusal(empty, "photos에 이미지가 없습니다"),
    "이름표 없음": Refusal(
        images_without_labels, "photos에는 .*하위 폴더가 없습니다", "check_real"
    ),
    "적은 데이터": Refusal(too_few_images, "10장 이상.*받은 수 8", "check_real"),
    "다른 종류": Refusal(other_classes, "그때 .*'b'.*지금 .*'c'", "check_real"),
    "다른 크기": Refusal(other_size, r"\(1, 28, 28\).*\(1, 8, 8\)", "check_real"),
    "적은 수": Refusal(with_these("--count", "99"), "--count.*받은 값 99", "check_number"),
    "많은 수": Refusal(with_these("--count", "9" * 9), "--count.*100000 이하", "check_number"),
    "스텝 없음": Refusal(
        with_these("--judge-steps", "0"), "--judge-steps.*받은 값 0", "check_number"
    ),
    "음수 시드": Refusal(with_these("--seed", "-1"), "--seed.*0 이상", "check_number"),
    "다른 이름": Refusal(with_these("--out", "{}/a.txt"), ".json 파일.*a.txt", "check_file"),
    "없는 폴더": Refusal(with_these("--out", "{}/b/a.json"), "폴더가 없습니다: .*b", "check_file"),
    "폴더": Refusal(with_these("--out", "{}/folder.json"), "같은 이름의 폴더", "check_file"),
    "못 쓸 폴더": Refusal(
        with_these("--out", "/proc/a.json"), "쓸 수 없습니다: /proc", "check_file"
    ),
}


class Started(Exception):
    """거절하기 전에 일을 시작했습니다."""


@pytest.fixture
def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """일을 시작하면 알아챕니다."""

    def start(*_: object, **__: object) -> NoReturn:
        raise Started

    for work in ("sample_images", "train_judge", "replace"):
        monkeypatch.setattr(commands, work, start)


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=list(REFUSALS))
def test_a_bad_evaluation_is_refused_before_any_work(
    refusal: Refusal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["evaluate", *refusal.arguments(tmp_path)]
    before = sorted(tmp_path.rglob("*"))
    code, error = complaint(given, capsys)
    assert code == 1
    assert ERROR.fullmatch(error), error
    assert re.search(refusal.said, error), error
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize(
    "refusal", [one for one in REFUSALS.values() if one.guard], ids=lambda one: one.said
)
def test_without_its_guard_the_work_would_start(
    refusal: Refusal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, str(refusal.guard), lambda *_, **__: None)
    with pytest.raises(Started):
        main(["evaluate", *refusal.arguments(tmp_path)])


@pytest.mark.parametrize(
    ("source", "class_names", "taught", "unseen"),
    [
        ("hangul", list(SYLLABLES), "hangul", "hangul-held_out"),
        ("photos/hangul", ["a", "b"], "hangul", "hangul"),  # 이름만 같은 여러분의 폴더
    ],
)
def test_only_the_real_hangul_is_held_against_unseen_faces(
    source: str,
    class_names: list[str],
    taught: str,
    unseen: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    pictures(tmp_path / "photos" / "hangul", ["a", "b"])
    run = saved(tmp_path / "run", source, class_names)
    seen = list[ImageData]()

    def judged(
        made: torch.Tensor, labels: object, judge: object, real: ImageData, held_out: Any, seed: int
    ) -> dict[str, float]:
        seen.extend([real, *([held_out] if held_out else [])])
        return {}

    def learned(data: ImageData, **_: object) -> torch.nn.Sequential:
        seen.append(data)
        return torch.nn.Sequential()

    def read(judge: object, data: ImageData) -> float:
        seen.append(data)
        return 0.5

    monkeypatch.setattr(commands, "evaluate_images", judged)
    monkeypatch.setattr(commands, "train_judge", learned)
    monkeypatch.setattr(commands, "accuracy", read)
    assert main(["evaluate", "--from", run, "--count", "100"]) == 0
    held = [unseen] if source == "hangul" else []
    assert [data.name for data in seen] == [taught, taught, *held, unseen]
    first, *_, last = (len(data.images) for data in seen)
    assert (first, last) == ((700, 280) if source == "hangul" else (13, 3))

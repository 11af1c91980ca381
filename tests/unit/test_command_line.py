"""명령줄로 학습하고 만들고 평가하기. 틀린 입력마다 보이는 글은 `tests/FAULTS.md`가 봅니다."""

import inspect
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np
import pytest
import torch
from PIL import Image

from gan_docs import Discriminator, Generator, losses
from gan_docs.cli import commands, evaluation, sources
from gan_docs.cli.evaluation import MEASURES
from gan_docs.cli.parser import OLDEST_TORCH, build_parser, main
from gan_docs.data import DATASETS, SYLLABLES, ImageData, ring
from gan_docs.judging.judge import train_judge
from gan_docs.machines import devices
from gan_docs.metrics import OF_MODES, mode_statistics
from gan_docs.saving import weights
from gan_docs.trainer import Trainer

RING = ["train", "--data", "ring", "--steps", "2", "--batch-size", "4"]


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "digits"
    assert main([*RING, "--data", "digits", "--out", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def ring_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "ring"
    assert main([*RING, "--out", str(folder)]) == 0
    return folder


# 도움말과 이름


def test_help_is_korean_and_reads_no_torch() -> None:
    ask = (
        "import contextlib, sys\n"
        "from gan_docs.cli.parser import main\n"
        "for name in ('train', 'sample', 'evaluate'):\n"
        "    with contextlib.suppress(SystemExit):\n"
        "        main([name, '--help'])\n"
        "print({'torch', 'numpy', 'matplotlib', 'sklearn'} & sys.modules.keys())\n"
    )
    for first, said in (("", "set()"), ("import torch\n", "'torch'")):
        done = subprocess.run(
            [sys.executable, "-c", first + ask], capture_output=True, encoding="utf-8", check=True
        )
        assert "스텝 수 (기본값 3000)" in done.stdout
        assert said in done.stdout.splitlines()[-1]


def test_the_names_and_defaults_are_those_of_the_package() -> None:
    for module, name, table in (
        ("gan_docs.data", "DATASETS", DATASETS),
        ("gan_docs.losses", "LOSSES", losses.LOSSES),
        ("gan_docs.losses", "PENALTIES", losses.PENALTIES),
        ("gan_docs.machines.devices", "KINDS", devices.KINDS),
        ("gan_docs.machines.devices", "PRECISIONS", devices.PRECISIONS),
    ):
        assert list(sources.table(module, name)) == list(table)
    chosen = build_parser().parse_args(["train", "--data", "ring", "--out", "run"])
    known = {name: each.default for name, each in inspect.signature(Trainer).parameters.items()}
    for name in ("steps", "seed", "batch_size", "device", "precision"):
        assert getattr(chosen, name) == known[name]
    assert losses.LOSSES[chosen.loss] is known["loss"]
    assert losses.PENALTIES[chosen.penalty] is known["penalty"]
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    oldest = ".".join(map(str, OLDEST_TORCH))
    assert f"torch>={oldest}" in project["project"]["dependencies"]
    judged = build_parser().parse_args(["evaluate", "--from", "run"]).judge_steps
    assert judged == inspect.signature(train_judge).parameters["steps"].default


def test_a_name_and_a_default_follow_their_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "planted.py").write_text(
        "raise SystemExit\n"
        "A: dict = {'a': ONE, '나': TWO}\n"
        "def made(x, *, steps=7, loss=TWO): ...\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert sources.table("planted", "A") == {"a": "ONE", "나": "TWO"}
    assert sources.defaults("planted", "made") == {"steps": "7", "loss": "TWO"}
    for look in (sources.table, sources.defaults):
        with pytest.raises(LookupError, match="B"):
            look("planted", "B")


class Asked(Exception):
    """학습기가 받은 값을 들고 멈춥니다."""


@pytest.mark.parametrize("penalty", ["none", *losses.PENALTIES])
def test_the_trainer_gets_the_loss_and_the_penalty_that_were_asked(
    penalty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*_: object, **given: Any) -> NoReturn:
        raise Asked(given)

    monkeypatch.setattr(commands, "Trainer", ask)
    for name, loss in losses.LOSSES.items():
        with pytest.raises(Asked) as asked:
            main([*RING, "--out", str(tmp_path), "--loss", name, "--penalty", penalty])
        (given,) = asked.value.args
        assert (given["loss"], given["penalty"]) == (loss, losses.PENALTIES.get(penalty))


# 만들기


def test_samples_are_written_as_arrays_and_as_a_picture(run_folder: Path, tmp_path: Path) -> None:
    for name, count in (("samples.npz", "12"), ("samples.png", "9")):
        given = ["--from", str(run_folder), "--count", count, "--out", str(tmp_path / name)]
        assert main(["sample", *given]) == 0
    with np.load(tmp_path / "samples.npz") as arrays:
        images, labels = arrays["images"], arrays["labels"]
    assert images.shape == (12, 1, 28, 28)
    assert -1 <= images.min() <= images.max() <= 1
    assert labels.tolist() == [*range(10), 0, 1]
    with Image.open(tmp_path / "samples.png") as picture:
        assert picture.size == (2 * (3 * 28 + 2 * 2),) * 2
    assert len(list(tmp_path.iterdir())) == 2


# 평가


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
    assert list(document) == [*about, *(name for name in MEASURES if name not in OF_MODES)]
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
    assert list(document)[4:] == list(OF_MODES)
    assert [document[name] for name in OF_MODES] == list(wanted)


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

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        given = ["evaluate", "--from", str(ring_folder), "--count", "100", "--out", str(out)]
        assert main(given) == 1
    assert capsys.readouterr().err == f"오류: 읽거나 쓸 수 없습니다: {out}\n"
    assert out.read_text("utf-8") == "앞선 평가"
    evaluated(ring_folder, out, capsys, "--out", str(out))
    assert [file.name for file in tmp_path.iterdir()] == ["a.json"]


def saved(folder: Path, source: str, class_names: list[str]) -> str:
    """학습하지 않은 생성기를 학습한 것처럼 저장합니다."""
    generator = Generator(latent_size=4, classes=len(class_names))
    discriminator = Discriminator(latent_size=4, classes=len(class_names))
    settings = {"data": source, "source": source, "class_names": class_names, "step": 0}
    return str(weights.save(folder, generator.eval(), discriminator, settings, []))


def pictures(folder: Path, groups: str) -> str:
    """종류마다 다른 밝기에 잡음을 뿌린 이미지 여덟 장씩의 폴더입니다."""
    random = np.random.default_rng(0)
    for place, group in enumerate(groups):
        (folder / group).mkdir(parents=True)
        for number in range(8):
            pixels = random.integers(0, 80, (9, 9)) + 170 * (place % 2)
            Image.fromarray(pixels.astype(np.uint8)).save(folder / group / f"{number}.png")
    return str(folder)


# 일을 시작하기 전에 거절하는 것과, 거절하는 함수를 빼면 일이 시작되는 것


class Refusal(NamedTuple):
    """거절할 입력과 그 이유, 그리고 거절하는 함수."""

    arguments: list[str]
    said: str
    guard: str
    classes: str = "ab"


REFUSALS = [
    Refusal([], "그때 .*'c'.*지금 .*'b'", "check_real", "abc"),
    Refusal(["--count", "99"], "--count.*받은 값 99", "check_number"),
    Refusal(["--count", "9" * 9], "--count.*100000 이하", "check_number"),
    Refusal(["--judge-steps", "0"], "--judge-steps.*받은 값 0", "check_number"),
    Refusal(["--seed", "-1"], "--seed.*0 이상", "check_number"),
    Refusal(["--out", "{}/a.txt"], ".json 파일.*a.txt", "check_file"),
    Refusal(["--out", "{}/b/a.json"], "폴더가 없습니다: .*b", "check_file"),
    Refusal(["--out", "{}/folder.json"], "같은 이름의 폴더", "check_file"),
    Refusal(["--out", "/proc/a.json"], "쓸 수 없습니다: /proc", "check_file"),
]


class Started(Exception):
    """거절하기 전에 일을 시작했습니다."""


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.said)
def test_a_bad_evaluation_is_refused_before_any_work(
    refusal: Refusal,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def start(*_: object, **__: object) -> NoReturn:
        raise Started

    for work in ("sample_images", "train_judge", "replace"):
        monkeypatch.setattr(evaluation, work, start)
    source = pictures(tmp_path / "photos", "ab")
    run = saved(tmp_path / "run", source, list(refusal.classes))
    (tmp_path / "folder.json").mkdir()
    given = ["evaluate", "--from", run, *(each.format(tmp_path) for each in refusal.arguments)]
    before = sorted(tmp_path.rglob("*"))
    assert main(given) == 1
    error = capsys.readouterr().err
    assert re.fullmatch(rf"오류: .*{refusal.said}.*\n", error), error
    assert sorted(tmp_path.rglob("*")) == before
    monkeypatch.setattr(evaluation, refusal.guard, lambda *_, **__: None)
    with pytest.raises(Started):
        main(given)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([*RING, "--out", "{}/a", "--checkpoint-every", "0"], "--checkpoint-every.*받은 값 0"),
        ([*RING, "--out", "{}/a", "--patience", "0"], "--patience.*받은 값 0"),
        ([*RING, "--out", "{}/a", "--resume", "--overwrite"], "함께 쓸 수 없습니다"),
        (["sample", "--from", "{}", "--out", "{}/a.png", "--seed", "-1"], "--seed.*0 이상"),
    ],
)
def test_bad_input_gives_one_korean_line(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.format(tmp_path) for argument in arguments]) == 1
    assert re.fullmatch(f"오류: .*{said}.*\n", capsys.readouterr().err)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("source", "class_names", "held_out"),
    [
        ("hangul", list(SYLLABLES), ["hangul-held_out"]),
        ("photos/hangul", ["a", "b"], []),  # 이름만 같은 여러분의 폴더
    ],
)
def test_only_the_real_hangul_is_held_against_unseen_faces(
    source: str,
    class_names: list[str],
    held_out: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    pictures(tmp_path / "photos" / "hangul", "ab")
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

    monkeypatch.setattr(evaluation, "evaluate_images", judged)
    monkeypatch.setattr(evaluation, "train_judge", learned)
    monkeypatch.setattr(evaluation, "accuracy", read)
    assert main(["evaluate", "--from", run, "--count", "100"]) == 0
    unseen = held_out or ["hangul"]
    assert [data.name for data in seen] == ["hangul", "hangul", *held_out, *unseen]
    first, *_, last = (len(data.images) for data in seen)
    assert (first, last) == ((700, 280) if held_out else (13, 3))

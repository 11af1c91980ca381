"""명령줄로 학습하고 만들고 평가하기. 틀린 입력마다 보이는 글은 `tests/FAULTS.md`가 봅니다."""

import inspect
import io
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any
from unicodedata import normalize
from unittest import mock

import numpy as np
import pytest
import torch
from learners import EACH
from PIL import Image
from safetensors import SafetensorError

from gan_docs import GAN, Discriminator, Generator, losses
from gan_docs.cli import commands, evaluation, learned, sources
from gan_docs.cli.evaluation import MEASURES
from gan_docs.cli.parser import OLDEST_TORCH, build_parser, main
from gan_docs.data import DATASETS, SYLLABLES, ring
from gan_docs.judging.judge import train_judge
from gan_docs.machines import devices
from gan_docs.metrics import OF_MODES, mode_statistics
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.saving import weights
from gan_docs.saving.weights import load_generator
from gan_docs.trainer import Trainer

RING = ["train", "--data", "ring", "--steps", "2", "--batch-size", "4"]


def photos(folder: Path, count: int = 12, seed: int = 0) -> None:
    """두 종류의 작은 사진을 둡니다."""
    random = np.random.default_rng(seed)
    for group in ("a", "b"):
        (folder / group).mkdir(parents=True)
        for number in range(count):
            pixels = random.integers(0, 256, (12, 16, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / group / f"{number}.png")


LEARN = ["--width", "16", "--height", "12", "--channels", "3", "--steps", "1", "--batch-size", "4"]
MEASURE = ["evaluate", "--from", "run", "--count", "100", "--judge-steps", "1"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """두 스텝씩 학습한 `digits`와 `ring`의 폴더입니다."""
    folder = tmp_path_factory.mktemp("runs")
    for name in ("digits", "ring"):
        assert main([*RING, "--data", name, "--out", str(folder / name)]) == 0
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """옮겨 가서 일할 빈 폴더입니다."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    """명령이 까닭을 한국어 한 줄로 적고 1로 끝나는지 봅니다."""

    def refused(said: str, *arguments: str) -> None:
        capsys.readouterr()
        assert main(list(arguments)) == 1
        assert re.fullmatch(rf"오류: .*{said}.*\n", capsys.readouterr().err)

    return refused


@pytest.mark.slow
def test_help_is_korean_and_reads_no_torch() -> None:
    ask = (
        "import contextlib, sys\n"
        "from gan_docs.cli.parser import main\n"
        "for name in ('train', 'sample', 'evaluate'):\n"
        "    with contextlib.suppress(SystemExit):\n"
        "        main([name, '--help'])\n"
        "for _ in range(2):\n"
        "    print({'torch', 'numpy', 'matplotlib', 'sklearn'} & sys.modules.keys())\n"
        "    import torch\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, encoding="utf-8", check=True
    )
    *told, clean, planted = done.stdout.splitlines()
    assert any("스텝 수 (기본값 3000)" in line for line in told)
    assert clean == "set()" and "'torch'" in planted


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


class Started(Exception):
    """일을 시작했습니다."""


@pytest.mark.parametrize(("name", "penalty"), EACH)
def test_the_trainer_gets_the_loss_and_the_penalty_that_were_asked(
    name: str, penalty: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = mock.Mock(side_effect=Started)
    monkeypatch.setattr(commands, "Trainer", trainer)
    asked = [*RING, "--out", str(tmp_path), "--precision", "bfloat16"]
    asked += ["--loss", name, "--penalty", penalty or "none"]
    plain = losses.PENALTIES.get(penalty or "")
    scaled = plain and plain.with_strength(*(2.5 * each for each in plain.strength))
    for more, wanted in (([], plain), (["--penalty-scale", "2.5"], scaled)):
        with pytest.raises(Started):
            main([*asked, *more])
        given = trainer.call_args.kwargs
        assert (given["loss"], given["penalty"]) == (losses.LOSSES[name], wanted)
        assert given["precision"] == "bfloat16"


def test_samples_are_written_as_arrays_and_as_a_picture(runs: Path, tmp_path: Path) -> None:
    for name, count in (("samples.npz", "12"), ("samples.png", "9")):
        given = ["--from", str(runs / "digits"), "--count", count, "--out", str(tmp_path / name)]
        assert main(["sample", *given]) == 0
    with np.load(tmp_path / "samples.npz") as arrays:
        images, labels = arrays["images"], arrays["labels"]
    assert images.shape == (12, 1, 28, 28)
    assert -1 <= images.min() <= images.max() <= 1
    assert labels.tolist() == [*range(10), 0, 1]
    with Image.open(tmp_path / "samples.png") as picture:
        assert picture.size == (2 * (3 * 28 + 2 * 2),) * 2
    assert len(list(tmp_path.iterdir())) == 2


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
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a.json"
    document = evaluated(runs / "digits", out, capsys, "--out", str(out), "--seed", "3")
    about = {"data": "digits", "step": 2, "count": 100, "seed": 3}
    assert list(document) == [*about, *(name for name in MEASURES if name not in OF_MODES)]
    assert {name: document[name] for name in about} == about
    assert 0.1 < document["judge_accuracy"] <= 1  # 세 스텝을 배운 심판도 찍는 것보다 나음
    assert document["frechet_distance"] > 1  # 두 스텝을 배운 생성기


def test_pictures_without_classes_are_judged_too(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """이름표가 없으면 배우지 않은 심판이 보고, 종류에 매인 지표만 빠집니다."""
    photos(here / "photos")
    monkeypatch.setattr(evaluation, "train_judge", mock.Mock(side_effect=Started))
    assert main(["train", "--data", "photos/a", *LEARN, "--out", "run"]) == 0
    capsys.readouterr()
    assert main(MEASURE) == 0
    told = capsys.readouterr()
    assert told.err == f"{evaluation.UNLABELLED}\n"
    document = json.loads(Path("run/evaluation.json").read_text("utf-8"))
    of_labels = {"judge_accuracy", "smallest_class", "label_agreement"}
    assert list(document)[4:] == [name for name in MEASURES if name not in {*of_labels, *OF_MODES}]
    assert document["compared"] == 12 and document["frechet_distance"] > 1
    assert main(MEASURE) == 0  # 같은 시드면 같은 눈
    assert capsys.readouterr() == told


def test_a_run_of_points_is_counted(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = evaluated(runs / "ring", runs / "ring" / "evaluation.json", capsys)
    out = tmp_path / "points.npz"
    assert main(["sample", "--from", str(runs / "ring"), "--count", "100", "--out", str(out)]) == 0
    with np.load(out) as arrays:
        wanted = mode_statistics(arrays["images"], ring().centers, ring().sigma)
    assert list(document)[4:] == list(OF_MODES)
    assert [document[name] for name in OF_MODES] == list(wanted)


def test_an_earlier_evaluation_is_replaced_at_once(
    runs: Path, tmp_path: Path, refused: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a.json"
    out.write_text("앞선 평가", "utf-8")
    given = ["evaluate", "--from", str(runs / "ring"), "--count", "100", "--out", str(out)]
    with mock.patch.object(os, "fsync", side_effect=OSError(28, "가득 참", str(out))):
        refused(f"쓸 자리가 모자랍니다. 디스크의 자리를 비우세요: {out}", *given)
    assert out.read_text("utf-8") == "앞선 평가"
    evaluated(runs / "ring", out, capsys, "--out", str(out))
    assert [file.name for file in tmp_path.iterdir()] == ["a.json"]


def saved(folder: Path, source: str | dict[str, Any], class_names: list[str]) -> str:
    """학습하지 않은 생성기를 학습한 것처럼 저장합니다."""
    generator = Generator(latent_size=4, classes=len(class_names))
    discriminator = Discriminator(latent_size=4, classes=len(class_names))
    name = source if isinstance(source, str) else "a"
    settings = {"data": name, "source": source, "class_names": class_names, "step": 0}
    return str(weights.save(folder, generator.eval(), discriminator, settings, []))


REFUSALS = [
    ("abc", [], "그때 .*'c'.*지금 .*'하'", "check_real"),
    (SYLLABLES, ["--count", "99"], "--count.*받은 값 99", "check_number"),
    (SYLLABLES, ["--judge-steps", "0"], "--judge-steps.*받은 값 0", "check_number"),
    (SYLLABLES, ["--seed", "-1"], "--seed.*0 이상", "check_number"),
    (SYLLABLES, ["--out", "{}/a.txt"], ".json 파일.*a.txt", "check_file"),
    (SYLLABLES, ["--out", "{}/folder.json"], "같은 이름의 폴더", "check_file"),
]


@pytest.mark.parametrize(("classes", "arguments", "said", "guard"), REFUSALS)
def test_a_bad_evaluation_is_refused_before_any_work(
    classes: str,
    arguments: list[str],
    said: str,
    guard: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    refused: Callable[..., None],
) -> None:
    for work in ("sample_images", "train_judge", "replace"):
        monkeypatch.setattr(evaluation, work, mock.Mock(side_effect=Started))
    run = saved(tmp_path / "run", "hangul", list(classes))
    (tmp_path / "folder.json").mkdir()
    given = ["evaluate", "--from", run, *(each.format(tmp_path) for each in arguments)]
    before = sorted(tmp_path.rglob("*"))
    refused(said, *given)
    assert sorted(tmp_path.rglob("*")) == before
    monkeypatch.setattr(evaluation, guard, lambda *_, **__: None)
    with pytest.raises(Started):
        main(given)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([*RING, "--out", "{}/a", "--checkpoint-every", "0"], "--checkpoint-every.*받은 값 0"),
        ([*RING, "--out", "{}/a", "--patience", "0"], "--patience.*받은 값 0"),
        ([*RING, "--out", "{}/a", "--penalty-scale", "0"], "--penalty-scale.*받은 값 0"),
        ([*RING, "--out", "{}/a", "--penalty-scale", "nan"], "--penalty-scale.*받은 값 nan"),
        ([*RING, "--out", "{}/a", "--resume", "--overwrite"], "함께 쓸 수 없습니다"),
        (["sample", "--from", "{}", "--out", "{}/a.png", "--seed", "-1"], "--seed.*0 이상"),
    ],
)
def test_bad_input_gives_one_korean_line(
    arguments: list[str], said: str, tmp_path: Path, refused: Callable[..., None]
) -> None:
    refused(said, *(argument.format(tmp_path) for argument in arguments))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SafetensorError("I/O error"), "모델을 쓰지 못했습니다. 디스크의 자리를 비우세요: I/O"),
        (MemoryError(), "메모리가 모자랍니다"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "메모리가 모자랍니다"),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), "메모리가 모자랍니다"),
        (None, "49장까지 그립니다.*받은 값 50"),
    ],
)
def test_more_than_the_machine_holds_gives_one_korean_line(
    error: Exception | None,
    said: str,
    runs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    refused: Callable[..., None],
) -> None:
    given = ["sample", "--from", str(runs / "ring"), "--count", "50", "--out"]
    monkeypatch.setattr(commands, "MOST_DRAWN", 2 * (50 if error else 49))
    monkeypatch.setattr(commands, "sample_images", mock.Mock(side_effect=error or Started))
    refused(said, *given, str(tmp_path / "a.png"))
    monkeypatch.setattr(commands, "sample_images", mock.Mock(side_effect=Started))
    with pytest.raises(Started):  # 다른 오류는 감추지 않고, npz는 벽을 그리지 않음
        main([*given, str(tmp_path / "a.npz")])


@pytest.mark.parametrize(
    ("source", "class_names", "unseen"),
    [
        ("hangul", list(SYLLABLES), "hangul-held_out"),
        ("photos/hangul", ["a", "b"], None),  # 이름만 같은 여러분의 폴더
    ],
)
def test_only_the_real_hangul_is_held_against_unseen_faces(
    source: str,
    class_names: list[str],
    unseen: str | None,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photos(here / "photos" / "hangul", count=8)
    told = source if unseen else learned.described(source, learned.read(source, {}))
    run = saved(here / "run", told, class_names)
    judged, read = mock.Mock(return_value={}), mock.Mock(return_value=0.5)
    taught_judge = mock.Mock(return_value=torch.nn.Sequential())
    monkeypatch.setattr(evaluation, "evaluate_images", judged)
    monkeypatch.setattr(evaluation, "train_judge", taught_judge)
    monkeypatch.setattr(evaluation, "accuracy", read)
    assert main(["evaluate", "--from", run, "--count", "100"]) == 0
    *_, real, held_out = judged.call_args.args
    assert (real.name, held_out and held_out.name) == ("hangul", unseen)
    taught, asked = taught_judge.call_args.args[0], read.call_args.args[1]
    assert (len(taught.images), len(asked.images)) == ((700, 280) if unseen else (13, 3))


def test_what_was_learned_is_what_is_measured(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    refused: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    photos(here / "digits")  # 이름만 숫자 데이터와 같은 여러분의 폴더
    assert main(["train", "--data", "./digits", *LEARN, "--out", "run"]) == 0
    assert main(MEASURE) == 0
    assert "이미지 24장 2종류를 16×12 컬러로 읽었습니다" in capsys.readouterr().out

    photos(here / "other" / "digits", seed=1)  # 다른 자리의 같은 이름
    monkeypatch.chdir(here / "other")
    assert main([*MEASURE[:1], "--from", "../run", *MEASURE[3:]]) == 0
    assert "달라" not in capsys.readouterr().err
    monkeypatch.chdir(here)

    (here / "digits" / "a" / "0.png").unlink()
    refused("데이터가 달라져 잴 수 없습니다: 그때 24장, 지금 23장", *MEASURE)
    pixels = np.zeros((12, 16, 3), np.uint8)  # 장수는 같고 내용만 다름
    Image.fromarray(pixels).save(here / "digits" / "a" / "0.png")
    refused("그때 24장, 지금 24장", *MEASURE)


def test_a_folder_is_found_by_its_name_in_either_form(
    here: Path, refused: Callable[..., None]
) -> None:
    """맥에서 압축한 폴더는 이름이 자모로 나뉘지만, 자판으로는 음절을 적습니다."""
    kept, typed = (normalize(form, "우리 집/사진") for form in ("NFD", "NFC"))
    photos(here / kept)
    train = ["train", "--data", typed, *LEARN, "--out"]
    refused("--out은 --data의 폴더 밖에", *train, f"{typed}/run")
    assert main([*train, "run"]) == 0
    assert main(MEASURE) == 0
    Path(kept).parent.rename(Path(typed).parent)  # 다른 기계로 옮기며 이름의 꼴만 바뀜
    (Path(typed).parent / Path(kept).name).rename(typed)
    assert main(MEASURE) == 0


def test_a_training_that_fails_leaves_no_folder(here: Path, refused: Callable[..., None]) -> None:
    photos(here / "photos")
    refusals = {
        ("photos", "photos/run"): "--out은 --data의 폴더 밖에",
        ("photos", "photos/../photos/a/run"): "--out은 --data의 폴더 밖에",
        ("none", "one/two"): "데이터는 .*'none'",
        ("self", "one"): "데이터는 .*'self'",
        ("photos", "self"): "폴더를 만들 수 없습니다: self",
        ("photos", "lost"): "폴더를 만들 수 없습니다: lost",
        ("photos", "lost/one"): "폴더를 만들 수 없습니다: lost/one",
        ("photos", "\udcb3\udcaa"): "폴더의 이름이 UTF-8이 아닙니다",
    }
    for link, goal in (("self", "self"), ("lost", "nowhere")):
        Path(link).symlink_to(goal)
    before = sorted(here.rglob("*"))
    for (source, out), said in refusals.items():
        refused(said, "train", "--data", source, *LEARN, "--out", out)
        assert sorted(here.rglob("*")) == before
    for name in ("digits", "emoji", "mnist"):  # 정해진 크기를 바꾸라면
        said = f"{name} 데이터에는 쓸 수 없습니다: --channels"
        refused(said, "train", "--data", name, "--channels", "3", "--out", "run")


def test_a_name_that_cannot_be_printed_ends_no_finished_work(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = io.TextIOWrapper(io.BytesIO(), encoding="cp949", write_through=True)
    monkeypatch.setattr(sys, "stdout", told)
    assert main([*RING, "--out", "run😀"]) == 0
    assert told.buffer.getvalue().decode("cp949").startswith("run?에 저장했습니다.")  # type: ignore[attr-defined]
    assert (here / "run😀" / "weights.safetensors").is_file()


def test_a_grey_photograph_is_drawn_as_it_is(tmp_path: Path) -> None:
    white = np.ones((1, 1, 8, 8), np.float32)
    for photo, shade in ((True, 255), (False, 0)):  # 글자의 +1은 잉크
        commands.picture(white, tmp_path / "a.png", photo)
        with Image.open(tmp_path / "a.png") as drawn:
            middle = (drawn.width // 2, drawn.height // 2)
            grey, opacity = drawn.convert("LA").getpixel(middle)  # type: ignore[misc]
        assert abs(grey - shade) < 60 and opacity == 255


@pytest.mark.parametrize(
    ("settings", "photographs"),
    [
        ({"data": "강아지"}, True),  # `Trainer.save`로 저장한 여러분의 폴더
        ({"data": "hangul"}, False),
        ({"data": "mnist-held_out"}, False),
        ({"data": "hangul", "source": {"kind": "folder", "name": "hangul"}}, True),
        ({"data": "hangul", "source": {"kind": "name", "name": "hangul"}}, False),
    ],
)
def test_own_pictures_are_told_from_letters(settings: dict[str, Any], photographs: bool) -> None:
    assert learned.photographs(settings) == photographs


@pytest.mark.parametrize("rank", [0, 1])
def test_what_was_read_is_told_once_however_many_processes(
    rank: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos(tmp_path / "photos", count=1)
    with commands.once(mock.Mock(rank=rank)):
        assert len(learned.read(str(tmp_path / "photos"), {}).class_names) == 2
    assert capsys.readouterr().out.count("이미지 2장") == (rank == 0)


class AfterTwo(list[int]):
    """두 스텝 뒤에 들은 것이 되는 신호입니다."""

    asked = 0

    def __bool__(self) -> bool:
        self.asked += 1
        return self.asked > 1


stopping = partial(
    mock.patch.object, commands, "heard_signals", lambda insist: nullcontext(AfterTwo([15]))
)


@pytest.mark.parametrize("stopped", [False, True])  # 다 배운 뒤에, 배우다 멈춘 뒤에
def test_resuming_with_more_steps_extends_the_plan(
    stopped: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def train(steps: int, *given: str) -> int:
        return main([*RING[:3], "--steps", str(steps), *RING[5:], "--out", str(tmp_path), *given])

    with stopping() if stopped else nullcontext():
        assert train(3) == (128 + 15 if stopped else 0)
    assert train(5, "--resume") == 0
    assert "계획을 2스텝 늘려 5스텝까지" in capsys.readouterr().err
    torch.manual_seed(0)
    extended = Trainer(GAN(PointDiscriminator(), PointGenerator()), ring(), steps=3, batch_size=4)
    extended.train(2 if stopped else 3, progress=False)
    extended.extend(2)
    extended.train(progress=False)
    saved = load_generator(tmp_path)[0].state_dict()
    same = extended.finished_generator().state_dict()
    assert all(torch.equal(saved[name], same[name]) for name in same)
    assert train(5, "--resume") == 0  # 다 배웠으면 더하지 않음
    assert "늘려" not in capsys.readouterr().err
    assert train(4, "--resume") == 1
    assert "스텝 수(그때 5, 지금 4)" in capsys.readouterr().err


@pytest.mark.slow
def test_own_pictures_go_round(
    here: Path, refused: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """폴더로 학습하다 멈추고, 이어 하고, 만들고, 잽니다. 이어 한 것은 한 번에 한 것과 같습니다."""
    photos(here / "photos")
    train = ["train", "--data", "photos", *LEARN, "--steps", "4"]
    assert main([*train, "--out", "runs/whole"]) == 0
    with stopping():
        assert main([*train, "--out", "runs/photos"]) == 128 + 15
    assert "2스텝까지 runs/photos에 저장했습니다" in capsys.readouterr().err
    assert main([*train, "--out", "runs/photos", "--resume"]) == 0
    assert "2스텝에서 이어 갑니다" in capsys.readouterr().err
    stopped, whole = (load_generator(Path("runs", name)) for name in ("photos", "whole"))
    assert stopped[1] == whole[1] and stopped[1]["source"]["count"] == 24
    pairs = zip(stopped[0].state_dict().values(), whole[0].state_dict().values(), strict=True)
    assert all(torch.equal(*pair) for pair in pairs)

    assert main(["sample", "--from", "runs/photos", "--count", "4", "--out", "made.npz"]) == 0
    with np.load("made.npz") as made:
        assert made["images"].shape == (4, 3, 12, 16)
    judging = ["--count", "100", "--judge-steps", "1"]
    assert main(["evaluate", "--from", "runs/photos", *judging]) == 0
    document = json.loads(Path("runs/photos/evaluation.json").read_text("utf-8"))
    assert document["data"] == "photos" and document["step"] == 4
    refused("다른 설정이 있습니다", *train, "--width", "24", "--out", "runs/photos", "--resume")

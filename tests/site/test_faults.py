"""표의 줄마다 그 흠을 정말로 일으켜, 적힌 글과 코드를 보이고 적힌 것을 남기는지 봅니다."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from faults import FAULTS, Fault, read
from PIL import Image
from reduced import FRONT_MATTER, ROOT
from toy import Toy

from gan_docs import Discriminator, Generator, Trainer
from gan_docs.cli.parser import main
from gan_docs.saving import weights

TRAIN = ["train", "--data", "ring", "--steps", "2", "--batch-size", "4"]
DEAD = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
SAVE = "(folder / ARRAYS).write_bytes(save(arrays))"
FULL = 'if name == "first":\n            (folder / ARRAYS).symlink_to("/dev/full")\n        '
START = "    started = time.perf_counter()\n"


class Seen(NamedTuple):
    """사용자가 본 것입니다."""

    code: int
    said: str


Action = Callable[[], Seen]
Scenario = Callable[["Place"], Action]
SCENARIOS: dict[str, Scenario] = {}
RARE = {"site-is-a-file", "cache-is-a-file", "home-unwritable", "no-web-font", "file-size-limit"}


class Place:
    """흠 하나를 일으킬 폴더와, 이미 한 번 빌드해 둔 작은 프로젝트입니다."""

    def __init__(self, folder: Path, built: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.built, self.monkeypatch = folder, built, monkeypatch

    def run(self, *arguments: str) -> Action:
        """명령줄을 이 프로세스에서 부릅니다."""
        return lambda: spoken(lambda: main(arguments))

    def toy(self, *, fresh: bool = False, seconds: float = 0.3) -> Toy:
        """작은 프로젝트입니다. `fresh`가 아니면 결과와 사이트가 이미 있습니다."""
        toy = Toy(self.folder / "site", self.folder / "cache", self.folder / "log", seconds)
        if not fresh:
            shutil.copytree(self.built.cache, toy.cache)
            shutil.copytree(self.built.site, toy.site)
        toy.configure()
        return toy

    def page(self, body: str, front_matter: str = FRONT_MATTER) -> Action:
        """흠이 있는 쪽을 더한 빌드입니다."""
        toy = self.toy()
        toy.write("flaw.md", f"# 페이지\n\n{body}\n", front_matter)
        toy.configure()
        return building(toy)

    def model(self) -> Path:
        """학습하지 않은 생성기를 저장한 폴더입니다."""
        return saved(self.folder / "run", "digits", list("0123456789"))


def spoken(call: Callable[[], int]) -> Seen:
    """종료 코드와 표준 오류의 글입니다."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        try:
            code = call()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Seen(code, said.getvalue())


def building(toy: Toy, *arguments: str, **environment: str) -> Action:
    def act() -> Seen:
        done = toy.make(*arguments, **environment)
        return Seen(done.returncode, done.stdout)

    return act


def training(toy: Toy, **environment: str) -> Action:
    """실험과 그림만 갖춥니다: 빌드가 낳는 바로 그 프로세스입니다."""

    def act() -> Seen:
        process = toy.start_training(**environment)
        said, _ = process.communicate()
        return Seen(process.returncode, said)

    return act


def limited(kilobytes: int, command: list[str], toy: Toy | None = None) -> Action:
    """쓸 수 있는 파일의 크기를 줄인 채 명령을 돌립니다."""

    script = f'ulimit -f {kilobytes}; exec "$@"'

    def act() -> Seen:
        done = subprocess.run(
            ["bash", "-c", script, "limited", sys.executable, *command],
            cwd=toy.folder if toy else ROOT, env=toy.environment() if toy else None,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip
        return Seen(done.returncode, done.stdout)

    return act


def saved(
    folder: Path, source: str, class_names: list[str], size: int = 28, **lost: object
) -> Path:
    classes = len(class_names)
    generator = Generator(size, size, latent_size=4, classes=classes)
    discriminator = Discriminator(size, size, latent_size=4, classes=classes)
    settings = {"data": source, "source": source, "class_names": class_names, "step": 0}
    settings = {} if lost else settings
    return Path(weights.save(folder, generator.eval(), discriminator, settings, []))


def pictures(folder: Path, groups: str, count: int = 8) -> str:
    random = np.random.default_rng(0)
    for group in groups:
        (folder / group).mkdir(parents=True)
        for number in range(count):
            pixels = random.integers(0, 255, (9, 9)).astype(np.uint8)
            Image.fromarray(pixels).save(folder / group / f"{number}.png")
    return str(folder)


def scenario(name: str) -> Callable[[Scenario], Scenario]:
    """표의 이름에 흠을 일으키는 함수를 잇습니다."""

    def register(function: Scenario) -> Scenario:
        assert name not in SCENARIOS, name
        SCENARIOS[name] = function
        return function

    return register


def commands(name: str, *arguments: str) -> None:
    """받은 인자만으로 일어나는 흠입니다. `{}`는 그 자리의 폴더입니다."""
    SCENARIOS[name] = lambda place: place.run(*(each.format(place.folder) for each in arguments))


OUT = ("--out", "{}/run")
commands("unknown-command", "dance")
commands("no-command")
commands("missing-argument", *TRAIN)
commands("unknown-argument", *TRAIN, *OUT, "--wrong")
commands("unknown-data", "train", "--data", "digit", *OUT)
commands("no-steps", *TRAIN, *OUT, "--steps", "0")
commands("steps-in-letters", *TRAIN, *OUT, "--steps", "many")
commands("batch-of-one", *TRAIN, *OUT, "--batch-size", "1")
commands("huge-batch", *TRAIN, *OUT, "--batch-size", "999999999999")
commands("negative-seed", *TRAIN, *OUT, "--seed", "-1")
commands("no-threads", *TRAIN, *OUT, "--threads", "0")
commands("too-many-threads", *TRAIN, *OUT, "--threads", "1000000")
commands("unknown-loss", *TRAIN, *OUT, "--loss", "crossed")
commands("unknown-penalty", *TRAIN, *OUT, "--penalty", "r3")
commands("unknown-device", *TRAIN, *OUT, "--device", "tpu")
commands("unknown-precision", *TRAIN, *OUT, "--precision", "float16")
commands("folder-that-cannot-be-made", *TRAIN, "--out", "/proc/a")
commands("no-model", "sample", "--from", "{}/none", "--out", "{}/a.png")


@scenario("out-is-a-file")
def _(place: Place) -> Action:
    (place.folder / "file").touch()
    return place.run(*TRAIN, "--out", str(place.folder / "file"))


@scenario("earlier-run")
def _(place: Place) -> Action:
    return place.run(*TRAIN, "--out", str(place.model()))


def of_images(place: Place, name: str = "", content: bytes = b"") -> Action:
    """이미 학습한 것을 바꾸려다 데이터를 읽지 못합니다: 앞선 것은 남습니다."""
    (place.folder / "photos").mkdir()
    if name:
        (place.folder / "photos" / name).write_bytes(content)
    run = ["--data", str(place.folder / "photos"), "--out", str(place.model()), "--overwrite"]
    return place.run("train", *run)


SCENARIOS["empty-images"] = of_images
SCENARIOS["broken-image"] = lambda place: of_images(place, "broken.png", b"PNG?")


@scenario("data-is-a-file")
def _(place: Place) -> Action:
    (place.folder / "file").touch()
    run = str(place.model())
    return place.run("train", "--data", f"{place.folder}/file", "--out", run, "--overwrite")


@scenario("train-interrupted")
def _(place: Place) -> Action:
    whole = Trainer.train

    def interrupted(trainer: Trainer, **chosen: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return whole(trainer, **{**chosen, "progress": False})

    place.monkeypatch.setattr(Trainer, "train", interrupted)
    return place.run(*TRAIN, "--out", str(place.folder / "run"))


@scenario("train-disk-full")
def _(place: Place) -> Action:
    run = str(saved(place.folder / "run", "ring", []))
    return limited(1, ["-m", "gan_docs", *TRAIN, "--out", run, "--overwrite"])


def sampled(place: Place, *others: str, out: str = "a.png") -> Action:
    target = out if out.startswith("/") else str(place.folder / out)
    return place.run("sample", "--from", str(place.folder / "run"), "--out", target, *others)


def spoiled(spoil: Callable[[bytes], bytes]) -> Scenario:
    def prepare(place: Place) -> Action:
        file = place.model() / weights.WEIGHTS
        file.write_bytes(spoil(file.read_bytes()))
        return sampled(place)

    return prepare


SCENARIOS["flipped-model"] = spoiled(lambda content: content[:-1] + bytes([content[-1] ^ 1]))
SCENARIOS["cut-model"] = spoiled(lambda content: content[:-10])
SCENARIOS["foreign-model"] = spoiled(lambda content: b"\xff" * 4096)


@scenario("sample-suffix")
def _(place: Place) -> Action:
    place.model()
    return sampled(place, out="a.gif")


@scenario("sample-folder")
def _(place: Place) -> Action:
    place.model()
    return sampled(place, out="none/a.png")


@scenario("sample-unwritable")
def _(place: Place) -> Action:
    place.model()
    return sampled(place, out="/proc/a.png")


@scenario("no-samples")
def _(place: Place) -> Action:
    place.model()
    return sampled(place, "--count", "0")


def judged(groups: str | None, count: int = 8, names: str = "ab") -> Scenario:
    def prepare(place: Place) -> Action:
        source = place.folder / "photos"
        if groups is not None:
            pictures(source, groups, count)
        run = saved(place.folder / "run", str(source), list(names))
        return place.run("evaluate", "--from", str(run))

    return prepare


SCENARIOS["unlabelled-images"] = judged(".", names="")
SCENARIOS["too-few-images"] = judged("ab", 4)
SCENARIOS["other-classes"] = judged("abc")
SCENARIOS["vanished-images"] = judged(None)


@scenario("other-size")
def _(place: Place) -> Action:
    run = saved(place.folder / "run", "digits", list("0123456789"), 8)
    return place.run("evaluate", "--from", str(run))


@scenario("other-program")
def _(place: Place) -> Action:
    run = saved(place.folder / "run", "", [], 8, settings=True)
    return place.run("evaluate", "--from", str(run))


@scenario("old-torch")
def _(place: Place) -> Action:
    place.monkeypatch.setattr(metadata, "version", lambda name: "2.3.1")
    return place.run(*TRAIN, "--out", str(place.folder / "run"))


@scenario("no-gpu")
def _(place: Place) -> Action:
    place.monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    return place.run(*TRAIN, "--out", str(place.folder / "run"), "--device", "cuda")


@scenario("mnist-without-a-network")
def _(place: Place) -> Action:
    run = saved(place.folder / "run", "ring", [])
    cache = place.folder / "cache" / "mnist"
    cache.mkdir(parents=True)
    for name, value in {**DEAD, "GAN_DOCS_CACHE": str(cache.parent)}.items():
        place.monkeypatch.setenv(name, value)
    return place.run("train", "--data", "mnist", "--out", str(run), "--overwrite")


def dev(place: Place) -> Any:
    specification = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    place.monkeypatch.setattr(module, "ROOT", str(place.folder))
    return module


@scenario("old-python")
def _(place: Place) -> Action:
    module = dev(place)
    place.monkeypatch.setattr(module, "OLDEST", (9, 0))
    place.monkeypatch.setattr(module.platform, "python_version", lambda: "3.10.0")
    return lambda: spoken(lambda: module.main(["build"]))


@scenario("unknown-task")
def _(place: Place) -> Action:
    module = dev(place)
    return lambda: spoken(lambda: module.main(["dance"]))


@scenario("cache-is-a-file")
def _(place: Place) -> Action:
    (place.folder / "file").touch()
    return building(place.toy(), GAN_DOCS_CACHE=str(place.folder / "file"))


@scenario("cache-unwritable")
def _(place: Place) -> Action:
    return building(place.toy(), GAN_DOCS_CACHE="/proc/cache")


@scenario("home-unwritable")
def _(place: Place) -> Action:
    return building(place.toy(), GAN_DOCS_CACHE="", XDG_CACHE_HOME="", HOME="/proc")


@scenario("site-unwritable")
def _(place: Place) -> Action:
    return building(place.toy(), "build", "--strict", "--site-dir", "/proc/site")


@scenario("site-is-a-file")
def _(place: Place) -> Action:
    file = place.folder / "file"
    file.touch()
    return building(place.toy(), "build", "--strict", "--site-dir", str(file))


@scenario("taken-port")
def _(place: Place) -> Action:
    toy = place.toy()

    def act() -> Seen:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            return building(toy, "serve", "-a", f"127.0.0.1:{port}")()

    return act


def waits_for_the_third(place: Place) -> Toy:
    """첫째는 셋째가 끝난 뒤에 흠을 냅니다. 남는 것이 있는지 보려는 것입니다."""
    toy = place.toy(fresh=True)
    third = f'__import__("pathlib").Path({str(toy.cache)!r}).glob("results/third/*/record.json")'
    wait = f"    while not any({third}):\n        time.sleep(0.02)\n"
    toy.edit("experiments/first.py", START, START + wait)
    return toy


@scenario("disk-full")
def _(place: Place) -> Action:
    toy = waits_for_the_third(place)
    toy.edit("site/make/results.py", SAVE, FULL + SAVE)
    return training(toy)


@scenario("file-size-limit")
def _(place: Place) -> Action:
    toy = place.toy(fresh=True)
    return limited(2, ["-m", "gan_docs.site"], toy)


@scenario("site-disk-full")
def _(place: Place) -> Action:
    return limited(16, ["-m", "mkdocs", "build", "--strict"], place.toy())


@scenario("failed-experiment")
def _(place: Place) -> Action:
    toy = waits_for_the_third(place)
    flaw = '    raise ArithmeticError("손실이 유한하지\\n않습니다")\n'
    toy.edit("experiments/first.py", "    numbers = {", flaw + "    numbers = {")
    return training(toy)


@scenario("killed-experiment")
def _(place: Place) -> Action:
    toy = waits_for_the_third(place)
    toy.edit(
        "experiments/first.py", "    numbers = {", "    os.kill(os.getpid(), 9)\n    numbers = {"
    )
    return training(toy)


@scenario("build-interrupted")
def _(place: Place) -> Action:
    toy = place.toy(seconds=20)
    shutil.rmtree(toy.cache / "results" / "first")

    def act() -> Seen:
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        process = toy.start()  # 뒤에서 도는 셸은 이 신호를 무시하게 하고, 무시는 물려받으므로
        signal.signal(signal.SIGINT, before)
        while not toy.trained():
            assert process.poll() is None
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate()
        return Seen(process.returncode, said)

    return act


@scenario("unending-needs")
def _(place: Place) -> Action:
    toy = place.toy()
    toy.edit("experiments/second.py", "needs=('first',)", "needs=('second',)")
    return building(toy)


@scenario("no-figure-font")
def _(place: Place) -> Action:
    toy = place.toy()
    (toy.package / "assets" / "gan-docs-sans.otf").unlink()
    return building(toy)


@scenario("letter-without-glyph")
def _(place: Place) -> Action:
    toy = place.toy()
    toy.edit("site/make/figures/toy.py", "세 글자", "없는 글자 𓀀")
    return training(toy)


@scenario("measured-missing")
def _(place: Place) -> Action:
    toy = place.toy()
    shutil.rmtree(toy.cache / "results" / "third")
    return training(toy, GAN_DOCS_MEASURED=str(place.folder / "none.json"))


@scenario("measured-elsewhere")
def _(place: Place) -> Action:
    toy = place.toy()
    file = place.folder / "record.json"
    file.write_text((toy.site / "build.json").read_text("utf-8"), "utf-8")
    toy.edit("experiments/third.py", "steps=4", "steps=5")
    return training(toy, GAN_DOCS_MEASURED=str(file))


def without(package: str) -> Scenario:
    def prepare(place: Place) -> Action:
        toy = place.toy()
        modules = toy.folder / "node_modules"
        modules.unlink()
        modules.mkdir()
        for other in (ROOT / "node_modules").iterdir():
            if other.name != package:
                (modules / other.name).symlink_to(other)
        return building(toy)

    return prepare


SCENARIOS["no-katex"] = without("katex")
SCENARIOS["no-web-font"] = without("pretendard")


@scenario("no-node")
def _(place: Place) -> Action:
    toy = place.toy()
    toy.code("machines/programs.py", "def node():\n    return None\n")
    toy.write("flaw.md", "# 페이지\n\n$x^{17}$\n")
    toy.configure()
    return building(toy)


def pages(name: str, body: str, *, rarely: bool = True) -> None:
    """페이지 하나의 흠입니다. 모두 같은 길로 멈추므로 대부분은 넓게 볼 때에만 빌드합니다."""
    SCENARIOS[name] = lambda place: place.page(body)
    if rarely:
        RARE.add(name)


pages("unknown-experiment", "{{ nobody.steps }}")
pages("unknown-number", "{{ first.median }}", rarely=False)
pages("bad-format", "{{ first.mean:d }}")
pages("unknown-table", "{{ table.nothing }}")
pages("unknown-figure", "```figure\nnothing\n```")
pages("bad-formula", "$\\frak{x$")
pages("missing-section", '```python\n--8<-- "gan_docs/losses.py:nothing"\n```')
pages("vacuous-block", "```console\n(.venv) $ python3 dev.py build\n```")
pages("open-fence", "```python\n1\n")
pages("silent-skip", "<!--pytest.mark.skip-->\n```python\n1\n```")
pages("output-by-hand", "```python\nprint(1)\n```\n\n```output\n1\n```")
pages("failing-block", "```python\nprint(1 / 0)\n```\n\n```output\n```", rarely=False)
pages("stopped-by-the-policy", '<p onclick="alert(1)">글</p>', rarely=False)
pages("formula-in-heading", "## 제목의 $x$")
SCENARIOS["no-date"] = lambda place: place.page(
    "글", FRONT_MATTER.replace("date: 2019-08-20\n", "")
)


@scenario("failing-cell")
def _(place: Place) -> Action:
    toy = place.toy()
    toy.notebook("raise OSError('셀의 까닭')")
    toy.configure()
    return building(toy)


@scenario("broken-notebook")
def _(place: Place) -> Action:
    toy = place.toy()
    toy.notebook("1")
    (toy.folder / "docs" / "training" / "how-to-train.ipynb").write_text("[]", "utf-8")
    toy.configure()
    return building(toy)


Snapshot = dict[str, str]


def snapshot(folder: Path) -> Snapshot:
    """폴더의 모든 파일입니다. 자물쇠와, 옮긴 파이썬 코드와, 돈 기록은 결과가 아니므로 뺍니다."""
    found = {}
    for file in folder.rglob("*"):
        name = file.relative_to(folder).as_posix()
        passing = file.suffix == ".lock" or "__pycache__" in name or name == "log"
        if file.is_file() and not passing and "node_modules" not in name:
            found[name] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def everything(before: Snapshot, after: Snapshot) -> None:
    assert after == before


def stored(before: Snapshot, after: Snapshot) -> None:
    kept = {name: value for name, value in before.items() if not name.startswith("site/site/")}
    assert kept.items() <= after.items()
    new = {name for name in after.keys() - kept.keys() if not name.startswith("site/site/")}
    assert all(name.startswith("cache/") for name in new), new
    assert not [name for name in new if name.rpartition("/")[2].startswith(".")]


def finished(before: Snapshot, after: Snapshot) -> None:
    stored(before, after)
    done = {name.split("/")[2] for name in after if name.startswith("cache/results/")}
    assert done == {"third"}


def walked(before: Snapshot, after: Snapshot) -> None:
    assert before == {}
    assert {Path(name).name for name in after} >= {weights.WEIGHTS, weights.HISTORY}


KEPT = {"모두": everything, "보관한 결과": stored, "끝난 실험": finished, "걸은 데까지": walked}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.wide if name in RARE else ()) for name in FAULTS]
)
def test_each_fault_shows_and_keeps_what_the_table_says(
    name: str, tmp_path: Path, undisturbed: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = FAULTS[name]
    act = SCENARIOS[name](Place(tmp_path, undisturbed, monkeypatch))
    before = snapshot(tmp_path)
    seen = act()
    monkeypatch.undo()
    check(fault, seen, before, snapshot(tmp_path))


def check(fault: Fault, seen: Seen, before: Snapshot, after: Snapshot) -> None:
    """표의 한 줄과, 정말로 일어난 것을 견줍니다."""
    assert seen.code == fault.code, seen.said
    assert "Traceback" not in seen.said, seen.said
    assert len(fault.lines(seen.said)) == 1, seen.said
    KEPT[fault.kept](before, after)


def test_every_row_has_a_test_and_every_test_a_row() -> None:
    assert len(FAULTS) >= 40
    assert FAULTS.keys() == SCENARIOS.keys()
    assert {fault.kept for fault in FAULTS.values()} == KEPT.keys()
    assert all(any("가" <= letter <= "힣" for letter in fault.said) for fault in FAULTS.values())


SAMPLE = read("| `a` | 해 본 것 | `값이 …입니다` | 1 | 모두 |")["a"]


@pytest.mark.parametrize(
    ("seen", "after"),
    [
        (Seen(0, "오류: 값이 3입니다"), {"a": "1"}),
        (Seen(1, "오류: 값은 3입니다"), {"a": "1"}),
        (Seen(1, "Traceback\n오류: 값이 3입니다"), {"a": "1"}),
        (Seen(1, "오류: 값이 3입니다\n오류: 값이 3입니다"), {"a": "1"}),
        (Seen(1, "오류: 값이 3입니다"), {"a": "2"}),
        (Seen(1, "오류: 값이 3입니다"), {}),
        (Seen(1, "오류: 값이 3입니다"), {"a": "1", ".half": "1"}),
    ],
)
def test_what_differs_from_the_table_is_seen(seen: Seen, after: Snapshot) -> None:
    check(SAMPLE, Seen(1, "오류: 값이 3입니다\n"), {"a": "1"}, {"a": "1"})
    with pytest.raises(AssertionError):
        check(SAMPLE, seen, {"a": "1"}, after)


def test_a_row_written_twice_is_refused() -> None:
    row = "| `a` | 해 본 것 | `글` | 1 | 모두 |\n"
    with pytest.raises(ValueError, match="두 번 적힌 이름입니다: a"):
        read(row + row)

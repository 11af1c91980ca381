"""표의 줄마다 그 흠을 정말로 일으켜, 적힌 글과 코드를 보이고 적힌 것을 남기는지 봅니다.

해 본 것이 명령이나 페이지의 글 그대로인 줄은 표에 적힌 대로 해 봅니다.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from PIL import Image
from reduced import FRONT_MATTER, ROOT, ended
from toy import Toy, digests

from gan_docs import Discriminator, Generator, Trainer
from gan_docs.cli import learned
from gan_docs.cli.parser import main
from gan_docs.saving import weights

PREFIX = re.compile(r"^(?:오류: |(?:ERROR|WARNING) +- +|Error: )")
ANYTHING = "…"
TRAIN = ["train", "--data", "ring", "--steps", "2", "--batch-size", "4", "--out", "run"]
SAMPLE = ["sample", "--from", "run", "--out", "a.png"]
DEAD = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
DIGITS = list("0123456789")
SAVE = "(folder / ARRAYS).write_bytes(save(whole))"
FULL = 'if name == "first":\n            (folder / ARRAYS).symlink_to("/dev/full")\n        '
FIRST, NUMBERS = "experiments/first.py", "    numbers = {"
START = "    started = time.perf_counter()\n"
PASSING = re.compile(r"\.lock$|__pycache__|^log$|node_modules")


class Fault(NamedTuple):
    """표의 한 줄입니다."""

    name: str
    tried: str
    said: str
    code: int
    kept: str

    def lines(self, output: str) -> list[str]:
        """출력 가운데 표에 적힌 글과 같은 줄입니다. `…`에는 무엇이든 옵니다."""
        pattern = ".*".join(map(re.escape, self.said.split(ANYTHING)))
        return [line for line in output.splitlines() if re.fullmatch(pattern, PREFIX.sub("", line))]


def read(text: str) -> list[Fault]:
    """Markdown의 표에서 흠을 모읍니다."""
    rows = [
        [cell.strip().strip("`").strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    return [
        Fault(name, tried, said, int(code), kept)
        for name, tried, said, code, kept in rows
        if code.isdigit()
    ]


ROWS = read((ROOT / "tests/FAULTS.md").read_text("utf-8"))
FAULTS = {fault.name: fault for fault in ROWS}


Seen = subprocess.CompletedProcess[str]  # 사용자가 본 것: 종료 코드와, 적힌 글 `stdout`
Action = Callable[[], Seen]
Scenario = Callable[["Place"], Action]


class Place:
    """흠 하나를 일으킬 폴더와, 이미 한 번 빌드해 둔 작은 프로젝트입니다. `file`은 파일입니다."""

    def __init__(self, folder: Path, built: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.built, self.monkeypatch = folder, built, monkeypatch
        self.photos = folder / "photos"
        (folder / "file").touch()
        monkeypatch.chdir(folder)

    def toy(self, fresh: bool = False, seconds: float = 0.3) -> Toy:
        """작은 프로젝트입니다. `fresh`가 아니면 결과와 사이트가 이미 있습니다."""
        toy = Toy(self.folder / "site", seconds)
        if not fresh:
            shutil.copytree(self.built.cache, toy.cache)
            shutil.copytree(self.built.site, toy.site)
        toy.configure()
        return toy

    def model(
        self,
        source: str = "digits",
        class_names: list[str] = DIGITS,
        size: int = 28,
        settings: dict[str, Any] | None = None,
    ) -> Path:
        """학습하지 않은 생성기를 저장한 파일입니다."""
        classes = len(class_names)
        generator = Generator(size, size, latent_size=4, classes=classes)
        discriminator = Discriminator(size, size, latent_size=4, classes=classes)
        if settings is None:
            learning: Any = source
            if source == str(self.photos):
                learning = learned.described(source, learned.read(source, {}))
            settings = {"data": source, "source": learning, "class_names": class_names, "step": 0}
        folder = weights.save(self.folder / "run", generator.eval(), discriminator, settings, [])
        return Path(folder) / weights.WEIGHTS


def spoken(call: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> Seen:
    """명령을 이 프로세스에서 부릅니다."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        try:
            code = call(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
    return Seen(arguments, code, said.getvalue())


def limited(kilobytes: int, *command: str) -> Callable[[Toy | None], Seen]:
    """쓸 수 있는 파일의 크기를 줄인 채 명령을 돌립니다.

    파이썬은 옮긴 코드가 잘려도 그대로 두고 다음에 읽다가 멈추므로, 그것은 적지 않게 합니다.
    """
    python = [sys.executable, "-B", *command]
    return lambda toy: subprocess.run(
        ["bash", "-c", f'ulimit -f {kilobytes}; exec "$@"', "limited", *python],
        cwd=toy.folder if toy else ROOT, env=toy.environment() if toy else None,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )  # fmt: skip


def command(*arguments: str, after: Callable[[Place], object] = lambda place: None) -> Scenario:
    """`after`를 갖춘 다음 부르는 명령입니다."""

    def prepare(place: Place) -> Action:
        after(place)
        return lambda: spoken(main, arguments)

    return prepare


def patched(*change: Any) -> Callable[[Place], object]:
    """`monkeypatch.setattr`의 인자대로 바꿉니다."""
    return lambda place: place.monkeypatch.setattr(*change)


def build(
    change: Callable[[Toy], object],
    *arguments: str,
    by: Callable[..., Seen] = Toy.build,
    fresh: bool = False,
    **environment: str,
) -> Scenario:
    """`change`로 고친 작은 프로젝트의 빌드입니다. 인자의 `{}`는 그 자리의 폴더입니다."""

    def prepare(place: Place) -> Action:
        toy = place.toy(fresh)
        change(toy)
        toy.configure()  # 더한 페이지를 차례에
        given = [each.format(place.folder) for each in arguments]
        around = {name: value.format(place.folder) for name, value in environment.items()}
        return lambda: by(toy, *given, **around)

    return prepare


def page(body: str, front_matter: str = FRONT_MATTER) -> Scenario:
    """흠이 있는 페이지를 더한 빌드입니다."""
    return build(lambda toy: toy.write("flaw.md", f"# 페이지\n\n{body}\n", front_matter))


def pictures(place: Place, groups: str, count: int = 8) -> None:
    random = np.random.default_rng(0)
    for group in groups:
        (place.photos / group).mkdir(parents=True)
        for number in range(count):
            pixels = random.integers(0, 255, (9, 9)).astype(np.uint8)
            Image.fromarray(pixels).save(place.photos / group / f"{number}.png")


def replacing(**files: bytes) -> Scenario:
    """이미 학습한 것을 바꾸려다 데이터를 읽지 못합니다: 앞선 것은 남습니다."""

    def prepare(place: Place) -> None:
        place.model()
        place.photos.mkdir()
        for name, content in files.items():
            (place.photos / f"{name}.png").write_bytes(content)

    return command(*TRAIN, "--data", "photos", "--overwrite", after=prepare)


def spoiled(spoil: Callable[[bytes], bytes]) -> Scenario:
    def prepare(place: Place) -> None:
        file = place.model()
        file.write_bytes(spoil(file.read_bytes()))

    return command(*SAMPLE, after=prepare)


def judged(groups: str, count: int = 8, now: str | None = None) -> Scenario:
    """`groups`로 배우고, 재기 전에 폴더를 `now`로 바꿉니다."""

    def prepare(place: Place) -> None:
        pictures(place, groups, count)
        place.model(str(place.photos), list("ab"))
        if now is not None:
            shutil.rmtree(place.photos)
            pictures(place, now, count)

    return command("evaluate", "--from", "run", after=prepare)


def evaluated(*model: Any, **settings: Any) -> Scenario:
    return command("evaluate", "--from", "run", after=lambda place: place.model(*model, **settings))


def dev(task: str, **changed: object) -> Scenario:
    """값을 바꾼 `dev.py`를 이 프로세스에서 부릅니다."""

    def prepare(place: Place) -> Action:
        place.monkeypatch.syspath_prepend(ROOT)
        module = importlib.import_module("dev")
        for name, value in {"ROOT": str(place.folder), **changed}.items():
            place.monkeypatch.setattr(module, name, value)
        return lambda: spoken(module.main, [task])

    return prepare


def interrupt(place: Place) -> None:
    """학습을 시작하자마자 Ctrl-C를 누릅니다."""
    whole = Trainer.train

    def interrupted(trainer: Trainer, **chosen: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return whole(trainer, **{**chosen, "progress": False})

    place.monkeypatch.setattr(Trainer, "train", interrupted)


def train_without_room(place: Place) -> Action:
    run = str(place.model().parent)
    limit = limited(1, "-m", "gan_docs", *TRAIN, "--out", run, "--overwrite")
    return lambda: limit(None)


def leave_the_network(place: Place) -> None:
    place.model()
    cache = place.folder / "cache"
    (cache / "mnist").mkdir(parents=True)
    for name, value in {**DEAD, "GAN_DOCS_CACHE": str(cache)}.items():
        place.monkeypatch.setenv(name, value)


def failing(place: str, old: str, flaw: str) -> Scenario:
    """첫째는 셋째가 끝난 뒤에 흠을 냅니다. 남는 것이 있는지 보려는 것입니다."""

    def change(toy: Toy) -> None:
        third = (
            f'__import__("pathlib").Path({str(toy.cache)!r}).glob("results/third/*/record.json")'
        )
        wait = f"    while not any({third}):\n        time.sleep(0.02)\n"
        toy.edit(FIRST, START, START + wait)
        toy.edit(place, old, flaw + old)

    return build(change, fresh=True, by=Toy.train)


def without(package: str) -> Scenario:
    def change(toy: Toy) -> None:
        modules = toy.folder / "node_modules"
        modules.unlink()
        modules.mkdir()
        for other in (ROOT / "node_modules").iterdir():
            if other.name != package:
                (modules / other.name).symlink_to(other)

    return build(change)


def without_node(toy: Toy) -> None:
    toy.code("machines/programs.py", "def node():\n    return None\n")
    toy.write("flaw.md", "# 페이지\n\n$x^{17}$\n")


def measured_elsewhere(toy: Toy) -> None:
    shutil.copy(toy.site / "build.json", toy.folder.parent / "record.json")
    toy.edit("experiments/third.py", "steps=4", "steps=5")


def broken_notebook(toy: Toy) -> None:
    toy.notebook("1")
    (toy.folder / "docs/training/how-to-train.ipynb").write_text("[]", "utf-8")


def taken_port(place: Place) -> Action:
    toy = place.toy()

    def act() -> Seen:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            return toy.build("serve", "-a", f"127.0.0.1:{taken.getsockname()[1]}")

    return act


def interrupted_build(place: Place) -> Action:
    toy = place.toy(seconds=20)
    shutil.rmtree(toy.cache / "results" / "first")

    def act() -> Seen:
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        process = toy.start()  # 뒤에서 도는 셸은 이 신호를 무시하게 하고, 무시는 물려받으므로
        signal.signal(signal.SIGINT, before)
        os.killpg(toy.until("first", process).pid, signal.SIGINT)
        return ended(process)

    return act


SCENARIOS: dict[str, Scenario] = {
    "no-command": command(),
    "missing-argument": command("train", "--data", "digits"),
    "out-is-a-file": command(*TRAIN, "--out", "file"),
    "earlier-run": command(*TRAIN, after=Place.model),
    "empty-images": replacing(),
    "broken-image": replacing(broken=b"PNG?"),
    "data-is-a-file": command(*TRAIN, "--data", "file", "--overwrite", after=Place.model),
    "no-model": command("sample", "--from", "none", "--out", "a.png"),
    "flipped-model": spoiled(lambda content: content[:-1] + bytes([content[-1] ^ 1])),
    "cut-model": spoiled(lambda content: content[:-10]),
    "foreign-model": spoiled(lambda content: b"\xff" * 4096),
    "too-few-images": judged("ab", 4),
    "other-images": judged("ab", now="abc"),
    "other-classes": evaluated(class_names=["a", "b"]),
    "vanished-images": judged("ab", now=""),
    "other-size": evaluated("ring", []),
    "other-program": evaluated("", [], 8, settings={}),
    "old-torch": command(*TRAIN, after=patched(metadata, "version", lambda name: "2.3.1")),
    "no-gpu": command(
        *TRAIN, "--device", "cuda", after=patched(torch.cuda, "is_available", lambda: False)
    ),
    "old-python": dev("build", OLDEST=(9, 0)),
    "unknown-task": dev("dance"),
    "train-interrupted": command(*TRAIN, after=interrupt),
    "train-disk-full": train_without_room,
    "mnist-without-a-network": command(
        *TRAIN, "--data", "mnist", "--overwrite", after=leave_the_network
    ),
    "cache-is-a-file": build(Toy.configure, GAN_DOCS_CACHE="{}/file"),
    "cache-unwritable": build(Toy.configure, GAN_DOCS_CACHE="/proc/cache"),
    "home-unwritable": build(Toy.configure, GAN_DOCS_CACHE="", XDG_CACHE_HOME="", HOME="/proc"),
    "site-unwritable": build(Toy.configure, "build", "--strict", "--site-dir", "/proc/site"),
    "site-is-a-file": build(Toy.configure, "build", "--strict", "--site-dir", "{}/file"),
    "disk-full": failing("site/make/results.py", SAVE, FULL),
    "failed-experiment": failing(
        FIRST, NUMBERS, '    raise ArithmeticError("손실이 유한하지\\n않습니다")\n'
    ),
    "killed-experiment": failing(FIRST, NUMBERS, "    os.kill(os.getpid(), 9)\n"),
    "file-size-limit": build(
        Toy.configure, by=limited(2, "-m", "gan_docs.site", "--results"), fresh=True
    ),
    "site-disk-full": build(Toy.configure, by=limited(16, "-m", "mkdocs", "build", "--strict")),
    "unending-needs": build(
        lambda toy: toy.edit("experiments/second.py", "needs=('first',)", "needs=('second',)")
    ),
    "unknown-need": build(
        lambda toy: toy.edit("experiments/second.py", "needs=('first',)", "needs=('nobody',)")
    ),
    "half-saved-site": build(lambda toy: toy.code("site/serve.py", 'r"""고치다 만 글')),
    "half-saved-code": build(lambda toy: toy.code("losses.py", 'r"""고치다 만 글')),
    "stumbling-experiment": failing(FIRST, NUMBERS, '    needs["nothing"]\n'),
    "strange-number": failing(FIRST, "    return Result(", '    numbers["mean"] = [1, 2]\n'),
    "half-drawn-figure": build(
        lambda toy: toy.edit("site/make/figures/toy.py", 'arrays["values"]', 'arrays["nothing"]'),
        by=Toy.train,
    ),
    "no-figure-font": build(lambda toy: (toy.package / "assets/gan-docs-sans.otf").unlink()),
    "letter-without-glyph": build(
        lambda toy: toy.edit("site/make/figures/toy.py", "세 글자", "없는 글자 𓀀"), by=Toy.train
    ),
    "measured-missing": build(
        lambda toy: shutil.rmtree(toy.cache / "results/third"),
        by=Toy.train,
        GAN_DOCS_MEASURED="{}/none.json",
    ),
    "measured-elsewhere": build(
        measured_elsewhere, by=Toy.train, GAN_DOCS_MEASURED="{}/record.json"
    ),
    "no-katex": without("katex"),
    "no-web-font": without("pretendard"),
    "no-node": build(without_node),
    "unknown-figure": page("```figure\nnothing\n```"),
    "missing-section": page('```python\n--8<-- "gan_docs/losses.py:nothing"\n```'),
    "vacuous-block": page("```console\n(.venv) $ python3 dev.py build\n```"),
    "open-fence": page("```python\n1\n"),
    "silent-skip": page("<!--pytest.mark.skip-->\n```python\n1\n```"),
    "output-by-hand": page("```python\nprint(1)\n```\n\n```output\n1\n```"),
    "failing-block": page("```python\nprint(1 / 0)\n```\n\n```output\n```"),
    "stopped-by-the-policy": page('<p onclick="alert(1)">글</p>'),
    "contradicted-claim": page(
        "첫 문장입니다. <!-- claim: first.mean < -1e9 --> "
        "둘째 문장입니다. <!-- claim: first.mean > 1e9 -->"
    ),
    "formula-in-heading": page("## 제목의 $x$"),
    "no-date": page("글", FRONT_MATTER.replace("date: 2019-08-20\n", "")),
    "failing-cell": build(lambda toy: toy.notebook("raise OSError('셀의 까닭')")),
    "broken-notebook": build(broken_notebook),
    "taken-port": taken_port,
    "build-interrupted": interrupted_build,
}


def written(tried: str) -> Scenario | None:
    """표에 적힌 그대로의 명령이나 페이지의 글입니다. 말로 적은 것이면 없습니다."""
    if tried.startswith(("{{", "$")):
        return page(tried)
    name, *arguments = tried.split()
    if name == "train":
        return command(*TRAIN, *arguments)
    if name == "sample":
        return command(*SAMPLE, *arguments, after=Place.model)
    return command(name, *arguments) if tried.isascii() else None


SCENARIOS |= {
    fault.name: found
    for fault in ROWS
    if fault.name not in SCENARIOS and (found := written(fault.tried))
}

# 같은 길로 멈추는 것 가운데 하나씩만 늘 보고, 나머지는 넓게 볼 때에만 빌드함
RARE = {
    "site-is-a-file", "cache-is-a-file", "home-unwritable", "no-web-font", "file-size-limit",
    "unknown-experiment", "bad-format", "not-a-number", "unknown-table", "unknown-figure",
    "bad-formula", "missing-section", "vacuous-block", "open-fence", "silent-skip",
    "output-by-hand", "formula-in-heading", "stumbling-experiment", "strange-number", "no-date",
    "train-disk-full", "no-figure-font", "unknown-need",
}  # fmt: skip

Snapshot = dict[str, str]


def snapshot(folder: Path) -> Snapshot:
    """폴더의 모든 파일입니다. 자물쇠와, 옮긴 파이썬 코드와, 돈 기록은 결과가 아니므로 뺍니다."""
    return {name: told for name, told in digests(folder).items() if not PASSING.search(name)}


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
    assert {Path(name).name for name in after} >= {weights.WEIGHTS, weights.HISTORY}


KEPT = {"모두": everything, "보관한 결과": stored, "끝난 실험": finished, "걸은 데까지": walked}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.wide if name in RARE else ()) for name in FAULTS]
)
def test_each_fault_shows_and_keeps_what_the_table_says(
    name: str, tmp_path: Path, undisturbed: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = SCENARIOS[name](Place(tmp_path, undisturbed, monkeypatch))
    before = snapshot(tmp_path)
    seen = act()
    monkeypatch.undo()
    check(FAULTS[name], seen, before, snapshot(tmp_path))


def check(fault: Fault, seen: Seen, before: Snapshot, after: Snapshot) -> None:
    """표의 한 줄과, 정말로 일어난 것을 견줍니다."""
    assert seen.returncode == fault.code, seen.stdout
    assert "Traceback" not in seen.stdout, seen.stdout
    assert len(fault.lines(seen.stdout)) == 1, seen.stdout
    KEPT[fault.kept](before, after)


def test_every_row_has_a_test_and_every_test_a_row() -> None:
    assert len(FAULTS) == len(ROWS) >= 40
    assert FAULTS.keys() == SCENARIOS.keys() and SCENARIOS.keys() >= RARE
    assert {fault.kept for fault in ROWS} == KEPT.keys()
    assert all(any("가" <= letter <= "힣" for letter in fault.said) for fault in ROWS)


@pytest.mark.parametrize(
    ("code", "said", "after"),
    [
        (0, "오류: 값이 3입니다", {"a": "1"}),
        (1, "오류: 값은 3입니다", {"a": "1"}),
        (1, "Traceback\n오류: 값이 3입니다", {"a": "1"}),
        (1, "오류: 값이 3입니다\n오류: 값이 3입니다", {"a": "1"}),
        (1, "오류: 값이 3입니다", {"a": "2"}),
        (1, "오류: 값이 3입니다", {}),
        (1, "오류: 값이 3입니다", {"a": "1", ".half": "1"}),
    ],
)
def test_what_differs_from_the_table_is_seen(code: int, said: str, after: Snapshot) -> None:
    [sample] = read("| `a` | 해 본 것 | `값이 …입니다` | 1 | 모두 |")
    check(sample, Seen((), 1, "오류: 값이 3입니다\n"), {"a": "1"}, {"a": "1"})
    with pytest.raises(AssertionError):
        check(sample, Seen((), code, said), {"a": "1"}, after)

"""보관한 것은 한 바이트만 바뀌어도 쓰지 않고 다시 만들고, 만들다 만 것은 남지 않습니다."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import filelock
import numpy as np
import pytest
from spoiled import flipped

from gan_docs.experiments.experiment import Experiment, Result
from gan_docs.site.make import results, store
from gan_docs.site.make.storage import CACHE_VARIABLE

CONTENTS = {"one.bin": b"content", "two.json": b"{}"}


class Kept:
    """파일 둘을 보관하고, 만든 횟수를 셉니다."""

    def __init__(self, root: Path) -> None:
        self.store, self.made = store.Store(root), 0

    def write(self, folder: Path) -> None:
        self.made += 1
        for name, content in CONTENTS.items():
            (folder / name).write_bytes(content)

    def read(self) -> Path:
        folder = self.store.make("name", "key", self.write)
        assert {name: (folder / name).read_bytes() for name in CONTENTS} == CONTENTS
        return folder


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    found = Kept(tmp_path)
    assert found.read() == found.read() and found.made == 1
    return found


def flip(file: Path, place: int) -> None:
    file.write_bytes(flipped(file.read_bytes(), place))


def test_one_flipped_byte_is_refused_and_made_again(kept: Kept) -> None:
    for name in (*CONTENTS, store.CHECKSUMS):
        for place in range((kept.read() / name).stat().st_size):
            before = kept.made
            flip(kept.read() / name, place)
            kept.read()
            assert kept.made == before + 1, (name, place)


def test_without_the_sums_a_flipped_byte_is_used(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip(kept.read() / "one.bin", 0)
    monkeypatch.setattr(store, "_sum", lambda file: "")
    sums = '{"one.bin": "", "two.json": ""}'
    (kept.store.root / "name" / "key" / store.CHECKSUMS).write_text(sums, "utf-8")
    with pytest.raises(AssertionError):
        kept.read()


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "one.bin").write_bytes(b"conten"),
        lambda folder: (folder / "two.json").unlink(),
        lambda folder: (folder / store.CHECKSUMS).write_text("[1]", "utf-8"),
    ],
)
def test_what_is_damaged_is_made_again(kept: Kept, damage: Callable[[Path], object]) -> None:
    damage(kept.read())
    kept.read()
    assert kept.made == 2


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise OSError("가득 참")

    with pytest.raises(OSError, match="가득 참"):
        store.Store(tmp_path).make("name", "key", fail)
    assert [file.name for file in (tmp_path / "name").iterdir()] == ["key.lock"]


def test_a_damaged_result_is_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    column = np.arange(18.0).reshape(2, 9).T.copy()[:, 0]  # 메모리에서 한 칸씩 건너뛴 0–8
    run = mock.Mock(return_value=Result({"number": 7}, {"array": column}))
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    monkeypatch.setattr(results, "experiments", lambda: {"one": Experiment("one", "하나", run)})
    for name in ("key", "current_key"):
        monkeypatch.setattr(results, name, lambda name: "key")
    for file in (results.ARRAYS, results.RECORD):
        for _ in range(2):
            results.run("one", {"one": "key"}, lambda step: None)
        results._whole.cache_clear()  # 파일은 프로세스마다 한 번만 확인함
        found = results.result("one")
        assert found.numbers == {"number": 7} and found.arrays["array"].tolist() == list(range(9))
        flip(tmp_path / "results" / "one" / "key" / file, 1)
    assert run.call_count == 2


def test_what_another_build_is_making_is_left(tmp_path: Path) -> None:
    place = tmp_path / "results" / "first"
    unfinished = place / ".making-abc-1"
    unfinished.mkdir(parents=True)
    young, old = place.parent / ".young.txt", place.parent / ".old.txt"
    for file in (young, old):
        file.touch()
    then = time.time() - 2 * store.OLD_SECONDS
    os.utime(old, (then, then))
    with filelock.FileLock(place / "abc.lock"):
        store.sweep(tmp_path)
        assert unfinished.is_dir()
    assert young.exists() and not old.exists()
    store.sweep(tmp_path)
    assert not unfinished.exists()

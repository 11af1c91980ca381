"""보관한 것은 한 바이트만 바뀌어도 쓰지 않고 다시 만듭니다. 보관하는 갈래마다 확인합니다."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pytest
from jinja2.bccache import Bucket

from gan_docs.experiments.experiment import Experiment, Result
from gan_docs.site.html import fonts, mathematics, share, templates
from gan_docs.site.make import figures, live, results, sealed
from gan_docs.site.make.storage import CACHE_VARIABLE, cache_folder
from gan_docs.site.page import blocks, expand, kernels, running
from gan_docs.site.page.frontmatter import FrontMatter

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "node_modules"
FRONT = FrontMatter("제목", datetime.date(2020, 1, 1), ("분류",), ())
Make = Callable[[], None]  # 만들 때마다 한 번 부름
Read = Callable[[], Any]


def result(patch: pytest.MonkeyPatch, made: Make) -> Read:
    def run(*_: object) -> Result:
        made()
        return Result({"number": 7}, {"array": np.arange(9.0)})

    patch.setattr(results, "experiments", lambda: {"one": Experiment("one", "하나", run)})
    patch.setattr(results, "key", lambda name: "key")
    patch.setattr(results, "current_key", lambda name: "key")

    def read() -> Any:
        results._whole.cache_clear()  # 파일은 프로세스마다 한 번만 확인함
        results.run("one", {"one": "key"}, lambda step: None)
        found = results.result("one")
        return found.numbers, found.arrays["array"].tolist()

    return read


def figure(patch: pytest.MonkeyPatch, made: Make) -> Read:
    def draw(*_: object) -> Any:
        made()
        return np.full((4, 4, 4), 255, np.uint8)

    one = figures.Figure("one", None, "그림말", "대체 글", draw)
    patch.setattr(figures, "figures", lambda: {"one": one})
    patch.setattr(figures, "key", lambda name: "key")
    patch.setattr(figures, "current_key", lambda name: "key")

    def read() -> Any:
        return [
            (figures.draw("one") / f"{name}{figures.SUFFIX}").read_bytes()
            for name in ("light", "dark")
        ]

    return read


def element(patch: pytest.MonkeyPatch, made: Make) -> Read:
    def write(place: Path, modules: Path) -> None:
        made()
        live.pack(place, "model.onnx", b"weights")
        (place / live.MANIFEST).write_text("{}")

    patch.setattr(live, "_write", write)

    def read() -> Any:
        folder = live.folder.__wrapped__(MODULES)
        return sorted((file.name, file.read_bytes()) for file in folder.iterdir())

    return read


def output(patch: pytest.MonkeyPatch, made: Make) -> Read:
    def run(block: blocks.Block) -> running.Outcome:
        made()
        return running.Outcome(True, "찍은 글", "", "", 0.0)

    patch.setattr(running, "run", run)
    [block] = blocks.collect("```python\nprint(1)\n```", "page.md")
    return lambda: expand.output(block, "page.md:1")


def shared(patch: pytest.MonkeyPatch, made: Make) -> Read:
    def draw(*_: object) -> bytes:
        made()
        return b"picture"

    patch.setattr(share, "draw", draw)
    return lambda: share.picture(FRONT, None, "이름", MODULES)[1].read_bytes()


def font(patch: pytest.MonkeyPatch, made: Make) -> Read:
    def make(*_: object) -> bytes:
        made()
        return b"font"

    patch.setattr(fonts, "_make", make)
    return lambda: fonts._recall(fonts.TEXT, "가", MODULES, cache_folder("fonts"))


def formula(patch: pytest.MonkeyPatch, made: Make) -> Read:
    def run(*_: object) -> list[dict[str, str]]:
        made()
        return [{"html": "<b>x</b>"}]

    patch.setattr(mathematics.Renderer, "_run", run)
    page = '<span class="arithmatex">\\(x\\)</span>'
    return lambda: mathematics.Renderer(MODULES, cache_folder("formulas")).render(page, "쪽")


def cells(patch: pytest.MonkeyPatch, made: Make) -> Read:
    def run(sources: object) -> kernels.Outputs:
        made()
        return [[{"output_type": "stream", "name": "stdout", "text": "1"}]]

    patch.setattr(kernels, "run", run)
    return lambda: kernels.outputs(["1"])


def template(patch: pytest.MonkeyPatch, made: Make) -> Read:
    dump = templates.Templates.dump_bytecode

    def counted(cache: templates.Templates, bucket: Bucket) -> None:
        made()
        dump(cache, bucket)

    patch.setattr(templates.Templates, "dump_bytecode", counted)
    loader = jinja2.DictLoader({"one": "{{ 1 + 1 }}개"})

    def read() -> Any:
        kept = templates.open_cache(cache_folder("bytecode"))
        assert kept is not None
        return jinja2.Environment(loader=loader, bytecode_cache=kept).get_template("one").render()

    return read


KINDS: dict[str, Callable[[pytest.MonkeyPatch, Make], Read]] = {
    "bytecode": template,
    "figures": figure,
    "fonts": font,
    "formulas": formula,
    "live": element,
    "notebooks": cells,
    "outputs": output,
    "results": result,
    "share": shared,
}


def flip(file: Path, place: int) -> None:
    """한 바이트의 한 비트만 뒤집습니다."""
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(bytes(content))


def kept(root: Path) -> list[Path]:
    """보관한 파일입니다. 자물쇠는 비어 있어 뺍니다."""
    return sorted(file for file in root.rglob("*") if file.is_file() and file.stat().st_size)


@pytest.mark.parametrize("kind", KINDS)
def test_one_flipped_byte_is_refused_and_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    root, made = tmp_path / "cache", list[int]()
    monkeypatch.setenv(CACHE_VARIABLE, str(root))
    read = KINDS[kind](monkeypatch, lambda: made.append(1))
    first = read()
    assert first and read() == first and len(made) in (1, 2)  # 그림은 밝은 것과 어두운 것
    once, files = len(made), kept(root)
    assert files and {file.relative_to(root).parts[0] for file in files} == {kind}
    tried = 0
    for file in files:
        for place in (0, file.stat().st_size // 2, -1):
            flip(file, place)
            made.clear()
            assert read() == first
            assert len(made) == once, (file.name, place)
            assert read() == first and len(made) == once
            tried += 1
    assert tried == 3 * len(files)


def test_every_kind_of_keeping_is_tried() -> None:
    sources = (ROOT / "gan_docs" / "site").rglob("*.py")
    named = {
        name
        for file in sources
        for name in re.findall(r'cache_folder\("(\w+)"\)', file.read_text("utf-8"))
    }
    assert named == KINDS.keys()


@pytest.mark.parametrize("kind", ["fonts", "formulas"])
def test_without_the_seal_a_flipped_byte_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    read = KINDS[kind](monkeypatch, lambda: None)
    first = read()
    [file] = kept(tmp_path)
    flip(file, -2)
    monkeypatch.setattr(sealed, "_seal", lambda file, content: file.read_bytes()[: sealed.LENGTH])
    assert read() != first


@pytest.mark.parametrize("content", [b"", b"short", b"\0" * sealed.LENGTH])
def test_what_was_never_sealed_is_not_read(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    assert sealed.read(file) is None
    assert sealed.read(tmp_path / "nothing") is None


def test_a_seal_is_for_its_own_name(tmp_path: Path) -> None:
    sealed.write(tmp_path / "one", b"content")
    assert sealed.read(tmp_path / "one") == b"content"
    (tmp_path / "one").rename(tmp_path / "other")
    assert sealed.read(tmp_path / "other") is None


@pytest.mark.parametrize(
    ("mode", "trusted"), [(0o700, True), (0o755, True), (0o775, False), (0o777, False)]
)
def test_a_folder_that_others_can_write_keeps_no_code(
    tmp_path: Path, mode: int, trusted: bool
) -> None:
    folder = tmp_path / "bytecode"
    folder.mkdir()
    folder.chmod(mode)
    assert (templates.open_cache(folder) is not None) is trusted


def test_a_new_folder_of_code_is_mine_alone(tmp_path: Path) -> None:
    assert templates.open_cache(tmp_path / "new" / "bytecode") is not None
    assert (tmp_path / "new" / "bytecode").stat().st_mode & 0o777 == 0o700

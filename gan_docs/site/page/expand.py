"""페이지의 Markdown에서 그림, 수, 출력의 자리를 이 빌드의 것으로 채웁니다."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from gan_docs.drawing.palette import PALETTES
from gan_docs.site.make import figures, keys, live, record, results, tables
from gan_docs.site.make.storage import cache_folder
from gan_docs.site.make.store import Store
from gan_docs.site.page import blocks, glossary, josa, running, sources
from gan_docs.site.page.sources import PageError

BACKTICKS = re.compile(r"`{3,}")
NUMBER = re.compile(
    r"\{\{\s*(?P<experiment>[\w-]+)\.(?P<number>\w+)(?::(?P<format>[^}]*?))?\s*\}\}"
    rf"(?P<particle>{josa.PARTICLE})?"
)
FIRST_SCREEN = 400  # 이 글자 수 안에 나오는 그림은 첫 화면에 듦
WITHOUT_SCRIPT = (
    "이 빌드가 그린 장면입니다. 자바스크립트를 켜면 여기에서 직접 움직여 볼 수 있습니다."
)


def expand(markdown: str, page: str, place: str = "") -> str:
    """그림 울타리를 그림 카드로, 빈 출력 울타리를 앞 블록의 출력으로, `{{ 실험.수:꼴 }}`을 수로.

    Args:
        markdown: 페이지의 Markdown.
        page: 페이지의 파일 이름. `docs/`에서 본 자리.
        place: 오류에 적을 이름. 비우면 `page`.

    Raises:
        PageError: 블록을 읽을 수 없거나, 모르는 그림이나 수를 부를 때.
    """
    place = place or page
    rows = markdown.splitlines()
    expanded: list[str] = []
    last: blocks.Block | None = None  # 출력 울타리 앞의 블록
    read = 0
    for block in blocks.collect(markdown, place):
        expanded += prose(rows[read : block.line - 1], place, read)
        if block.kind == "figure":
            expanded += indented(card(block.source.strip(), page, block.place), block)
        elif block.kind == "output" and last is not None:
            expanded += indented(output(last, block.place), block)
        else:
            last, opened = block, rows[block.line - 1]
            if block.included:
                opened = sources.titled(opened, block.source, block.place)
            expanded += [opened, *rows[block.line : block.end]]
        read = block.end
    return "\n".join([*expanded, *prose(rows[read:], place, read)]) + "\n"


def prose(rows: list[str], place: str, before: int) -> list[str]:
    """울타리 밖의 줄을 채웁니다. 블록에 단 주석은 페이지에 남기지 않습니다."""
    return [
        fill(row, f"{place}:{number}", html.escape)
        for number, row in enumerate(rows, start=before + 1)
        if not blocks.COMMENT.fullmatch(row.strip())
    ]


def indented(text: str, block: blocks.Block) -> list[str]:
    """울타리가 있던 깊이로 들여씁니다."""
    return [block.indent + row if row else "" for row in text.split("\n")]


def fill(text: str, place: str = "", escape: Callable[[str], str] = str) -> str:
    """글 속의 수를 채우고 조사를 맞춥니다. 글로 된 수는 `escape`를 거쳐 마크업이 되지 않습니다.

    Raises:
        PageError: 모르는 실험이나 수일 때, 수를 그 꼴로 적을 수 없을 때.
    """

    def value(found: re.Match[str]) -> str:
        experiment, number = found["experiment"], found["number"]
        if experiment == "build":
            if number not in record.PARTS:
                raise PageError(f"{place}: 빌드의 표는 {', '.join(record.PARTS)}입니다: {number}")
            return record.PARTS[number]()
        if (experiment, number) == ("glossary", "entries"):
            try:
                return glossary.entries()
            except glossary.GlossaryError as error:
                raise PageError(f"{place}: {error}") from error
        if experiment == "table":
            if number not in tables.TABLES:
                raise PageError(
                    f"{place}: 표는 {', '.join(tables.TABLES)}입니다: 받은 이름 {number}"
                )
            return tables.TABLES[number]()
        if experiment not in results.experiments():
            raise PageError(f"{place}: 실험 {experiment}이(가) 없습니다")
        known: Mapping[str, Any] = results.numbers(results.load(experiment))
        if number not in known:
            raise PageError(
                f"{place}: 실험 {experiment}의 수는 {', '.join(known)}입니다: 받은 이름 {number}"
            )
        try:
            return escape(format(known[number], found["format"] or ""))
        except ValueError as error:
            raise PageError(f"{place}: {found[0]}을(를) 적을 수 없습니다: {error}") from error

    def with_particle(found: re.Match[str]) -> str:
        filled = value(found)
        return filled + (josa.chosen(filled, found["particle"]) if found["particle"] else "")

    return NUMBER.sub(with_particle, text)


def output(block: blocks.Block, place: str) -> str:
    """블록을 실행해 찍힌 글을 보입니다. 블록과 그것이 부르는 코드를 키로 보관합니다.

    Raises:
        PageError: 블록이 실패했거나 찍은 것이 없을 때.
    """
    called = keys.sources(keys.imported(block.source))
    key = keys.digest(block.source, called, keys.versions(figures.TOOLS), keys.THREADS)

    def write(folder: Path) -> None:
        outcome = running.run(block)
        if not outcome.ok or not outcome.stdout.strip():
            reason = outcome.error or "찍은 글이 없습니다"
            raise PageError(f"{place}: 출력을 내지 못했습니다: {reason}")
        (folder / "stdout.txt").write_text(outcome.stdout.rstrip(), "utf-8")

    folder = Store(cache_folder("outputs")).make("stdout", key, write)
    return fence("text", (folder / "stdout.txt").read_text("utf-8"), ".output")


def fence(language: str, text: str, classes: str = "") -> str:
    """글을 코드 울타리로 감쌉니다. 글에 든 울타리보다 길게 두릅니다."""
    longest = max(map(len, BACKTICKS.findall(text)), default=2)
    mark = "`" * (longest + 1)
    header = f"{{ .{language} {classes} }}" if classes else language
    return f"{mark}{header}\n{text}\n{mark}"


def card(name: str, page: str, place: str = "") -> str:
    """그림, 그림말, 내력, 만든 코드를 담은 카드입니다.

    Args:
        name: 그림의 이름.
        page: 페이지의 파일 이름. `docs/`에서 본 자리.
        place: 오류에 적을 자리.

    Raises:
        PageError: 그런 그림이 없을 때.
    """
    figure = figures.figures().get(name)
    if figure is None:
        raise PageError(f"{place or page}: 그림 {name}이(가) 없습니다")
    depth = page.count("/") + (0 if page.endswith("index.md") else 1)
    images = "\n".join(image(figure, scheme, "../" * depth) for scheme in PALETTES)
    if figure.density == 1:  # 넓은 벽은 줄이지 않고 옆으로 밀어 봄
        images = f'<div class="wall" tabindex="0">\n{images}\n</div>'
    if figure.element:
        images = alive(figure.element, images)
    return "\n".join(
        [
            '<div class="figure-card" markdown="1">',
            '<figure markdown="1">',
            images,
            f"<figcaption>{one_line(fill(figure.caption, name), quote=False)}",
            f'<span class="provenance" data-search-exclude>{provenance(figure)}</span>'
            "</figcaption>",
            "</figure>",
            '<details class="figure-code" data-search-exclude markdown="1">',
            "<summary>이 그림을 만든 코드</summary>",
            "",
            *code(figure),
            "</details>",
            "</div>",
        ]
    )


def first_figure(markdown: str, page: str) -> str | None:
    """페이지의 첫 그림의 이름입니다. 없으면 `None`."""
    found = (block for block in blocks.collect(markdown, page) if block.kind == "figure")
    return next((block.source.strip() for block in found), None)


def leading(markdown: str, page: str) -> Mapping[str, str]:
    """첫 화면에 드는 그림이 사이트에 놓인 자리입니다. 화면의 밝기마다 하나. 없으면 비어 있습니다.

    Args:
        markdown: 페이지의 글. 그림을 펴기 전의 것.
        page: 페이지의 파일 이름.
    """
    for block in blocks.collect(markdown, page):
        before = "\n".join(markdown.splitlines()[: block.end - 1])
        if block.kind == "figure" and len(before) <= FIRST_SCREEN:
            figure = figures.figures().get(block.source.strip())
            return {scheme: figure.address(scheme) for scheme in PALETTES} if figure else {}
    return {}


def alive(element: str, images: str) -> str:
    """정지 그림을 요소로 감쌉니다. 스크립트가 없거나 돌지 못하면 그림이 그대로 남습니다."""
    size = live.sizes(keys.ROOT / "node_modules")[element]
    return (
        f'<div class="live"><{element} data-bytes="{size}">\n{images}\n'
        f'<p class="live__without" data-search-exclude>{WITHOUT_SCRIPT}</p></{element}></div>'
    )


def image(figure: figures.Figure, scheme: str, root: str) -> str:
    """화면의 밝기에 맞는 그림 한 장입니다. 크기를 적어 자리가 밀리지 않습니다."""
    with Image.open(source(figure, scheme)) as picture:
        width, height = (round(side / figure.density) for side in picture.size)
    pixels = ' class="pixels"' if figure.density == 1 else ""
    alternative = one_line(fill(figure.alt, figure.name))
    return (
        f'<img src="{root}{figure.address(scheme)}#only-{scheme}" alt="{alternative}" '
        f'width="{width}" height="{height}" loading="lazy"{pixels}>'
    )


def one_line(text: str, quote: bool = True) -> str:
    """글을 이스케이프해 한 줄로 잇습니다: 줄의 처음에서만 뜻이 있는 Markdown이 되지 않습니다."""
    return html.escape(" ".join(text.split()), quote)


def provenance(figure: figures.Figure) -> str:
    """그림의 내력: 시드, 스텝, 시간."""
    if figure.experiment is None:
        return "학습 없이 그림"
    made = results.load(figure.experiment)
    steps = f"{made.steps:,}스텝 · " if made.steps else ""
    return f"시드 {made.seed} · {steps}CPU {made.cpu_seconds:.0f}초"


def code(figure: figures.Figure) -> list[str]:
    """그림을 그린 함수와, 그 결과를 낸 실험의 코드를 파일에서 그대로 옮기는 울타리입니다."""
    module = figure.module.replace(".", "/")
    parts = [f"{module}.py:{figure.section}"]
    if figure.experiment:
        parts.append(f"gan_docs/experiments/{figure.experiment}.py:run")
    rows: list[str] = []
    for part in parts:
        included = f'--8<-- "{part}"'
        rows += [sources.titled('```python title=""', included, figure.name), included, "```", ""]
    return rows


def missing() -> list[str]:
    """아직 갖추지 못한 실험과 그림의 이름입니다."""
    return [*results.missing(), *figures.missing()]


def source(figure: figures.Figure, scheme: str) -> Path:
    """보관한 그림 파일입니다. 아직 없으면 그립니다."""
    return figures.draw(figure.name) / f"{scheme}{figures.SUFFIX}"


def files() -> dict[str, Path]:
    """사이트에 놓을 모든 그림입니다: 사이트에서의 자리와 보관한 파일."""
    return {
        figure.address(scheme): source(figure, scheme)
        for figure in figures.figures().values()
        for scheme in PALETTES
    }

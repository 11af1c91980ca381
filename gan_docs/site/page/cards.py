"""그림 카드입니다: 그림, 그림말, 내력, 만든 코드."""

from __future__ import annotations

import html
from pathlib import Path

from PIL import Image

from gan_docs.drawing.palette import PALETTES
from gan_docs.hint import closest
from gan_docs.site.make import figures, keys, live, results
from gan_docs.site.page import claims, sources
from gan_docs.site.page.filling import fill
from gan_docs.site.page.sources import PageError

WITHOUT_SCRIPT = (
    "이 빌드가 그린 장면입니다. 자바스크립트를 켜면 여기에서 직접 움직여 볼 수 있습니다."
)


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
        raise PageError(
            f"{place or page}: 그림 {name}이(가) 없습니다. "
            "gan_docs/site/make/figures에 함수를 두고 FIGURES에 적으세요"
            + closest(name, figures.figures())
        )
    claims.check(claims.of_figure(figure))
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
    """그림의 내력: 시드, 학습 하나의 스텝 수, 실험 전체의 시간."""
    if figure.experiment is None:
        return "학습 없이 그림"
    made = results.load(figure.experiment)
    known = results.experiments()
    experiment = known[figure.experiment]
    # 배우지 않고 재기만 하는 실험의 시드는 앞선 실험의 것
    learned = [experiment] if made.steps else [experiment, *(known[n] for n in experiment.needs)]
    seeds = max((one.parameters.get("seeds", ()) for one in learned), key=len)
    # 학습을 여럿 이은 실험은 하나의 스텝 수를 적음. 시간을 재는 실험의 스텝은 되풀이한 수일 뿐
    each = made.numbers.get("steps_each", 0 if experiment.alone else made.steps)
    whose, times, whole = f"시드 {made.seed}", " ·", ""
    if len(seeds) > 1 and figure.one_seed:
        whose, whole = f"시드 {seeds[0]}", f"시드 {len(seeds)}개를 모두 배우는 데 "
    elif len(seeds) > 1:
        whose, times = f"시드 {len(seeds)}개", " ×"
    steps = f"{times} {each:,}스텝" if each else ""
    return f"{whose}{steps} · {whole}CPU {made.cpu_seconds:.0f}초"


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

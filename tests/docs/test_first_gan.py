"""처음 만드는 GAN의 두 파일이 실행되고, 페이지가 말한 만큼만 다른지 봅니다."""

import difflib
from pathlib import Path

import pytest

from gan_docs.experiments import first
from gan_docs.site.page import blocks, running

ROOT = Path(__file__).parents[2]
TEXTS = {name: (ROOT / file).read_text("utf-8") for name, file in first.FILES.items()}


def shortened(text: str, *edits: tuple[str, str]) -> str:
    for old, new in (("range(401)", "range(51)"), ("range(801)", "range(201)"), *edits):
        text = text.replace(old, new)
    return text


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_a_file_runs_alone_as_it_stands(name: str) -> None:
    [block] = blocks.collect(f"```python\n{shortened(TEXTS[name])}```\n", name)
    done = running.run(block)
    assert done.ok, done.error
    assert done.stdout.count("스텝") == 2


def test_the_plane_changes_the_data_and_what_is_printed_alone() -> None:
    rows = difflib.unified_diff(*(TEXTS[name].splitlines() for name in TEXTS), n=0, lineterm="")
    changed = [row[1:] for row in rows if row.startswith("-") and not row.startswith("---")]
    wanted = ('"""', "COUNT, SIZE", "    return 2 +", "for step", "    if step", "        print")
    assert len(changed) == len(wanted)
    assert all(row.startswith(start) for row, start in zip(changed, wanted, strict=True))


def test_a_change_that_no_line_of_the_file_bears_is_refused() -> None:
    with pytest.raises(ValueError, match="바꿀 줄이 없습니다: lr=9"):
        first.edited("line", [("lr=9", "lr=1")], seed=0)


@pytest.mark.slow
def test_without_detach_the_run_is_the_same() -> None:
    ends = [
        first.execute(shortened(TEXTS["line"], *edits))[-1]["fake"]
        for edits in ([], [(".detach()", "")])
    ]
    assert (ends[0] == ends[1]).all()


def test_the_line_learns_and_a_wrong_target_does_not() -> None:
    right = first.execute(shortened(TEXTS["line"]))[-1]["fake"].mean()
    wrong = first.execute(
        shortened(TEXTS["line"], ("discriminator(fake), ONE)", "discriminator(fake), ZERO)"))
    )[-1]["fake"].mean()
    assert abs(right - first.MEAN) < 0.7 < abs(wrong - first.MEAN)


def test_the_real_of_the_files_is_what_the_figures_draw() -> None:
    for name, (center, sigma) in {
        "line": (first.MEAN, first.SIGMA),
        "plane": (first.RADIUS, first.SPREAD),
    }.items():
        names: dict[str, object] = {"print": lambda _: None}
        exec(TEXTS[name].split("for step")[0].replace("64,", "20000,"), names)
        real = names["real"]()  # type: ignore[operator]
        values = real if name == "line" else real.norm(dim=1)
        assert abs(values.mean() - center) < 0.03
        assert abs(values.std() - sigma) < 0.02

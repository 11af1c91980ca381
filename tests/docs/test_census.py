"""사이트에 보인 블록이 모두 실행되는지, 그리고 빠진 블록을 알아채는지."""

import json
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from gan_docs.site.html import census
from gan_docs.site.page.reading import Reader
from gan_docs.site.page.sources import PageError

ROOT = Path(__file__).parents[2]
SHOWN = '<div class="language-python highlight"><pre><code>{}</code></pre></div>'


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """페이지 하나와 모듈 하나뿐인 저장소입니다."""
    for folder in ("site/a", "docs/examples", "gan_docs"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "docs/a.md").write_text("```python\nrun = 1\n```\n", "utf-8")
    module = "# --8<-- [start:part]\nincluded = 1\n# --8<-- [end:part]\n"
    (tmp_path / "gan_docs/m.py").write_text(module, "utf-8")
    return tmp_path


def take(root: Path, *shown: str) -> dict[str, int]:
    page = f"<html><body>{''.join(shown)}</body></html>"
    (root / "site/a/index.html").write_text(page, "utf-8")
    return census.take(root / "site", root).totals


def test_a_block_that_nothing_runs_is_seen(small: Path) -> None:
    totals = take(small, *map(SHOWN.format, ("run = 1", "included = 1", "unknown = 1")))
    assert totals == {"shown": 3, "run": 1, "included": 1, "skipped": 0, "unaccounted": 1}


@pytest.mark.parametrize(
    "shown",
    [
        "<pre>x = 1</pre>",
        "<pre><code>x = 1</code></pre>",
        "<pre></pre>",
        '<div class="language-pycon"><pre>&gt;&gt;&gt; 1</pre></div>',  # docstring의 보기
    ],
)
def test_a_block_that_the_runner_does_not_collect_is_seen(small: Path, shown: str) -> None:
    (small / "gan_docs/__init__.py").touch()  # 빈 블록은 빈 파일을 옮긴 것이 아님
    assert take(small, shown)["unaccounted"] == 1


def test_the_census_and_the_build_refuse_a_block_that_runs_nothing(small: Path) -> None:
    block, complaint = "```console\n(.venv) $ python\n```", "2: 명령이 아닌 줄입니다"
    (small / "docs/a.md").write_text(block, "utf-8")
    with pytest.raises(PageError, match=f"docs/a.md:{complaint}"):
        take(small, SHOWN.format("x"))
    config = load_config(str(ROOT / "mkdocs.yml"))
    file = File("a.md", str(small / "docs"), str(small / "site"), True)
    with pytest.raises(PluginError, match=f"a.md:{complaint}"):
        Reader(config, Files([file]), "", False).read(block, Page(None, file, config))


def test_a_site_without_blocks_is_refused(small: Path) -> None:
    with pytest.raises(ValueError, match="하나도 없습니다"):
        take(small)


def test_every_block_of_the_site_is_accounted_for(built_site: Path) -> None:
    taken = census.take(built_site)
    totals = taken.totals
    assert not taken.unaccounted
    assert totals["run"] > 10
    assert totals["included"] > 10
    assert totals["shown"] == sum(totals[kind] for kind in census.KINDS)
    written = json.loads((built_site / "build.json").read_text("utf-8"))["census"]
    assert {name: written[name] for name in totals} == totals


def test_build_json_lists_every_experiment_and_figure_with_files(built_site: Path) -> None:
    made = json.loads((built_site / "build.json").read_text("utf-8"))
    wanted = {"name", "key", "seed", "steps", "cpu_seconds", "wall_seconds", "numbers"}
    assert made["experiments"]
    assert all(wanted <= experiment.keys() for experiment in made["experiments"])
    pictures = [file for figure in made["figures"] for file in figure["files"]]
    assert pictures and all((built_site / file).is_file() for file in pictures)
    seconds = {one["name"]: one["cpu_seconds"] for one in made["experiments"]}
    # 모두의 48분 가운데 6분까지. 느린 기계에서는 모두 함께 느려짐
    assert seconds["hangul"] <= sum(seconds.values()) / 8

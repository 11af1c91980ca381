"""열쇠: 결과를 바꿀 수 있는 것이 바뀌면 바뀌고, 아니면 그대로인지."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan_docs.site.make import figures, keys, results

LOSSES = {"hangul", "ring", "curves", "equilibrium"}


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    results.key.cache_clear()
    figures.key.cache_clear()
    yield
    results.key.cache_clear()
    figures.key.cache_clear()


def all_keys() -> dict[str, str]:
    results.key.cache_clear()
    return {name: results.key(name) for name in results.experiments()}


def changed_by(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """모듈의 소스에 한 줄을 더했을 때 열쇠가 바뀌는 실험입니다."""
    before, real = all_keys(), keys.source_file
    edited = tmp_path / "edited.py"
    edited.write_bytes(real(module).read_bytes() + b"\n# changed\n")
    monkeypatch.setattr(keys, "source_file", lambda name: edited if name == module else real(name))
    after = all_keys()
    return {name for name in before if before[name] != after[name]}


def test_editing_a_loss_retrains_what_uses_it_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = changed_by("gan_docs.losses", tmp_path, monkeypatch)
    assert changed >= LOSSES
    importing = {
        name for name in results.experiments()
        if "gan_docs.losses" in keys.sources([f"{results.MODULES}.{name}"])
    }  # fmt: skip
    waiting = {name for name, one in results.experiments().items() if set(one.needs) & importing}
    assert changed == importing | waiting
    assert not changed & {"gan100", "judge", "networks"}


def test_editing_a_measure_measures_again_and_trains_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = changed_by("gan_docs.metrics", tmp_path, monkeypatch)
    assert changed >= {"reading", "modes", "failures", "gan100_reading"}
    assert not changed & {"hangul", "hangul_unconditional", "gan100", "grid", "ring", "losses"}


@pytest.mark.parametrize(
    "module",
    [
        "gan_docs.site.html.theme",
        "gan_docs.site.hooks",
        "gan_docs.site.page.expand",
        "gan_docs.drawing.pictures",
    ],
)
def test_editing_what_no_experiment_imports_retrains_nothing(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert changed_by(module, tmp_path, monkeypatch) == set()


def test_pages_and_styles_are_in_no_key() -> None:
    for name, experiment in results.experiments().items():
        files = [keys.source_file(m) for m in keys.sources([f"{results.MODULES}.{name}"])]
        assert all(file.suffix == ".py" for file in files)
        assert not [file for file in experiment.files if file.endswith((".md", ".css"))]


@pytest.mark.parametrize("change", ["seed", "steps", "parameters", "versions", "threads", "files"])
def test_all_that_could_change_a_result_changes_its_key(
    change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = all_keys()["hangul"]
    known = results.experiments()
    hangul = known["hangul"]
    if change == "versions":
        monkeypatch.setattr(keys, "versions", lambda tools: {"torch": "9.9"})
    elif change == "threads":
        monkeypatch.setattr(keys, "THREADS", 2)
    else:
        values = {"seed": 1, "steps": 1, "parameters": {"batch_size": 1}, "files": ("mkdocs.yml",)}
        other = dataclasses.replace(hangul, **{change: values[change]})
        monkeypatch.setattr(results, "experiments", lambda: {**known, "hangul": other})
    assert all_keys()["hangul"] != before


def test_a_new_result_draws_its_figures_again(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {name: figures.key(name) for name in figures.figures()}
    figures.key.cache_clear()
    real = results.key
    monkeypatch.setattr(results, "key", lambda name: "new" if name == "ring" else real(name))
    changed = {name for name in before if figures.key(name) != before[name]}
    monkeypatch.undo()
    assert changed == {"ring-points"}

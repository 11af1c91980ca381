"""병원: 환자마다 표의 확인 한 줄이 건강한 루프와 가르고, 오류마다 고친 루프가 돕니다."""

import runpy
from pathlib import Path

import pytest
import torch

from gan_docs.experiments import hospital, hospital_cases, hospital_errors
from gan_docs.experiments.hospital_cases import (
    CASES,
    CHECKS,
    HARMLESS,
    INPUTS,
    OUTPUTS,
    SILENT,
    UNSEEN,
    Changes,
    Check,
    checked,
    program,
    source,
)
from gan_docs.site.html import census
from gan_docs.site.make import patients

PATIENTS = {**CASES, **UNSEEN}


def answer(changes: Changes, check: Check, steps: int = 12) -> bool:
    """루프에 확인을 끼워 조금 학습하고 점을 만든 뒤, 마지막 답을 봅니다."""
    found: list[bool] = []
    case = program(checked(source(changes), check), found=found)
    torch.manual_seed(0)
    networks = case.networks()
    for _ in case.train(*networks, steps):
        pass
    case.sample(networks[0], 8, 1.0)
    assert found, check
    return found[-1]


@pytest.mark.slow
@pytest.mark.parametrize("case", PATIENTS)
def test_the_check_tells_the_patient_from_the_healthy(case: str) -> None:
    assert answer((), CHECKS[case])
    assert not answer(PATIENTS[case], CHECKS[case])


def test_twins_are_told_apart_by_their_checks() -> None:
    """겉모습이 같은 두 환자입니다: 저마다의 확인만 거짓이 됩니다."""
    assert answer(CASES["collapse"], CHECKS["graph"])
    assert not answer(CASES["graph"], CHECKS["graph"])


def test_every_patient_has_a_check_and_every_check_a_patient() -> None:
    assert CHECKS.keys() == PATIENTS.keys()
    assert patients.SYMPTOMS.keys() == CASES.keys()


@pytest.mark.parametrize(("case", "still"), [(None, []), ("same_noise", [1]), ("same_batch", [0])])
def test_the_two_numbers_tell_what_is_not_drawn_anew(case: str | None, still: list[int]) -> None:
    found: list[tuple[float, float]] = []
    text = source(() if case is None else SILENT[case])
    text = text.replace("        yield", f"        found.append(({INPUTS}))\n        yield")
    patient = program(text, found=found)
    for _ in patient.train(*patient.networks(), 3):
        pass
    assert [place for place in (0, 1) if len({each[place] for each in found}) == 1] == still
    page = (hospital_cases.PATH.parents[1] / "hospital.md").read_text("utf-8")
    assert f"print({INPUTS})" in page


ALL = {**PATIENTS, **SILENT, **OUTPUTS, **HARMLESS}


@pytest.mark.parametrize("changes", ALL.values(), ids=ALL)
def test_a_patient_differs_by_one_to_three_lines(changes: Changes) -> None:
    rows = patients.difference(source(), source(changes)).splitlines()
    assert 1 <= max(sum(row[0] == mark for row in rows) for mark in "+-") <= 3


def test_a_line_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="0번"):
        source((("없는 줄", ""),))
    with pytest.raises(ValueError, match="번 나옵니다"):
        source((("optimizer", ""),))


def test_the_judgement_asks_for_all_three() -> None:
    assert hospital.well(8, 0.7, 1.0)
    assert not any([hospital.well(7, 0.7, 1), hospital.well(8, 0.4, 1), hospital.well(8, 0.7, 0.9)])


def test_the_real_points_are_well() -> None:
    """진짜를 조건대로 늘어놓으면 건강하고, 조건을 바꾸면 아닙니다."""
    torch.manual_seed(0)
    real, condition = program(source()).real_points(6000)
    sides = [real[condition[:, 0] == side][:1000] for side in (1.0, -1.0)]
    assert hospital.well(*hospital.judged(torch.cat(sides).numpy()))
    assert not hospital.well(*hospital.judged(torch.cat(sides[::-1]).numpy()))


def test_the_diff_is_of_the_strings_that_ran() -> None:
    rows = patients.difference("a = 1\nb = 2\nc = 3\n", "a = 1\nb = 5\nc = 3\n").splitlines()
    assert rows == [" a = 1", "-b = 2", "+b = 5", " c = 3"]


def test_the_census_knows_a_difference_that_ran_and_no_other(tmp_path: Path) -> None:
    ran = patients.difference(source(), source(CASES["graph"]))
    forged = ran.replace("retain_graph", "allow_unused")
    page = tmp_path / "a" / "index.html"
    page.parent.mkdir()
    block = '<div class="language-diff"><pre><code>{}</code></pre></div>'
    page.write_text(f"<html><body>{block.format(ran)}{block.format(forged)}</body></html>", "utf-8")
    assert [each.kind for each in census.take(tmp_path).seen] == ["included", "unaccounted"]


@pytest.mark.parametrize("name", hospital_errors.ERRORS)
def test_an_error_is_raised_and_its_cure_runs(name: str) -> None:
    kept = program(source()).networks()[0].state_dict()
    fault = hospital_errors.ERRORS[name]
    assert hospital_errors.tried(fault.sick, kept, 5)[0]
    assert hospital_errors.tried(fault.cured, kept, 5) == ("", 5)


@pytest.mark.slow
def test_the_healthy_file_runs_as_a_script(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(hospital_cases.PATH), run_name="__main__")
    assert "500스텝" in capsys.readouterr().out

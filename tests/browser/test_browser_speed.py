"""내보낸 한 스텝은 진짜 브라우저에서도 TensorFlow.js의 같은 스텝보다 몇 배 빠릅니다."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from inspection import Open
from machine import serve
from playwright.sync_api import Error

from gan_docs.experiments import browser_race, browser_speed, digit_speed
from gan_docs.experiments.browser_race import RACE, RIVAL, ROOT, Course, prepare
from gan_docs.experiments.gan100_live import NAMES
from gan_docs.site.make import results

PROMISES = {"plane": 4.0, **dict.fromkeys(NAMES, 3.0)}
SCRIPTS = "".join(
    f'<script src="node_modules/@tensorflow/tfjs-{name}/dist/tf-{name}.es2017.min.js"></script>'
    for name in ("core", "backend-cpu", "backend-wasm")
)
PAGE = f'<!doctype html><link rel="icon" href="data:,">{SCRIPTS}'
RUN = """async () => {
    const here = (path) => new URL(path, location.href).href;
    const { race } = await import(here("browser_race.mjs"));
    const { registerGradients } = await import(here("gradients.mjs"));
    const ort = await import(here("node_modules/onnxruntime-web/dist/ort.wasm.min.mjs"));
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = here("node_modules/onnxruntime-web/dist/");
    tf.wasm.setWasmPaths(here("node_modules/@tensorflow/tfjs-backend-wasm/dist/"));
    registerGradients(tf);
    const request = await (await fetch("request.json")).json();
    const models = {};
    for (const name of request.models)
        models[name] = new Uint8Array(await (await fetch(`${name}.onnx`)).arrayBuffer());
    const found = await race({ ort, tf, models, request });
    const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
    return { ...found, simd, threads: tf.wasm.getThreadsCount() };
}"""
Raced = Callable[..., dict[str, Any]]


def course(name: str) -> tuple[Course, Mapping[str, Any]]:
    """겨룰 스텝과, 그 실험의 값입니다."""
    if name in NAMES:
        made = digit_speed.course(results.result("gan100_live"), name)
        return made, digit_speed.EXPERIMENT.parameters
    experiment = browser_speed.EXPERIMENT
    return browser_speed.course(experiment, results.result("turns")), experiment.parameters


@pytest.fixture
def raced(built_site: Path, tmp_path: Path, open_tab: Open) -> Raced:
    """진짜 페이지에서 겨룹니다. 파일의 글을 바꾸어 볼 수 있습니다."""

    def raced(name: str, laps: int, *edits: tuple[str, str, str]) -> dict[str, Any]:
        chosen, parameters = course(name)
        prepare(tmp_path, chosen, {**parameters, "laps": laps})
        for file in (RACE, RIVAL, chosen.runners):
            shutil.copy(ROOT / file, tmp_path)
        for file, old, new in edits:
            copy = tmp_path / Path(file).name
            text = copy.read_text("utf-8")
            assert text.count(old) == 1
            copy.write_text(text.replace(old, new), "utf-8")
        (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
        (tmp_path / "index.html").write_text(PAGE, "utf-8")
        with serve(tmp_path) as address:
            page = open_tab()
            page.goto(address)
            found: dict[str, Any] = page.evaluate(RUN)
        return found

    return raced


WIDELY = dict.fromkeys(NAMES, pytest.mark.wide)


@pytest.mark.timed
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=WIDELY.get(name, ())) for name in PROMISES]
)
def test_exported_step_outruns_tensorflow(raced: Raced, name: str) -> None:
    found = raced(name, laps=4)
    assert found["simd"] and found["threads"] == 1  # 상대도 가장 빠른 한 스레드로
    assert found["difference"] < 1e-5
    speeds = found["speeds"]
    assert speeds["onnxruntime"] >= PROMISES[name] * speeds["tensorflow_wasm"], speeds
    assert speeds["onnxruntime"] > speeds["tensorflow_tuned"] > speeds["tensorflow_wasm"], speeds
    assert speeds["tensorflow_wasm"] > speeds.get("tensorflow_cpu", 0), speeds


def test_a_rival_that_starts_elsewhere_is_refused(raced: Raced) -> None:
    other = ("const weight = values.sub", "const weight = values.map((each) => 1.01 * each).sub")
    with pytest.raises(Error, match="같은 출발에서 손실이 다릅니다"):
        raced("narrow", 0, (RIVAL, *other))


def test_the_leaky_relu_of_the_library_has_no_second_gradient(
    raced: Raced, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser_race, "KERNELS", (*browser_race.KERNELS, "Select"))
    library = ("tf.mul(hidden, tf.step(hidden, 0.2))", "tf.leakyRelu(hidden, 0.2)")
    with pytest.raises(Error, match="gradient function not found for Greater"):
        raced("narrow", 0, (digit_speed.RUNNERS, *library))

"""브라우저의 셈을 Node로 확인하고, 일부러 고장 내어 그 확인이 고장을 알아채는지 봅니다."""

import ast
import base64
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper
from PIL import Image
from torch import nn

from gan_docs.experiments import plane
from gan_docs.machines import programs
from gan_docs.metrics import mode_statistics
from gan_docs.site.make import live

ROOT = Path(__file__).parents[2]
SCRIPTS, HERE = Path("docs/assets/live"), Path("tests/live")
TESTS = sorted(file.name for file in (ROOT / HERE).glob("*.test.js"))
REPEATS = 60  # 처음 매개변수의 흩어짐을 재는 신경망의 수


# --- 파이썬의 답


def statistics() -> list[dict[str, Any]]:
    """점과 봉우리, 그리고 파이썬이 센 값입니다."""
    random = np.random.default_rng(0)
    corners = [[0, 0], [8, 0], [0, 8], [8, 8]]
    spread = np.repeat(np.array(corners), [37, 1, 2, 0], axis=0)  # 40점의 고른 몫의 1/10은 1점
    cases: list[tuple[str, Any, Any, float]] = [
        ("한 봉우리에 모두", random.normal(0, 0.1, (50, 2)), corners, 0.1),
        ("빈 봉우리와 꼭 10분의 1", spread, corners, 0.5),
        ("10분의 1에 하나 모자람", np.repeat(corners, [40, 1, 0, 0], axis=0), corners, 0.5),
        # 축과 3 : 4 : 5에서 셈이 꼭 떨어지는 3σ
        ("꼭 3σ", [[3.75, 0], [2.25, 3], [-3, -2.25], [0, 3.7501], [3, 3]], [[0, 0]], 1.25),
        ("두 봉우리의 한가운데", [[1, 0], [1, 0], [0, 5]], [[0, 0], [2, 0]], 0.5),
        ("모두 먼 곳", random.normal(100, 1, (30, 2)), corners, 0.5),
        ("점 하나", [[0, 8]], corners, 0.5),
        ("봉우리 하나", random.normal(0, 1, (200, 2)), [[0, 0]], 0.5),
    ]
    for name, data in plane.stages().items():
        centers, generator = data.centers, torch.Generator().manual_seed(1)
        points = data.sample(500, generator)[0]
        cases += [
            (f"{name}에서 뽑은 점", points, centers, data.sigma),
            (f"{name}에서 번진 점", 1.1 * points, centers, data.sigma),
            (f"{name}의 앞쪽만", points[points[:, 0] > 0.3], centers, data.sigma),
            (f"{name}과 상관없는 점", random.normal(0, 0.7, (300, 2)), centers, data.sigma),
        ]
    for case in range(12):
        modes = random.uniform(-2, 2, (int(random.integers(1, 30)), 2))
        points = random.normal(0, 1.2, (int(random.integers(1, 400)), 2))
        cases.append((f"아무렇게나 {case}", points, modes, float(random.uniform(0.02, 0.6))))
    return [case_of(*case) for case in cases]


def case_of(name: str, points: Any, centers: Any, sigma: float) -> dict[str, Any]:
    rounded = np.asarray(points, np.float32)  # 브라우저가 받는 점
    places = np.asarray(centers, dtype=float)
    found = mode_statistics(rounded, places, sigma)
    answer = {
        "modes": found.modes,
        "strictModes": found.strict_modes,
        "highQuality": found.high_quality,
        "reverseKl": found.reverse_kl,
    }
    return {
        "name": name,
        "points": rounded.ravel().tolist(),
        "centers": places.tolist(),
        "sigma": sigma,
        "answer": answer,
    }


def initial() -> dict[str, Any]:
    """PyTorch가 뽑은 처음 매개변수의 모양과 표준 편차입니다."""
    torch.manual_seed(0)
    makers = {"discriminator": plane.make_discriminator, "generator": plane.make_generator}
    found = {}
    for name, make in makers.items():
        networks: list[nn.Module] = [make() for _ in range(REPEATS)]
        each = zip(*(network.parameters() for network in networks), strict=True)
        values = [torch.stack([one.detach() for one in many]) for many in each]
        found[name] = {
            "shapes": [list(value.shape[1:]) for value in values],
            "total": sum(value[0].numel() for value in values),
            "deviations": [float(value.std(correction=0)) for value in values],
        }
    return found


def packed(place: Path) -> dict[str, Any]:
    """사이트가 배열을 담는 함수로 담은 파일입니다."""
    random = np.random.default_rng(2)
    arrays = {
        "before.generator": random.normal(size=7).astype(np.float32),
        "real": random.integers(-4096, 4096, (3, 5, 1)).astype(
            np.int16
        ),  # 30바이트: 2바이트를 채움
        "counts": random.integers(0, 65536, (1, 3)).astype(np.uint16),
        "frames": random.integers(0, 16, (2, 3)).astype(np.uint8),
        "losses": random.normal(size=(2, 2)).astype(np.float32),
    }
    asset = live.pack_arrays(place, "things.bin", arrays)
    return {
        "packed": base64.b64encode((place / asset["file"]).read_bytes()).decode(),
        "asset": asset,
        "arrays": {
            name: {
                "type": array.dtype.name,
                "shape": list(array.shape),
                "values": array.ravel().tolist(),
            }
            for name, array in arrays.items()
        },
    }


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """파이썬의 답을 적은 파일입니다."""
    place = tmp_path_factory.mktemp("live")
    squares = [(21, 2.0), (40, 1.5), (2, 1.0), (3, 0.7)]
    settings = live.plane_settings()
    models = {"points"}.union(
        *(one.values() for loss in settings["losses"].values() for one in loss["models"].values())
    )
    answers = {
        "statistics": statistics(),
        "squares": [
            {"side": side, "half": half, "points": plane.square(side, half).ravel().tolist()}
            for side, half in squares
        ],
        "initial": initial(),
        "repeats": REPEATS,
        "packed": packed(place),
        "plane": settings,
        "models": {name: live.shapes(name)["inputs"] for name in sorted(models)},
    }
    file = place / "known.json"
    file.write_text(json.dumps(answers), "utf-8")
    return file


# --- Node로 돌리기


class Outcome(NamedTuple):
    """`node --test`가 남긴 것입니다."""

    code: int
    text: str

    def count(self, what: str) -> int:
        found = re.search(rf"^# {what} (\d+)$", self.text, re.MULTILINE)
        assert found, f"테스트의 수를 적지 않았습니다:\n{self.text}"
        return int(found[1])


def node(*arguments: str, folder: Path, known: Path) -> subprocess.CompletedProcess[str]:
    program = programs.node()
    assert program is not None, "Node.js가 없습니다. `python3 dev.py build`가 설치합니다."
    return subprocess.run(
        [program, *arguments],
        cwd=folder,
        env={**os.environ, "LIVE_FIXTURE": str(known), "PYTHON": sys.executable},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def outcome(folder: Path, test: str, known: Path) -> Outcome:
    path = (HERE / test).as_posix()
    done = node("--test", "--test-reporter=tap", path, folder=folder, known=known)
    return Outcome(done.returncode, done.stdout)


@pytest.mark.parametrize("test", TESTS)
def test_node_agrees(test: str, known: Path) -> None:
    found = outcome(ROOT, test, known)
    if found.code:
        pytest.fail(f"{test}가 실패했습니다:\n{found.text}", pytrace=False)
    assert found.count("pass") >= 1
    assert (
        found.count("fail")
        == found.count("cancelled")
        == found.count("skipped")
        == found.count("todo")
        == 0
    )


def test_the_python_code_draws_what_the_model_makes(tmp_path: Path, known: Path) -> None:
    """쪽이 건네는 파이썬을, 입력의 평균으로 칠하는 작은 모델로 끝까지 돌립니다."""
    size, syllables = 6, 14
    nodes = [
        helper.make_node("ReduceMean", ["input"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("Reshape", ["mean", "square"], ["one"]),
        helper.make_node("Tile", ["one", "repeats"], ["images"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", size + syllables])],
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 1, 28, 28])],
        [
            helper.make_tensor("square", TensorProto.INT64, [4], [-1, 1, 1, 1]),
            helper.make_tensor("repeats", TensorProto.INT64, [4], [1, 1, 28, 28]),
        ],
    )
    opset = helper.make_opsetid("", 13)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=8)
    onnx.checker.check_model(model)
    file = tmp_path / "tiny.onnx.gz"
    file.write_bytes(gzip.compress(model.SerializeToString()))
    z = [0.5, -1.25, 3.0, 2.0, -0.125, 1.0]
    script = (
        f'import {{ pythonCode }} from "{(ROOT / SCRIPTS / "python.js").as_uri()}";'
        f"const input = Float32Array.from({z + [0.0] * (syllables - 1) + [1.0]});"
        f'process.stdout.write(pythonCode(input, {size}, "{file.as_uri()}"));'
    )
    made = node("--input-type=module", "--eval", script, folder=tmp_path, known=known)
    assert made.returncode == 0, made.stdout
    ast.parse(made.stdout)
    done = subprocess.run(
        [sys.executable, "-c", made.stdout],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    ink = round((sum([*z, 1.0]) / (size + syllables) + 1) * 127.5)
    with Image.open(tmp_path / "glyph.png") as glyph:
        assert glyph.size == (224, 224)
        assert glyph.getextrema() == (255 - ink, 255 - ink)


# --- 고장


class Mutation(NamedTuple):
    """고장 하나: 어느 모듈의 무엇을 어떻게 바꾸는지. 같은 이름의 테스트가 알아채야 합니다."""

    what: str
    module: str
    old: str
    new: str


def of(module: str, *changes: tuple[str, str, str]) -> list[Mutation]:
    """한 모듈의 고장들입니다: 이름, 바꿀 글, 새 글."""
    return [Mutation(what, module, old, new) for what, old, new in changes]


MUTATIONS = [
    *of(
        "random",
        ("난수: 더하는 수의 마지막 자리", "0x6d2b79f5", "0x6d2b79f7"),
        ("난수: 범위가 두 배", "/ 2 ** 32", "/ 2 ** 31"),
        ("난수: 시드를 버림", "this.state = seed >>> 0", "this.state = 0"),
        (
            "난수: 코사인과 사인이 뒤바뀜",
            "this.spare = length * Math.sin(angle);\n    return length * Math.cos(angle);",
            "this.spare = length * Math.cos(angle);\n    return length * Math.sin(angle);",
        ),
        ("난수: 남겨 둔 수를 되풀이", "this.spare = undefined;\n      return", "return"),
        ("난수: 로그의 안이 0이 됨", "Math.log(1 - this.", "Math.log(this."),
        ("난수: 길이에 2가 빠짐", "Math.sqrt(-2 * ", "Math.sqrt(-1 * "),
        ("난수: 정수를 반올림", "Math.floor(this.uniform()", "Math.round(this.uniform()"),
    ),
    *of(
        "plane",
        ("봉우리: 2σ 안만", "best <= 3 * sigma", "best <= 2 * sigma"),
        ("봉우리: 꼭 3σ를 뺌", "best <= 3 * sigma", "best < 3 * sigma"),
        ("봉우리: 꼭 10분의 1을 뺌", "* hit >= count", "* hit > count"),
        ("봉우리: 고른 몫을 다 채워야", "10 * centers.length", "centers.length"),
        ("봉우리: 역 KL의 로그에 M이 빠짐", "(n / count) * centers.length)", "n / count)"),
        ("봉우리: 역 KL을 또렷한 점만으로", "sum(nearest.map(", "sum(hits.map("),
        ("봉우리: 빈 봉우리에서 NaN", "n ? (n / count) * Math.log", "1 ? (n / count) * Math.log"),
        ("봉우리: 같은 거리면 나중 것", "if (distance < best)", "if (distance <= best)"),
        ("봉우리: 비율을 세로 남김", "sum(hits) / count", "sum(hits)"),
        ("자료: 한 봉우리만", "centers[random.whole(centers.length)]", "centers[0]"),
        (
            "자료: 두 좌표가 같은 수",
            "points[place + 1] = y + sigma * random.normal()",
            "points[place + 1] = y + points[place] - x",
        ),
        ("자료: 흩어짐이 σ²", "x + sigma * random", "x + sigma * sigma * random"),
        ("처음값: 출력의 수로 나눔", "Math.sqrt(shape[1])", "Math.sqrt(shape[0])"),
        ("처음값: 제곱근이 빠짐", "1 / Math.sqrt(shape[1])", "1 / shape[1]"),
        ("처음값: 양수만", "(2 * random.uniform() - 1)", "random.uniform()"),
        (
            "처음값: 편향이 제 길이의 폭",
            "if (shape.length === 2) bound = 1 / Math.sqrt(shape[1]);",
            "bound = 1 / Math.sqrt(shape.at(-1));",
        ),
        ("격자: 위아래가 뒤집힘", "-place(row)", "place(row)"),
        ("격자: 위쪽부터 세로로", "2 * (row * side + column)", "2 * (column * side + row)"),
        ("격자: 끝에 닿지 않음", "/ (side - 1)", "/ side"),
        (
            "로짓: 자르지 않음",
            "Math.min(1, Math.max(0, (logit - low) / width))",
            "(logit - low) / width",
        ),
        ("로짓: 끝의 5%까지", "Math.ceil(0.95 *", "Math.ceil(1 *"),
        ("로짓: 모두 같으면 0으로 나눔", "high - low || 1", "high - low"),
        ("차이: 길이를 보지 않음", "if (first.length !== second.length) return Infinity;", ""),
        ("차이: NaN을 지나침", "if (!(difference <= largest))", "if (difference > largest)"),
        (
            "차이: 부호를 남김",
            "Math.abs(first[place] - second[place])",
            "first[place] - second[place]",
        ),
    ),
    *of(
        "files",
        ("파일: 길이를 보지 않음", "if (content.length !== asset.bytes) return false;", ""),
        ("파일: sha256을 보지 않음", '.join("") === asset.sha256', '.join("") !== ""'),
        ("파일: 확인을 건너뜀", "if (packed && !(await isWhole(content, asset)))", "if (false)"),
        (
            "파일: 풀린 크기를 보지 않음",
            "if (unpacked.length !== asset.unpacked) throw",
            "if (false) throw",
        ),
        ("파일: 온 만큼을 알리지 않음", "      progress(value.length);\n", ""),
        ("파일: 온 조각의 수를 알림", "progress(value.length)", "progress(parts.length)"),
        (
            "파일: 이미 풀린 것을 또 풂",
            "packed ? await unpack(content) : content",
            "await unpack(content)",
        ),
        ("파일: 404를 지나침", "!response.ok || ", ""),
        ("파일: 까닭을 말하지 않음", "throw new LiveError(OFFLINE)", "throw new Error(OFFLINE)"),
        (
            "파일: 깨진 목록을 빈 목록으로",
            "return JSON.parse(new TextDecoder().decode(content));\n  } catch {",
            "return JSON.parse(new TextDecoder().decode(content));\n  } catch {\n    return {};",
        ),
        ("파일: 배열이 모두 처음부터", "content.buffer, start, count", "content.buffer, 0, count"),
        ("파일: 부호를 버림", "int16: Int16Array", "int16: Uint16Array"),
    ),
    *of(
        "training",
        (
            "학습: 두 학습률이 뒤바뀜",
            '"generator", this.settings.discriminator_rate',
            '"generator", this.settings.generator_rate',
        ),
        ("학습: Adam의 걸음을 0부터", "Float32Array.of(step + 1)", "Float32Array.of(step)"),
        ("학습: 걸음을 세지 않음", "step: step + 1,\n    };", "step,\n    };"),
        (
            "학습: 쪽이 아니라 모두의 걸음을 건넴",
            "Float32Array.of(step + 1)",
            "Float32Array.of(this.steps + 1)",
        ),
        (
            "학습: 생성기 차례에 새 묶음",
            "this.settings.generator_rate, batch)",
            "this.settings.generator_rate, this.draw())",
        ),
        ("학습: 한쪽만 걸어도 판별기가 움직임", 'if (turn !== "generator")', "if (true)"),
        ("학습: 판별기만 걸어도 생성기가 움직임", 'if (turn !== "discriminator")', "if (true)"),
        (
            "학습: 두 평균이 뒤바뀜",
            "momentum: made.new_momentum,\n      variance: made.new_variance",
            "momentum: made.new_variance,\n      variance: made.new_momentum",
        ),
        (
            "학습: 상대 대신 자신을 건넴",
            "other: this[other].parameters",
            "other: this[mover].parameters",
        ),
        ("학습: 고친 가중치를 버림", "parameters: made.new_parameters", "parameters"),
        (
            "학습: 다시 시작해도 시드가 0",
            "this.random = new Random(seed)",
            "this.random = new Random(0)",
        ),
        ("학습: 다시 시작해도 난수가 이어짐", "    this.random = new Random(seed);\n", ""),
        ("학습: 촘촘함을 곱하지 않음", ".map((one) => waves.frequency * one)", ""),
        (
            "학습: 섞는 비율이 정규분포",
            "share: this.random.uniforms(batch)",
            "share: this.random.normals(batch)",
        ),
        (
            "학습: 잠재 벡터가 고른 분포",
            "z: this.random.normals(2 * batch)",
            "z: this.random.uniforms(2 * batch)",
        ),
        (
            "학습: 생성기의 손실을 판별기의 자리에",
            "this.losses[1] = made.loss[0]",
            "this.losses[0] = made.loss[0]",
        ),
        ("학습: 기본값을 함께 씀", "{ ...plane.defaults }", "plane.defaults"),
        (
            "학습: 무한한 손실에도 이어 감",
            "loss === undefined || Number.isFinite(loss)",
            "!Number.isNaN(loss)",
        ),
        (
            "학습: NaN인 손실에도 이어 감",
            "loss === undefined || Number.isFinite(loss)",
            "Math.abs(loss) !== Infinity",
        ),
        ("학습: 밟지 않은 걸음에 멈춤", "loss === undefined || Number", "Number"),
        (
            "학습: 점의 모델을 빠뜨림",
            '[...Object.values(this.modelsOf(settings)), "points"]',
            "Object.values(this.modelsOf(settings))",
        ),
        ("학습: 그린 자료를 보지 않음", "?? this.drawing", "?? this.plane.data.ring"),
        (
            "보기: 학습의 난수를 씀",
            "const random = new Random(VIEW_SEED);\n    const real",
            "const random = this.random;\n    const real",
        ),
        (
            "보기: 두 쪽의 가중치가 뒤바뀜",
            "other: this.discriminator.parameters,\n      parameters: this.generator.parameters",
            "other: this.generator.parameters,\n      parameters: this.discriminator.parameters",
        ),
        (
            "보기: 격자와 들판이 같은 자리",
            "square(plane.field.side, plane.field.half)",
            "square(plane.lattice.side, plane.lattice.half)",
        ),
        (
            "견주기: 판별기의 마지막 편향까지",
            '"discriminator" ? -1 : undefined',
            '"discriminator" ? undefined : undefined',
        ),
        (
            "견주기: 생성기의 마지막도 뺌",
            '"discriminator" ? -1 : undefined',
            '"discriminator" ? -1 : -1',
        ),
        (
            "견주기: 벌점을 견주지 않음",
            "training.penalty, generator",
            "kept.losses.data[3 * step + 1], generator",
        ),
        (
            "견주기: 마지막 걸음의 손실만",
            "Math.max(difference.losses, largestDifference(found, wanted))",
            "largestDifference(found, wanted)",
        ),
        ("견주기: 생성기의 가중치만", "Math.max(difference.parameters, apart)", "apart"),
        ("견주기: 입력을 나누지 않음", "whole / golden.scale", "whole"),
        ("견주기: 몸풀기의 걸음을 잊음", "      golden.warm_up,\n", "      0,\n"),
        ("견주기: 몸풀기의 분산을 잊음", "floats(`before.${name}.variance`)", "undefined"),
        (
            "견주기: 적힌 물결을 쓰지 않음",
            '  training.directions = floats("before.directions");\n',
            "",
        ),
        (
            "견주기: 모두 첫 묶음으로",
            "data.subarray(step * size, (step + 1) * size)",
            "data.subarray(0, size)",
        ),
        ("견주기: 벌점의 종류가 기본값", "    penalty: golden.penalties[loss],\n", ""),
    ),
    *of(
        "python",
        ("파이썬: 소수 둘째 자리까지", "toFixed(3)", "toFixed(2)"),
        ("파이썬: 글자의 몫이 처음부터", "input.subarray(size)", "input.subarray(0)"),
        ("파이썬: 주소가 빠짐", "${address}", ""),
        ("파이썬: 닫지 않은 괄호", ".read()))", ".read())"),
    ),
    *of(
        "scrubber",
        ("기록: 나누지 않은 합", "return sum / (last - first)", "return sum"),
        ("기록: 두 손실이 뒤바뀜", "[mean(0), mean(1)]", "[mean(1), mean(0)]"),
        ("기록: 없는 걸음의 점", "{ length: Math.min(count, steps) }", "{ length: count }"),
        ("기록: 둘레의 첫 걸음만", "step < last; step++", "step <= first; step++"),
    ),
    *of(
        "picture",
        (
            "그림: 위아래가 뒤집힘",
            "(1 - (2 * y) / side) * window]",
            "((2 * y) / side - 1) * window]",
        ),
        ("그림: 파랑과 빨강이 뒤바뀜", "[1, 3, 5].map((start)", "[5, 3, 1].map((start)"),
    ),
    *of(
        "engine",
        ("실행기: 비어 있는 배치가 1", "side || data.length / shape[1]", "side || 1"),
        (
            "실행기: 실패를 간직함",
            "      session.catch(() => this.sessions.delete(name));",
            "      session.catch(() => {});",
        ),
        ("실행기: 모델을 부를 때마다 받음", "      this.sessions.set(name, session);\n", ""),
        ("실행기: 온 만큼을 더하지 않음", "loaded += bytes", "loaded = 0 * bytes"),
    ),
]


def copied(folder: Path) -> Path:
    """스크립트와 테스트를 옮겨 담습니다."""
    for part in (SCRIPTS, HERE):
        (folder / part).mkdir(parents=True)
        for file in (ROOT / part).glob("*.js"):
            shutil.copy(file, folder / part / file.name)
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    return folder


def broken(folder: Path, mutation: Mutation) -> Path:
    """옮긴 모듈 하나의 글을 바꿉니다. 바꿀 글은 꼭 한 번 나와야 합니다."""
    file = copied(folder) / SCRIPTS / f"{mutation.module}.js"
    source = file.read_text("utf-8")
    assert source.count(mutation.old) == 1, f"한 번 나와야 하는 글: {mutation.old}"
    file.write_text(source.replace(mutation.old, mutation.new), "utf-8")
    return folder


@pytest.mark.parametrize("mutation", [pytest.param(one, id=one.what) for one in MUTATIONS])
def test_a_mutation_is_caught(mutation: Mutation, tmp_path: Path, known: Path) -> None:
    found = outcome(broken(tmp_path, mutation), f"{mutation.module}.test.js", known)
    # 글이 깨져 읽지 못한 것이 아니라, 셈이 달라 걸려야 함
    assert found.count("pass") >= 1, found.text
    assert found.code and "ERR_ASSERTION" in found.text, f"알아채지 못한 고장:\n{found.text}"


def test_an_unchanged_copy_passes(tmp_path: Path, known: Path) -> None:
    folder = copied(tmp_path)
    for test in TESTS:
        found = outcome(folder, test, known)
        assert found.code == 0, found.text


def test_every_test_file_has_a_module_and_a_mutation() -> None:
    modules = {test.removesuffix(".test.js") for test in TESTS}
    assert modules == {mutation.module for mutation in MUTATIONS}
    assert all((ROOT / SCRIPTS / f"{module}.js").is_file() for module in modules)
    assert len({mutation.what for mutation in MUTATIONS}) == len(MUTATIONS)


def test_a_change_that_finds_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="한 번 나와야 하는 글"):
        broken(tmp_path, Mutation("없는 글", "random", "없는 글", ""))

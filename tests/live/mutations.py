"""브라우저의 셈에 낼 고장입니다: 어느 모듈의 어느 글을 무엇으로 바꾸는지."""

from typing import NamedTuple


class Mutation(NamedTuple):
    """고장 하나입니다. 모듈과 이름이 같은 테스트가 알아채야 합니다."""

    module: str
    what: str
    old: str
    new: str


CHANGES = {
    "random": [
        ("더하는 수의 마지막 자리", "0x6d2b79f5", "0x6d2b79f7"),
        ("범위가 두 배", "/ 2 ** 32", "/ 2 ** 31"),
        ("시드를 버림", "this.state = seed;", "this.state = 0;"),
        ("사인이 코사인으로", "this.spare = length * Math.sin", "this.spare = length * Math.cos"),
        ("남겨 둔 수를 되풀이", "this.spare = undefined;\n      return", "return"),
        ("로그의 안이 0이 됨", "Math.log(1 - this.", "Math.log(this."),
        ("길이에 2가 빠짐", "Math.sqrt(-2 * ", "Math.sqrt(-1 * "),
        ("정수를 반올림", "Math.floor(this.uniform()", "Math.round(this.uniform()"),
        ("큰 시드를 받음", " && seed <= LARGEST_SEED", ""),
        ("빈 시드를 0으로", 'text.trim() !== "" && ', ""),
    ],
    "plane": [
        ("꼭 3σ를 뺌", "best <= 3 * sigma", "best < 3 * sigma"),
        ("꼭 10분의 1을 뺌", "* hit >= count", "* hit > count"),
        ("균등한 몫을 다 채워야", "10 * centers.length", "centers.length"),
        ("역 KL의 로그에 M이 빠짐", "(n / count) * centers.length)", "n / count)"),
        ("역 KL을 또렷한 점만으로", "sum(nearest.map(", "sum(hits.map("),
        ("빈 봉우리에서 NaN", "n ? (n / count) * Math.log", "1 ? (n / count) * Math.log"),
        ("같은 거리면 나중 것", "if (distance < best)", "if (distance <= best)"),
        ("비율을 세로 남김", "sum(hits) / count", "sum(hits)"),
        ("한 봉우리만", "centers[random.whole(centers.length)]", "centers[0]"),
        ("두 좌표가 같은 수", "y + sigma * random.normal()", "y + points[place] - x"),
        ("흩어짐이 σ²", "x + sigma * random", "x + sigma * sigma * random"),
        ("출력의 수로 나눔", "Math.sqrt(shape[1])", "Math.sqrt(shape[0])"),
        ("양수만", "(2 * random.uniform() - 1)", "random.uniform()"),
        ("편향은 폭이 1", "if (shape.length === 2) bound =", "bound = shape.length === 1 ? 1 :"),
        ("격자의 위아래가 뒤집힘", "-place(row)", "place(row)"),
        ("격자의 왼쪽부터 세로로", "2 * (row * side + column)", "2 * (column * side + row)"),
        ("격자가 끝에 닿지 않음", "/ (side - 1)", "/ side"),
        (
            "로짓을 자르지 않음",
            "Math.min(1, Math.max(0, (logit - low) / width))",
            "(logit - low) / width",
        ),
        ("로짓을 끝의 5%까지", "Math.ceil(0.95 *", "Math.ceil(1 *"),
        ("모두 같은 로짓이면 0으로 나눔", "high - low || 1", "high - low"),
        ("길이를 보지 않음", "if (first.length !== second.length) return Infinity;", ""),
        ("NaN을 지나침", "if (!(difference <= largest))", "if (difference > largest)"),
        ("부호를 남김", "Math.abs(first[place] - second[place])", "first[place] - second[place]"),
    ],
    "files": [
        ("길이를 보지 않음", "if (content.length !== asset.bytes) return false;", ""),
        ("sha256을 보지 않음", '.join("") === asset.sha256', '.join("") !== ""'),
        ("확인을 건너뜀", "isPacked(content) && !(await isWhole(content, asset))", "false"),
        ("풀린 크기를 보지 않음", "unpacked.length !== asset.unpacked", "false"),
        ("온 만큼을 알리지 않음", "progress(value.length);", ""),
        ("온 조각의 수를 알림", "progress(value.length)", "progress(parts.length)"),
        (
            "이미 풀린 것을 또 풂",
            "isPacked(content) ? await unpack(content) : content",
            "await unpack(content)",
        ),
        ("404를 지나침", "!response.ok || ", ""),
        ("이유를 말하지 않음", "throw cause(error, OFFLINE)", "throw new Error(OFFLINE)"),
        (
            "모자란 메모리를 네트워크의 탓으로",
            "if (MEMORY.test(`${message || error}`))",
            "if (false)",
        ),
        ("그만둔 것을 네트워크의 탓으로", ' || name === "AbortError"', ""),
        ("깨진 목록도 받음", "JSON.parse(", "Object("),
        ("배열이 모두 처음부터", "content.buffer, start, count", "content.buffer, 0, count"),
        ("부호를 버림", "int16: Int16Array", "int16: Uint16Array"),
    ],
    "training": [
        (
            "두 학습률이 같음",
            "this.settings.discriminator_rate, b",
            "this.settings.generator_rate, b",
        ),
        ("Adam의 스텝을 0부터", "Float32Array.of(step + 1)", "Float32Array.of(step)"),
        ("스텝을 세지 않음", "step: step + 1,\n    };", "step,\n    };"),
        (
            "두 쪽의 스텝을 합해 건넴",
            "Float32Array.of(step + 1)",
            "Float32Array.of(this.steps + 1)",
        ),
        ("생성기 차례에 새 배치", "generator_rate, batch)", "generator_rate, this.draw())"),
        ("생성기만 배워도 판별기가 움직임", 'if (turn !== "generator")', "if (true)"),
        ("판별기만 배워도 생성기가 움직임", 'if (turn !== "discriminator")', "if (true)"),
        ("두 모멘트가 같음", "momentum: made.new_momentum", "momentum: made.new_variance"),
        ("상대 대신 자신을 건넴", "this[other].parameters", "this[mover].parameters"),
        ("고친 가중치를 버림", "parameters: made.new_parameters", "parameters"),
        ("다시 시작해도 시드가 0", "this.random = new Random(seed)", "this.random = new Random(0)"),
        (
            "다시 시작해도 난수가 이어짐",
            "this.random = new Random(seed)",
            "this.random ??= new Random(seed)",
        ),
        ("촘촘함을 곱하지 않음", ".map((one) => waves.frequency * one)", ""),
        ("섞는 비율이 정규분포", "share: this.random.uniforms", "share: this.random.normals"),
        ("잠재 벡터가 균등분포", "z: this.random.normals", "z: this.random.uniforms"),
        ("생성기의 손실을 판별기의 자리에", "losses[1] = made", "losses[0] = made"),
        ("기본값을 함께 씀", "{ ...plane.defaults }", "plane.defaults"),
        ("무한한 손실에도 이어 감", "Number.isFinite(loss)", "!Number.isNaN(loss)"),
        ("NaN인 손실에도 이어 감", "Number.isFinite(loss)", "Math.abs(loss) !== Infinity"),
        ("배우지 않은 쪽 때문에 멈춤", "loss === undefined || Number", "Number"),
        ("점의 모델을 빠뜨림", ', "points"]', "]"),
        ("그린 데이터를 보지 않음", "?? this.drawing", "?? this.plane.data.ring"),
        (
            "보기에 학습의 난수를 씀",
            "const random = new Random(VIEW_SEED)",
            "const { random } = this",
        ),
        (
            "보기의 상대가 자신",
            "other: this.discriminator.parameters",
            "other: this.generator.parameters",
        ),
        ("점수 지도가 격자의 자리에", "square(plane.field.side", "square(plane.lattice.side"),
        ("판별기의 마지막 편향까지 견줌", "? -1 : undefined", "? undefined : undefined"),
        ("생성기의 마지막도 뺌", "-1 : undefined", "-1 : -1"),
        (
            "벌점을 견주지 않음",
            "training.penalty, generator",
            "kept.losses.data[3 * step + 1], generator",
        ),
        ("마지막 스텝의 손실만 견줌", "Math.max(difference.losses,", "Math.max(0,"),
        ("생성기의 가중치만 견줌", "Math.max(difference.parameters, apart)", "apart"),
        ("입력을 나누지 않음", "whole / golden.scale", "whole"),
        ("앞선 스텝을 잊음", "      golden.warm_up,\n", "      0,\n"),
        ("앞선 분산을 잊음", "floats(`before.${name}.variance`)", "undefined"),
        ("적힌 방향을 쓰지 않음", 'training.directions = floats("before.directions");', ""),
        (
            "모두 첫 배치로",
            "data.subarray(step * size, (step + 1) * size)",
            "data.subarray(0, size)",
        ),
        ("벌점의 종류가 기본값", "    penalty: golden.penalties[loss],\n", ""),
    ],
    "python": [
        ("소수 둘째 자리까지", "toFixed(3)", "toFixed(2)"),
        ("글자의 몫이 처음부터", "input.subarray(size)", "input.subarray(0)"),
        ("주소가 빠짐", "${address}", ""),
        ("닫지 않은 괄호", ".read()))", ".read())"),
    ],
    "scrubber": [
        ("나누지 않은 합", "return sum / (last - first)", "return sum"),
        ("두 손실이 뒤바뀜", "[mean(0), mean(1)]", "[mean(1), mean(0)]"),
        ("없는 스텝의 점", "{ length: Math.min(count, steps) }", "{ length: count }"),
        ("둘레의 첫 스텝만", "step < last; step++", "step <= first; step++"),
    ],
    "picture": [
        ("위아래가 뒤집힘", "(1 - (2 * y) / side)", "((2 * y) / side - 1)"),
        ("파랑과 빨강이 뒤바뀜", "[1, 3, 5].map((start)", "[5, 3, 1].map((start)"),
    ],
    "engine": [
        ("비어 있는 배치가 1", "side || data.length / shape[1]", "side || 1"),
        ("실패를 간직함", "this.sessions.delete(name)", "null"),
        ("모델을 부를 때마다 받음", "this.sessions.set(name, session);", ""),
        ("옮겨 보지 않음", "if (!(await isAble()))", "if (false)"),
        ("켠 뒤에도 실행기를 쥠", "runtime.env.wasm.wasmBinary = undefined;", ""),
        ("받지 못한 스크립트를 감춤", "throw cause(error, OFFLINE);", "throw error;"),
    ],
    "runtime": [
        ("온 만큼을 더하지 않음", "loaded += bytes", "loaded = 0 * bytes"),
        ("저마다 받음", "kept.set(href, one);", ""),
        ("하나가 그만두면 모두 그만둠", "!one.done && one.listeners.size === 0", "!one.done"),
        ("받은 것을 버림", "!one.done && one.listeners.size === 0", "one.listeners.size === 0"),
        ("아무도 기다리지 않아도 받음", "one.stop.abort();", ""),
        ("실패하거나 그만둔 것을 다시 씀", "kept.delete(href); //", "//"),
        ("그만두지 못함", "Promise.race([one.content, aborted(signal)])", "one.content"),
    ],
}
MUTATIONS = [Mutation(module, *one) for module, many in CHANGES.items() for one in many]

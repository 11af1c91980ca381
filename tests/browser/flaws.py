"""한 번 열어 모은 것에서 찾는 흠입니다. 흠의 종류마다 함수 하나입니다."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote, urldefrag

from inspection import Record

MOST_SHIFT = 0.01
WITH_PICTURES, PLAIN = 600 * 1024, 300 * 1024
PROMPTS = ("$ ", "> ", ">>> ", "... ")
ON_DEMAND = (".wasm", ".onnx", "assets/live/manifest")  # 독자가 누른 뒤에만 받을 것


def overflow(record: Record) -> list[str]:
    """옆으로 밀리는 페이지."""
    found = record.seen["overflow"]
    return [f"옆으로 {found}px"] if found > 0 else []


def pictures(record: Record) -> list[str]:
    """읽지 못했거나, 대체 글이나 크기가 없거나, 이 빌드가 만들지 않은 그림."""
    found = []
    for image in record.seen["images"]:
        wrong = {
            "읽지 못한 그림": not image["loaded"],
            "대체 글이 없는 그림": not image["alt"],
            "크기를 적지 않은 그림": not image["sized"],
            "이 빌드가 만들지 않은 그림": not unquote(urldefrag(image["address"]).url).endswith(
                record.made
            ),
        }
        found += [f"{name}: {image['address']}" for name, is_wrong in wrong.items() if is_wrong]
    return found


def shift(record: Record) -> list[str]:
    """읽는 동안 밀리는 글."""
    found = record.seen["shift"]
    return [f"{found:.3f}"] if found > MOST_SHIFT else []


def preload(record: Record) -> list[str]:
    """가장 크게 그려진 그림은 이 밝기의 것을 미리, 한 번만 받습니다."""
    largest, preloaded = urldefrag(record.seen["largest"]).url, record.seen["preloaded"]
    found = []
    if preloaded != ([largest] if largest else []):
        found.append(f"가장 큰 것은 {largest or '글'}, 미리 받은 것은 {preloaded}")
    if largest and record.asked.count(largest) != 1:
        found.append(f"{record.asked.count(largest)}번 받음: {largest}")
    unused = "-light.webp" if record.scheme == "dark" else "-dark.webp"
    return found + [f"쓰지 않을 그림: {each}" for each in record.asked if each.endswith(unused)]


def weight(record: Record) -> list[str]:
    """끝까지 읽어도 600KB, 그림이 없거나 누르기 전인 살아 움직이는 요소의 것뿐이면 300KB."""
    plain = not record.seen["pictures"]
    total = sum(record.sizes.values())
    found = (
        [f"{total:,}바이트: {record.sizes}"] if total > (PLAIN if plain else WITH_PICTURES) else []
    )
    early = [each for each in record.sizes if any(part in each for part in ON_DEMAND)]
    return found + [f"누르기 전에 받음: {each}" for each in early]


def copies(record: Record) -> list[str]:
    """코드는 보이는 대로, 명령은 물음표와 출력 없이 복사됩니다."""
    found = []
    for language, shown, text in record.copies:
        if "language-python" in language and text.strip("\n") != shown.strip("\n"):
            found.append(f"보이는 것과 다름: {text}")
        elif "language-console" in language and len(text) >= len(shown):
            found.append(f"출력까지: {text}")
        asked = [line for line in text.splitlines() if line.startswith(PROMPTS)]
        found += [f"물음표까지: {line}" for line in asked] if text else ["복사되지 않음"]
    return found


def seen(name: str) -> Callable[[Record], list[str]]:
    """화면에서 잰 목록이 비어 있어야 합니다."""
    return lambda record: [str(each) for each in record.seen[name]]


CHECKS: dict[str, Callable[[Record], list[str]]] = {
    "오류와 요청": lambda record: record.troubles,
    "보안 정책": lambda record: record.violations,
    "접근성": lambda record: record.inaccessible,
    "옆으로 밀림": overflow,
    "그림": pictures,
    "읽는 동안 밀림": shift,
    "밝기를 바꾸면 움직임": seen("restless"),
    "미리 받기": preload,
    "무게": weight,
    "복사": copies,
    "단추에 가린 코드": seen("covered"),
    "복사 단추가 없는 코드": seen("bare"),
    "머리글에 가린 초점": seen("hidden"),
    "줄을 여는 조사": seen("orphans"),
    "옮긴 스타일": seen("misplaced"),
}


def flaws(record: Record, *names: str) -> dict[str, list[str]]:
    """종류마다의 흠입니다. 이름을 적으면 그것만 봅니다."""
    found = {name: CHECKS[name](record) for name in names or CHECKS}
    return {name: wrong for name, wrong in found.items() if wrong}

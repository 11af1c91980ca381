"""일부러 내는 흠: 글을 바꾼 모듈과, 한 비트가 뒤집힌 바이트."""

import importlib.util
from pathlib import Path
from types import ModuleType


def mutated(module: ModuleType, old: str = "", new: str = "") -> ModuleType:
    """소스의 글을 바꾸어 다른 이름의 모듈로 읽습니다. 바꿀 글은 꼭 한 번 나와야 합니다."""
    source = Path(str(module.__file__)).read_text("utf-8")
    assert not old or source.count(old) == 1, f"한 번 나와야 하는 글: {old}"
    name = f"mutated_{module.__name__.rpartition('.')[2]}"
    spec = importlib.util.spec_from_loader(name, loader=None)
    assert spec is not None
    copy = importlib.util.module_from_spec(spec)
    copy.__file__ = module.__file__
    exec(compile(source.replace(old, new) if old else source, f"<{name}>", "exec"), copy.__dict__)
    return copy


def flipped(content: bytes, place: int, bit: int = 0) -> bytes:
    """`place`번째 바이트의 한 비트만 뒤집습니다."""
    return content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]

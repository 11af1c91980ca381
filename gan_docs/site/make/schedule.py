"""모자란 실험을 코어마다 하나씩 나란히 돌리고 그림을 그립니다. 진행과 남은 시간을 보여 줍니다."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial

from gan_docs.experiments.experiment import Experiment
from gan_docs.site.make import figures, results
from gan_docs.site.make.keys import THREADS
from gan_docs.site.make.storage import explain, prepare_cache
from gan_docs.site.make.store import sweep

# 코어마다 하나. 저마다 torch를 띄우므로 메모리에 맞게 넷까지
SIDE_BY_SIDE = min(os.cpu_count() or 1, 4)
SECONDS_BETWEEN_LINES = 10.0


def build() -> None:
    """실험과 그림을 모두 갖춥니다. 갖춘 것은 다시 만들지 않습니다.

    Raises:
        OSError: 보관하는 폴더에 쓸 수 없을 때.
        RuntimeError: 실험이 실패했거나 그 사이에 코드가 바뀌었을 때. 그런 결과는 보관하지 않습니다.
    """
    sweep(prepare_cache())
    ordered = {name: results.key(name) for name in results.experiments()}
    drawn = figures.missing()  # 그림의 키도 학습하기 전에 셈함
    if names := results.missing():
        train(names, ordered)
        for name, key in ordered.items():  # 끝난 실험의 코드를 다른 실험이 도는 동안 고쳤을 때
            results.check_unchanged(name, key, partial(results.current_key, name))
    for name in drawn:
        say(f"그림 {name}을(를) 그립니다")
        figures.draw(name)


def train(names: list[str], ordered: Mapping[str, str]) -> None:
    """이름이 든 실험을 차례를 지켜 돌립니다. 실험 하나는 한 스레드만 씁니다.

    모든 실험의 키 `ordered`는 지금 한 번 셈한 것이 일과 함께 다닙니다.
    """
    os.environ["OMP_NUM_THREADS"] = str(THREADS)
    all_experiments, waiting = results.experiments(), list(names)
    running: dict[Future[None], str] = {}
    try:
        with side_by_side() as pool:
            while waiting or running:
                for name in ready(waiting, list(running.values()), all_experiments, SIDE_BY_SIDE):
                    waiting.remove(name)
                    running[pool.submit(work, name, ordered)] = name
                for future in wait(running, timeout=1.0, return_when=FIRST_COMPLETED).done:
                    finish(running.pop(future), future)
    except BrokenProcessPool as error:
        raise RuntimeError(
            "실험을 돌리던 프로세스가 갑자기 끝났습니다. "
            "메모리가 모자라지 않은지 보고 다시 빌드하세요. 끝난 실험은 남아 있습니다"
        ) from error


@contextmanager
def side_by_side() -> Iterator[ProcessPoolExecutor]:
    """나란히 일할 새 프로세스들입니다. 멈추면 하던 일도, 기다리던 일도 그만둡니다."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(SIDE_BY_SIDE, context, initializer=follow_parent) as pool:
        try:
            yield pool
        except KeyboardInterrupt:
            for process in multiprocessing.active_children():
                process.terminate()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def finish(name: str, future: Future[None]) -> None:
    """끝난 실험을 알립니다.

    Raises:
        RuntimeError: 실험이 실패했을 때.
    """
    try:
        future.result()
    except (BrokenProcessPool, results.ChangedError):
        raise
    except Exception as error:
        raise RuntimeError(f"실험 {name}이(가) 실패했습니다: {explain(error)}") from error
    record = results.load(name)
    say(f"{record.title}: 끝. CPU {record.cpu_seconds:.0f}초")


def ready(
    waiting: list[str], running: list[str], known: Mapping[str, Experiment], most: int
) -> list[str]:
    """지금 시작할 실험입니다. 긴 것부터 `most`개까지, 혼자 돌 것은 맨 나중에 하나만."""
    if any(known[name].alone for name in running):
        return []
    left = {*waiting, *running}
    free = [name for name in waiting if not left & set(known[name].needs)]
    together = [name for name in free if not known[name].alone]
    chosen = sorted(together, key=lambda name: -known[name].cost)[: most - len(running)]
    return chosen or ([] if running or together else free[:1])


def work(name: str, ordered: Mapping[str, str]) -> None:
    """다른 프로세스에서 실험 하나를 돌리며, 스텝과 남은 시간을 가끔 한 줄로 알립니다."""
    experiment = results.experiments()[name]
    started = shown = time.monotonic()
    say(f"{experiment.title}: 시작 ({experiment.steps:,}스텝)")

    def report(step: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if step and now - shown >= SECONDS_BETWEEN_LINES:
            shown = now
            left = (now - started) * (experiment.steps - step) / step
            say(f"{experiment.title}: {step:,}/{experiment.steps:,}스텝, 남은 시간 {left:.0f}초")

    try:
        results.run(name, ordered, report)
    except results.ChangedError:
        raise
    except Exception as error:  # 오류가 난 줄은 이 프로세스만 앎
        raise RuntimeError(explain(error)) from error


def follow_parent() -> None:
    """부모가 어떻게 끝나든 따라 끝납니다. 키보드로 멈추는 일은 부모에게 맡깁니다."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def say(line: str) -> None:
    """진행을 표준 오류에 한 줄로 적습니다."""
    print(f"[빌드] {line}", file=sys.stderr, flush=True)

"""Real worker processes, and readers that hang, fall, eat and lie down."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import fake_reader
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.model import Block, Claim, Document, Facts, Language, Link, Notice, Profile, Reading, Rules, Unread
from archiver.pool import Pool, process
from archiver.pool.columns import pack, unpack

FACTS = Facts("https://exempel.example/", datetime(2026, 1, 5, 12, 0, tzinfo=UTC))
TESTS = Path(__file__).parent
SOURCE = TESTS.parents[1] / "src"


def rules(name: str) -> Rules:
    return Rules(Profile(name), Language("sv"), 1, name.ljust(64, "0"))


BOOK = {("sitevision", "sv"): rules("sitevision"), ("generic", "sv"): rules("generic")}


def make(workers: int = 1, timeout: float = 10.0, memory: int = 1 << 30, reader: str = "fake_reader") -> Pool:
    return Pool(BOOK, workers=workers, timeout=timeout, memory=memory, reader=reader)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """One pool for the tests that do not mind what others did to it."""
    with make() as pool:
        yield pool


def pid(pool: Pool) -> int:
    got = pool.read_now(b"pid", FACTS, None)
    assert isinstance(got, Reading), got
    return int(got.reason)


def lives(process: int) -> bool:
    """Whether the process runs; one that has ended and that nobody has asked about yet does not."""
    with contextlib.suppress(OSError):
        return " Z " not in Path(f"/proc/{process}/stat").read_text().partition(")")[2][:4]
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, 0)
        return not Path("/proc/self").exists()
    return False


def gone_soon(process: int) -> bool:
    """Whether the process ends within some seconds; it may be another's child, so we can only look."""
    until = time.monotonic() + 10
    while lives(process) and time.monotonic() < until:
        time.sleep(0.02)
    return not lives(process)


def test_body_facts_and_rules_reach_the_reader(pool: Pool) -> None:
    got = pool.read_now(b"hej", FACTS, BOOK["sitevision", "sv"])
    assert got == Reading("challenge", "https://exempel.example/ 3", profile="sitevision")


def test_without_rules_the_reader_chooses(pool: Pool) -> None:
    got = pool.read_now(b"hej", FACTS, None)
    assert isinstance(got, Reading)
    assert got.profile == "generic"


def test_rules_outside_the_book_are_sent_along_and_then_known(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bool] = []

    def question(facts: Facts, rules: Rules | None, *, known: bool) -> bytes:
        sent.append(not known)
        return process.question(facts, rules, known=known)

    monkeypatch.setattr("archiver.pool.question", question)
    with make(workers=1) as pool:
        got = [pool.read_now(b"hej", FACTS, rules("egen")) for _ in range(2)]
    assert [reading.profile for reading in got if isinstance(reading, Reading)] == ["egen", "egen"]
    assert sent == [True, False]


def test_large_bodies_arrive_whole(pool: Pool) -> None:
    got = pool.read_now(b"x" * 20_000_000, FACTS, None)
    assert isinstance(got, Reading)
    assert got.reason.endswith(" 20000000")


def test_document_comes_back_as_it_was_with_its_digests(pool: Pool) -> None:
    got = pool.read_now(b"page 50", FACTS, None)
    assert got == fake_reader.page(50)
    assert isinstance(got, Reading)
    assert got.document is not None
    kept = {name: got.document.__dict__[name] for name in ("core", "sha256", "words")}
    fresh = fake_reader.page(50).document
    assert fresh is not None
    assert kept == {"core": fresh.core, "sha256": fresh.sha256, "words": fresh.words}


def test_what_the_reader_will_not_read_is_its_own_word(pool: Pool) -> None:
    assert pool.read_now(b"big xxx", FACTS, None) == Unread("too-big", "3 bytes")


@pytest.mark.parametrize("body", [b"raise", b"recurse"])
def test_exception_costs_this_reading_only(pool: Pool, body: bytes) -> None:
    before = pid(pool)
    got = pool.read_now(body, FACTS, None)
    assert isinstance(got, Unread)
    assert got.why == "crashed"
    assert got.detail.startswith(("ValueError: inte så bra", "RecursionError"))
    assert "fake_reader.py" in got.detail
    assert len(got.detail) <= 2000
    assert pid(pool) == before


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"die 9", "the worker was ended by SIGKILL"),
        (b"fall", "the worker was ended by SIGSEGV"),
        (b"leave 3", "the worker exited with 3"),
    ],
)
def test_dead_worker_is_replaced(pool: Pool, body: bytes, detail: str) -> None:
    before = pid(pool)
    assert pool.read_now(body, FACTS, None) == Unread("crashed", detail)
    assert pid(pool) != before
    assert not lives(before)


def test_reader_that_takes_too_much_memory_is_stopped_and_replaced(pool: Pool) -> None:
    before = pid(pool)
    got = pool.read_now(b"eat 4000000000", FACTS, None)
    assert got == Unread("crashed", "MemoryError: the reader took more memory than it may")
    assert pid(pool) != before


@pytest.mark.parametrize("body", [b"hang", b"spin"])
def test_stuck_worker_is_stopped_and_replaced(body: bytes) -> None:
    with make(timeout=0.5) as pool:
        before = pid(pool)
        begun = time.perf_counter()
        assert pool.read_now(body, FACTS, None) == Unread("timeout", "stopped after 0.5 s")
        assert time.perf_counter() - begun < 30  # it does not hang; how fast it is, a benchmark tells
        assert not lives(before)
        assert pid(pool) != before


def test_readings_run_side_by_side_and_each_gets_its_own_answer() -> None:
    async def story() -> tuple[list[Reading | Unread], set[str]]:
        with make(workers=2) as pool:
            facts = [Facts(f"https://exempel.example/{n}", FACTS.at) for n in range(40)]
            got = await asyncio.gather(*(pool.read(b"x" * n, facts[n], None) for n in range(40)))
            pids = await asyncio.gather(*(pool.read(b"pid", FACTS, None) for _ in range(20)))
            return list(got), {reading.reason for reading in pids if isinstance(reading, Reading)}

    got, pids = asyncio.run(story())
    assert [r.reason for r in got if isinstance(r, Reading)] == [f"https://exempel.example/{n} {n}" for n in range(40)]
    assert 1 <= len(pids) <= 2


def test_stuck_reading_does_not_hold_up_the_others() -> None:
    async def story() -> bool:
        with make(workers=2, timeout=5) as pool:
            await asyncio.gather(pool.read(b"", FACTS, None), pool.read(b"", FACTS, None))
            stuck = asyncio.ensure_future(pool.read(b"hang", FACTS, None))
            for _ in range(10):
                await pool.read(b"", FACTS, None)
            overtaken = not stuck.done()
            assert await stuck == Unread("timeout", "stopped after 5 s")
            return overtaken

    assert asyncio.run(story())


def test_cancelled_reading_costs_its_worker_and_nothing_else() -> None:
    async def story() -> tuple[int, Reading | Unread]:
        with make() as pool:
            got = await pool.read(b"pid", FACTS, None)
            assert isinstance(got, Reading)
            stuck = asyncio.ensure_future(pool.read(b"hang", FACTS, None))
            waiting = asyncio.ensure_future(pool.read(b"waits", FACTS, None))
            await asyncio.sleep(0.05)
            waiting.cancel()
            stuck.cancel()
            await asyncio.wait((stuck, waiting))
            assert stuck.cancelled()
            assert waiting.cancelled()
            return int(got.reason), await pool.read(b"hej", FACTS, None)

    process, after = asyncio.run(story())
    assert not lives(process)
    assert isinstance(after, Reading)
    assert after.reason == "https://exempel.example/ 3"


def test_reader_that_cannot_be_imported_is_told_as_it_is(capfd: pytest.CaptureFixture[str]) -> None:
    with make(reader="finns_inte") as pool:
        got = pool.read_now(b"", FACTS, None)
        assert got == Unread("crashed", "a worker did not start: the worker exited with 1")
    assert "finns_inte" in capfd.readouterr().err


def test_close_leaves_no_process_and_gives_a_value_to_who_waits() -> None:
    async def story() -> tuple[int, Reading | Unread, Reading | Unread]:
        pool = make(workers=2)
        process = pid(pool)
        waiting = asyncio.ensure_future(pool.read(b"hang", FACTS, None))
        await asyncio.sleep(0.1)
        pool.close()
        return process, await waiting, await pool.read(b"", FACTS, None)

    process, waited, late = asyncio.run(story())
    assert waited == late == Unread("crashed", "the pool is closed")
    assert not lives(process)


def test_pool_that_was_never_used_closes_and_twice_is_no_matter() -> None:
    pool = make(workers=4)
    assert pool.close() is None
    assert pool.close() is None


MAIN = """
import sys, time
sys.path[:0] = [{source!r}, {tests!r}]
from test_pool import make, pid, FACTS
pool = make(timeout={timeout})
print(pid(pool), flush=True)
{rest}
"""


def run_main(rest: str, timeout: float = 10.0) -> "subprocess.Popen[str]":
    """A program without the guard that multiprocessing wants, read from standard input, as the parent."""
    program = MAIN.format(source=str(SOURCE), tests=str(TESTS), rest=rest, timeout=timeout)
    child = subprocess.Popen(
        [sys.executable, "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    assert child.stdin is not None
    child.stdin.write(program)
    child.stdin.close()
    child.stdin = None
    return child


def first_line(child: "subprocess.Popen[str]") -> int:
    assert child.stdout is not None
    return int(child.stdout.readline())


def test_worker_ends_when_its_parent_is_killed() -> None:
    child = run_main("time.sleep(60)")
    worker = first_line(child)
    assert lives(worker)
    child.kill()
    child.communicate()
    assert gone_soon(worker)


def test_worker_that_is_stuck_when_its_parent_is_killed_ends_by_itself() -> None:
    child = run_main("print('asked', flush=True); pool.read_now(b'spin', FACTS, None)", timeout=0.5)
    worker = first_line(child)
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(0.1)
    child.kill()
    child.communicate()
    assert gone_soon(worker)


def test_interrupt_at_the_terminal_is_the_parents_alone() -> None:
    child = run_main(
        "import signal; signal.signal(signal.SIGINT, lambda *_: None)\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\n"
        "import os; os.killpg(0, signal.SIGINT)\n"
        "print(pid(pool), flush=True); signal.sigwait([signal.SIGUSR1]); pool.close()"
    )
    worker = first_line(child)
    os.kill(worker, signal.SIGINT)
    assert int(first_line(child)) == worker
    child.send_signal(signal.SIGUSR1)
    _, err = child.communicate(timeout=20)
    assert (child.returncode, err) == (0, "")
    assert gone_soon(worker)


# The form in which readings travel

TEXT = st.text(max_size=20)
MAYBE = st.none() | TEXT
DOCUMENTS = st.builds(
    Document,
    kind=TEXT,
    title=MAYBE,
    published=MAYBE,
    updated=MAYBE,
    responsible=MAYBE,
    payload=MAYBE,
    blocks=st.lists(
        st.builds(Block, st.sampled_from(["main", "rest"]), st.just("paragraph"), st.none() | st.integers(1, 6), TEXT)
    ).map(tuple),
    links=st.lists(
        st.builds(Link, TEXT, st.just("link"), st.just("main"), TEXT, MAYBE, st.none() | st.integers(0, 9))
    ).map(tuple),
    claims=st.lists(
        st.builds(
            Claim, st.just("updated"), st.just("label"), TEXT, MAYBE, TEXT, MAYBE, st.just("day"), TEXT,
            st.booleans(), st.none(),
        )
    ).map(tuple),
)  # fmt: skip
NOTICES = st.lists(st.builds(Notice, TEXT)).map(tuple)
READINGS = st.builds(Reading, st.just("good"), TEXT, st.none() | DOCUMENTS, NOTICES, st.integers(0, 9))


@given(READINGS | st.builds(Unread, st.just("crashed"), TEXT))
def test_what_travels_arrives_equal(result: Reading | Unread) -> None:
    there = unpack(pack(result))
    assert there == result
    if isinstance(result, Reading) and result.document is not None:
        assert isinstance(there, Reading)
        assert there.document is not None
        assert there.document.sha256 == result.document.sha256
        assert hash(there.document.blocks) == hash(result.document.blocks)

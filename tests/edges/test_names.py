"""Names are looked up so that a silent name server holds up nobody whose name it knows."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from archiver.fetch import addresses
from archiver.fetch.addresses import Resolver
from archiver.fetch.trouble import Trouble

FOUND = [(2, 1, 6, "", ("192.0.2.1", 0))]


@pytest.fixture
def silence() -> Iterator[threading.Event]:
    """Names that begin with 'tyst' are not answered for until the test is over."""
    over = threading.Event()
    yield over
    over.set()


def _resolver(over: threading.Event) -> Resolver:
    def lookup(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        if host.startswith("tyst"):
            over.wait(20)
        return FOUND

    return Resolver(lookup)


def test_hundreds_of_names_that_stall_hold_up_no_other(silence: threading.Event) -> None:
    async def story() -> tuple[float, list[object]]:
        names = _resolver(silence)
        loop = asyncio.get_running_loop()
        stalled = [asyncio.ensure_future(names.addresses(f"tyst{n}.example", loop.time() + 0.5, private=True))
                   for n in range(300)]  # fmt: skip
        await asyncio.sleep(0)
        begun = loop.time()
        await names.addresses("frisk.example", begun + 5, private=True)
        took = loop.time() - begun
        troubles = await asyncio.gather(*stalled, return_exceptions=True)
        names.close()
        return took, list(troubles)

    took, troubles = asyncio.run(story())

    assert took < 1.0
    assert {str(trouble).partition(": ")[2] for trouble in troubles} == {"no answer from the name server in time"}


def test_no_thread_of_a_stalled_name_outlives_its_use_or_keeps_the_program(silence: threading.Event) -> None:
    async def story() -> None:
        names = _resolver(silence)
        with pytest.raises(Trouble, match="in time"):
            await names.addresses("tyst.example", asyncio.get_running_loop().time() + 0.01, private=True)
        names.close()

    asyncio.run(story())

    mine = [thread for thread in threading.enumerate() if thread.name == "name tyst.example"]
    assert [thread.daemon for thread in mine] == [True]
    silence.set()
    mine[0].join(5)
    assert not mine[0].is_alive()


def test_a_name_is_looked_up_once_for_all_who_wait(silence: threading.Event) -> None:
    async def story() -> int:
        names = _resolver(silence)
        until = asyncio.get_running_loop().time() + 0.05
        await asyncio.gather(
            *(names.addresses("tyst.example", until, private=True) for _ in range(20)), return_exceptions=True
        )
        count = sum(thread.name == "name tyst.example" for thread in threading.enumerate())
        names.close()
        return count

    assert asyncio.run(story()) == 1


def test_look_ups_are_bounded(silence: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "LOOKUPS", 2)

    async def story() -> str:
        names = _resolver(silence)
        until = asyncio.get_running_loop().time() + 0.05
        waiting = [asyncio.ensure_future(names.addresses(f"tyst{n}.example", until, private=True)) for n in range(3)]
        found = await asyncio.gather(*waiting, return_exceptions=True)
        names.close()
        return str(found[2])

    assert asyncio.run(story()) == "tyst2.example: 2 names are being looked up already"


def test_a_name_that_failed_is_looked_up_anew(silence: threading.Event) -> None:
    answers = [OSError(-3, "Temporary failure in name resolution"), FOUND]

    def lookup(*_: object, **__: object) -> list[tuple[object, ...]]:
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer  # type: ignore[return-value]

    async def story() -> list[str]:
        names = Resolver(lookup)
        until = time.monotonic() + 5
        with pytest.raises(Trouble, match="Temporary failure"):
            await names.addresses("a.example", until, private=True)
        return [str(found) for found in await names.addresses("a.example", until, private=True)]

    assert asyncio.run(story()) == ["192.0.2.1"]

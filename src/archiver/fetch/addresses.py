"""Where a host name leads, and whether we may go there.

A page we archive may link to anything, also to the machines beside us. So a name is looked up here, each address is
judged, and the connection goes to an address that was judged: a second look-up could give another one.
"""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from itertools import zip_longest
from typing import Any

from archiver.fetch.trouble import Trouble

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[..., Sequence[tuple[Any, ...]]]
"""As `socket.getaddrinfo`."""

LOOKUPS = 1_000
"""Names that may be looked up at once: more than there are hosts to crawl, so that none waits for another."""
METADATA = frozenset(map(ipaddress.ip_address, ("168.63.129.16", "fd00:ec2::254", "100.100.100.200", "192.0.0.192")))
"""Where cloud machines are told their secrets, beside 169.254.169.254, which is link-local."""
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
REFUSED = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.88.99.0/24",  # 6to4 relays, RFC 7526
            "64:ff9b:1::/48",  # local-use NAT64, RFC 8215
            "2001::/23",  # protocol assignments, Teredo among them, RFC 2928
            "fec0::/10",  # site-local, RFC 3879
            "100::/64",  # discard, RFC 6666
            "::/96",  # IPv4-compatible, RFC 4291
        ),
    )
)
"""Ranges that no public web server has, whatever the interpreter's own lists say."""


def literal(host: str) -> IPAddress | None:
    """The address that the host is written as, or None where it is a name."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def is_public(address: IPAddress) -> bool:
    """Whether the address lies on the open Internet, also where it wraps an IPv4 address."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return (
        address.is_global
        and not (address.is_multicast or address.is_reserved or address.is_unspecified)
        and address not in METADATA
        and not any(address in network for network in REFUSED)
    )


class Resolver:
    """Names to addresses, each look-up in a thread of its own; one at a time for one name.

    A look-up cannot be stopped: where the name server is silent its thread waits for half a minute, and hundreds of
    such names must not keep others waiting. So no thread is shared, and none keeps the program from ending.
    """

    def __init__(self, lookup: Lookup = socket.getaddrinfo) -> None:
        self._lookup = lookup
        self._under_way: dict[str, Future[list[IPAddress]]] = {}

    async def addresses(self, host: str, until: float, *, private: bool) -> list[IPAddress]:
        """Where the host may be asked, best first. Raises Trouble: 'dns', and unless `private`, 'unsafe'."""
        written = literal(host)
        found = [written] if written else await self._find(host, until)
        allowed = found if private else [address for address in found if is_public(address)]
        if not allowed:
            raise Trouble("unsafe", f"{host} is at {found[0]}, which is not a public address")
        return allowed

    def close(self) -> None:
        """Forget what is being looked up."""
        for future in list(self._under_way.values()):
            future.cancel()

    async def _find(self, host: str, until: float) -> list[IPAddress]:
        loop = asyncio.get_running_loop()
        future = asyncio.wrap_future(self._begin(host))
        future.add_done_callback(_heard)
        done, _ = await asyncio.wait((future,), timeout=until - loop.time())
        if not done:
            raise Trouble("dns", f"{host}: no answer from the name server in time")
        try:
            found = future.result()
        except OSError as error:
            raise Trouble("dns", f"{host}: {error.strerror or error}") from None
        except ValueError:
            raise Trouble("dns", f"{host} cannot be a host name") from None
        if not found:
            raise Trouble("dns", f"{host} has no address")
        return found

    def _begin(self, host: str) -> "Future[list[IPAddress]]":
        """The answer to come, perhaps to a question that was asked before. Raises Trouble where too many are open."""
        future = self._under_way.get(host)
        if future is None:
            if len(self._under_way) >= LOOKUPS:
                raise Trouble("dns", f"{host}: {LOOKUPS} names are being looked up already")
            future = self._under_way[host] = Future()
            threading.Thread(target=self._ask, args=(host, future), name=f"name {host}", daemon=True).start()
        return future

    def _ask(self, host: str, future: "Future[list[IPAddress]]") -> None:
        """Look the name up, in its thread; whatever comes of it is for those who wait."""
        found: list[IPAddress] = []
        trouble: OSError | ValueError | None = None
        try:
            rows = self._lookup(host, None, type=socket.SOCK_STREAM)
            found = _mixed([ipaddress.ip_address(row[4][0]) for row in rows])
        except (OSError, ValueError) as error:  # the latter: what is no name to ask for
            trouble = error
        finally:
            self._under_way.pop(host, None)
            with suppress(InvalidStateError):  # nobody wants to know any more
                if trouble is None:
                    future.set_result(found)
                else:
                    future.set_exception(trouble)


def _heard(future: "asyncio.Future[list[IPAddress]]") -> None:
    """Its error is seen, also where nobody waits for it any more."""
    if not future.cancelled():
        future.exception()


def _mixed(addresses: Sequence[IPAddress]) -> list[IPAddress]:
    """The addresses in order, IPv6 and IPv4 by turns: where one does not lead out, the other is the second try."""
    first = [a for a in addresses if a.version == addresses[0].version]
    other = [a for a in addresses if a.version != addresses[0].version]
    mixed = [a for pair in zip_longest(first, other) for a in pair if a is not None]
    return list(dict.fromkeys(mixed))

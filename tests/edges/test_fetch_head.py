"""Plain answers are read in one look, and never otherwise than h11 reads them."""

import h11
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archiver.fetch.head import plain, question

NAMES = st.sampled_from(
    [b"Content-Length", b"content-length", b"Transfer-Encoding", b"Connection", b"ETag", b"Set-Cookie", b"X-\xe5",
     b"Content-Type", b"", b"bad name", b" folded", b"Keep-Alive", b"Upgrade"]
)  # fmt: skip
VALUES = st.sampled_from(
    [b"0", b"3", b"03", b"+3", b"-1", b"3, 3", b"99999999999999999999", b"chunked", b"close", b"keep-alive", b"Close",
     b"upgrade", b"", b"  padded\t", b"\xc3\xa5", b"a\rb", b"a\nb", b"a\x00b", b"a\x7fb"]
)  # fmt: skip
ENDS = st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r"])
STARTS = st.sampled_from(
    [b"HTTP/1.1 200 OK", b"HTTP/1.1 304 Not Modified", b"HTTP/1.1 404", b"HTTP/1.1 204 ", b"HTTP/1.0 200 OK",
     b"HTTP/1.1 100 Continue", b"HTTP/1.1 600 No", b"HTTP/1.1 2000 No", b"HTTP/1.1  200 OK", b"ICY 200 OK"]
)  # fmt: skip


@st.composite
def heads(draw: st.DrawFn) -> bytes:
    lines = [draw(STARTS), *(b"%b:%b" % (draw(NAMES), draw(VALUES)) for _ in range(draw(st.integers(0, 4))))]
    return b"".join(line + draw(ENDS) for line in lines) + draw(ENDS) + draw(st.binary(max_size=6))


def by_h11(data: bytes) -> tuple[h11.Response, h11.Connection] | None:
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "exempel.example")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(data)
    try:
        event = connection.next_event()
    except h11.RemoteProtocolError:
        return None
    return (event, connection) if isinstance(event, h11.Response) else None


@settings(max_examples=1500, deadline=None)
@given(heads())
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhej")
@example(b"HTTP/1.1 304 Not Modified\r\nETag: 1\r\nContent-Length: 99\r\n\r\n")
def test_what_is_read_in_one_look_h11_reads_alike(data: bytes) -> None:
    found = plain(data)
    if found is None:
        return
    read = by_h11(data)
    assert read is not None
    response, connection = read
    assert (found.status, found.headers) == (response.status_code, response.headers.raw_items())
    if found.length == 0:
        assert isinstance(connection.next_event(), h11.EndOfMessage)
        assert (connection.their_state is h11.DONE) == found.lasts
        assert connection.trailing_data[0] == data[found.size :]
    elif found.size < len(data):
        event = connection.next_event()
        assert isinstance(event, h11.Data)
        assert bytes(event.data) == data[found.size :][: found.length]


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
     b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", b"HTTP/1.1 200 OK\nContent-Length: 1\n\n",
     b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 1\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n",
     b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n"],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_h11(head: bytes) -> None:
    assert plain(head) is None


def test_plain_head_says_how_the_body_ends() -> None:
    found = plain(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nhej")
    assert found is not None
    assert (found.status, found.length, found.lasts) == (200, 3, False)
    assert found.headers == [(b"Content-Length", b"3"), (b"Connection", b"close")]


@pytest.mark.parametrize("value", [b"a\r\nX-Evil: 1", b"a\x00b", b"a\nb"])
def test_request_whose_header_would_be_two_is_none(value: bytes) -> None:
    assert question(b"GET", b"/", [(b"Host", b"exempel.example"), (b"If-None-Match", value)]) is None


def test_request_whose_target_would_be_two_is_none() -> None:
    assert question(b"GET", b"/a HTTP/1.1\r\nX: y", [(b"Host", b"exempel.example")]) is None
    assert question(b"GET", b"/a b", [(b"Host", b"exempel.example")]) is None

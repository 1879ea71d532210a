import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver import proof

digests = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), max_size=40)


def tree_hash(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962 section 2.1 writes it, but for leaves that are digests already."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:k]) + tree_hash(leaves[k:])).digest()


@given(digests)
def test_the_root_is_the_one_of_rfc_6962(leaves: list[str]) -> None:
    assert proof.root(leaves) == tree_hash([bytes.fromhex(one) for one in leaves]).hex()


@given(digests.filter(bool), st.data())
def test_a_leaf_climbs_its_path_to_the_root(leaves: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    assert proof.climb(leaves[index], proof.path(leaves, index)) == proof.root(leaves)


@given(digests.filter(lambda d: len(set(d)) > 1), st.data())
def test_another_leaf_does_not_climb_there(leaves: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    other = next(one for one in leaves if one != leaves[index])
    assert proof.climb(other, proof.path(leaves, index)) != proof.root(leaves)


def test_the_root_of_an_empty_run_is_the_digest_of_nothing() -> None:
    assert proof.root([]) == hashlib.sha256(b"").hexdigest()


def test_the_order_of_leaves_counts() -> None:
    a, b = "aa" * 32, "bb" * 32
    assert proof.root([a, b]) != proof.root([b, a])


def test_a_leaf_is_the_digest_of_a_zero_byte_and_the_canonical_fields() -> None:
    assert proof.leaf({"b": 2, "a": "å"}) == hashlib.sha256(b"\x00" + '{"a":"å","b":2}'.encode()).hexdigest()


def test_a_field_that_is_null_changes_no_leaf() -> None:
    assert proof.leaf({"a": 1, "added later": None}) == proof.leaf({"a": 1})


def test_an_empty_text_is_not_null() -> None:
    assert proof.leaf({"a": ""}) != proof.leaf({})


@pytest.mark.parametrize("altered", [("x", 1, 2, "r"), ("p", 2, 2, "r"), ("p", 1, 3, "r"), ("p", 1, 2, "s")])
def test_each_part_of_a_link_counts(altered: tuple[str, object, int, str]) -> None:
    assert proof.link(*altered) != proof.link("p", 1, 2, "r")


def test_what_is_sealed_beside_a_run_counts_and_nothing_beside_it_changes_no_link() -> None:
    links = [proof.link("p", 1, 2, "r", *beside) for beside in ((), ("a",), ("b",))]
    assert len(set(links)) == 3
    assert proof.link("p", 1, 2, "r", None) == links[0]

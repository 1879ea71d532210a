"""Pages that went at one address and stand at a new one: told where it can be shown, and never guessed."""

from datetime import UTC, datetime

from archiver.diff.fold import Limits
from archiver.diff.moves import Move, Stood, moves

BEFORE, AFTER = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
POLICY = {1: 60, 2: 40}
MENU = {90: 30, 91: 30, 92: 30}


def gone(number: int = 1, title: str | None = "Policy mot mutor", passages: dict[int, int] = POLICY) -> Stood:
    return Stood(number, f"/gammal-{number}", title, BEFORE, passages)


def come(
    number: int = 11,
    title: str | None = "Policy mot mutor",
    passages: dict[int, int] = POLICY,
    at: datetime = AFTER,
) -> Stood:
    return Stood(number, f"/ny-{number}", title, at, passages)


def found(left: list[Stood], right: list[Stood]) -> list[Move]:
    return moves(left, right, Limits())


def test_a_page_whose_text_stands_at_a_new_address_has_moved() -> None:
    assert found([gone()], [come()]) == [Move(1, "/ny-11", AFTER, 1.0)]


def test_most_of_its_words_must_stand_there_to_the_letter() -> None:
    assert [m.share for m in found([gone()], [come(passages=POLICY | {3: 20})])] == [100 / 120]
    assert found([gone()], [come(passages=POLICY | {3: 30})]) == []
    assert found([gone(passages=POLICY | {3: 30})], [come()]) == []


def test_under_another_title_it_is_another_page() -> None:
    assert found([gone()], [come(title="Riktlinje för gåvor")]) == []
    assert found([gone()], [come(title="Policy för resor i tjänsten")]) == []
    assert len(found([gone()], [come(title="Policy mot mutor - Ekliden")])) == 1
    assert len(found([gone(title=None)], [come(title=None)])) == 1


def test_two_pages_that_say_the_same_are_not_told_apart() -> None:
    assert found([gone()], [come(11), come(12)]) == []
    assert found([gone(1), gone(2)], [come()]) == []
    assert found([gone(1), gone(2, title="Riktlinje för gåvor")], [come()]) == []


def test_a_page_that_two_were_made_into_is_neither() -> None:
    left = [gone(1, passages={1: 50, 3: 200}), gone(2, passages={2: 50, 3: 200})]
    assert found(left[:1], [come(passages={1: 50, 3: 200})]) != []
    assert found(left, [come(passages={1: 50, 2: 50, 3: 200})]) == []


def test_what_many_pages_say_tells_nothing() -> None:
    left = [gone(n, passages=MENU | {n: 20}) for n in (1, 2, 3)]
    right = [come(10 + n, passages=MENU | {n: 20}) for n in (1, 2, 3)]
    assert found(left, right) == []


def test_a_short_text_tells_nothing() -> None:
    assert found([gone(passages={1: 49})], [come(passages={1: 49})]) == []
    assert len(found([gone(passages={1: 50})], [come(passages={1: 50})])) == 1


def test_a_page_that_stood_there_before_is_no_new_address() -> None:
    assert found([gone()], [come(at=BEFORE)]) == []


def test_a_site_with_new_addresses_is_found_page_by_page() -> None:
    left = [gone(n, f"Sida {n}", {n: 80}) for n in range(2_000)]
    right = [come(10_000 + n, f"Sida {n}", {n: 80}) for n in reversed(range(2_000))]
    assert sorted((m.gone, m.url) for m in found(left, right)) == [(n, f"/ny-{10_000 + n}") for n in range(2_000)]

"""Comparing links: what each edit is called, and the law that edits lead from one list to the other."""

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.diff.links import apply_links, compare_links
from archiver.model import Link, compared_link

SITE = "https://www.ekliden.example"


def link(target: str, text: str, rel: str = "link", note: str | None = None) -> Link:
    return Link(target if ":" in target else SITE + target, rel, "main", text, note)  # type: ignore[arg-type]


def told(before: list[Link], after: list[Link]) -> list[tuple[str, str]]:
    return [("moved" if e.has_moved else e.op, e.text) for e in compare_links(before, after)]


def test_links_come_and_go() -> None:
    assert told([link("/a", "Alfa")], [link("/a", "Alfa"), link("/b", "Beta")]) == [("added", "Beta")]
    assert told([link("/a", "Alfa"), link("/b", "Beta")], [link("/a", "Alfa")]) == [("removed", "Beta")]


def test_a_link_with_other_words_is_renamed() -> None:
    (edit,) = compare_links([link("/a", "Taxa")], [link("/a", "Taxor")])
    assert (edit.op, edit.text, edit.before) == ("renamed", "Taxor", "Taxa")


def test_a_link_with_another_target_is_retargeted() -> None:
    (edit,) = compare_links([link("/taxor-2025", "Taxor")], [link("/taxor-2026", "Taxor")])
    assert (edit.op, edit.target, edit.before) == ("retargeted", f"{SITE}/taxor-2026", f"{SITE}/taxor-2025")


def test_words_like_read_more_elsewhere_on_the_page_are_another_link() -> None:
    same = link("/s", "Samma")
    before, after = [link("/a", "Läs mer"), same], [same, link("/b", "Läs mer")]
    assert told(before, after) == [("removed", "Läs mer"), ("added", "Läs mer")]


def test_telling_words_are_followed_over_the_page() -> None:
    same = link("/s", "Samma")
    before = link("/x/1/protokoll.pdf", "Protokoll 4 mars", "attachment")
    after = link("/x/2/p.pdf", "Protokoll 4 mars", "attachment")
    assert told([before, same], [same, after]) == [("retargeted", "Protokoll 4 mars")]


def test_links_in_another_order_have_moved_and_nothing_else() -> None:
    a, b, c = link("/a", "A"), link("/b", "B"), link("/c", "C")
    assert told([a, b, c], [c, a, b]) == [("moved", "C")]


def test_an_attachment_with_another_size_was_swapped() -> None:
    (edit,) = compare_links(
        [link("/d.pdf", "Blankett", "attachment", "Pdf, 88 kB")],
        [link("/d.pdf", "Blankett", "attachment", "Pdf, 91 kB")],
    )
    assert edit.op == "renamed"
    assert edit.is_swapped
    assert not edit.has_moved


def test_the_note_of_a_plain_link_is_not_compared() -> None:
    assert compare_links([link("/a", "A", note="Öppnas i nytt fönster")], [link("/a", "A")]) == ()


def test_links_outside_the_main_content_are_not_compared() -> None:
    assert compare_links([], [Link(f"{SITE}/x", "link", "rest", "X")]) == ()


LINKS = st.lists(
    st.builds(
        Link,
        st.sampled_from([f"{SITE}/{k}" for k in "abc"]),
        st.sampled_from(["link", "attachment"]),
        st.sampled_from(["main", "main", "rest"]),
        st.sampled_from(["", "Här", "Läs protokollet", "Blankett"]),
        st.sampled_from([None, "", "Pdf, 1 kB", "Pdf, 2 kB"]),
    ),
    max_size=7,
)


@settings(deadline=None)
@given(LINKS, LINKS)
def test_link_edits_lead_from_one_list_to_the_other(before: list[Link], after: list[Link]) -> None:
    edits = compare_links(before, after)
    wanted = [compared_link(k) for k in after if k.part == "main"]
    assert apply_links(before, edits) == wanted
    assert (not edits) == ([compared_link(k) for k in before if k.part == "main"] == wanted)


def test_fifty_thousand_entries_are_compared_quickly() -> None:
    import time

    before = [link(f"/sida/{k}", "", "entry") for k in range(50_000)]
    after = [link(f"/sida/{k * 2}", "", "entry") for k in range(50_000)]
    start = time.process_time()
    edits = compare_links(before, after)
    assert time.process_time() - start < 3
    assert len(edits) >= 50_000


def test_a_file_uploaded_anew_under_the_same_node_is_replaced_whatever_it_is_called_now() -> None:
    node = "https://ekliden.example/download/18.3a5f0c1b17f2e4d6a91"
    before = Link(f"{node}/1700000000000/taxa-2025.pdf", "attachment", "main", "Taxa 2025", "Pdf, 88 kB")
    after = Link(f"{node}/1731600000000/taxa-2026.pdf", "attachment", "main", "Taxa för 2026", "Pdf, 91 kB")
    [edit] = compare_links([before], [after])
    assert (edit.op, edit.target, edit.before) == ("retargeted", after.target, before.target)


def test_files_of_two_nodes_are_two_files() -> None:
    one = Link("https://ekliden.example/download/18.aa/1700000000000/a.pdf", "attachment", "main", "Taxa")
    other = Link("https://ekliden.example/download/18.bb/1731600000000/b.pdf", "attachment", "main", "Plan")
    assert [e.op for e in compare_links([one], [other])] == ["removed", "added"]

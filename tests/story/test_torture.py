"""A slice of the long torture (`make torture`, which plays with a real site too): the same play with nine kills."""

from pathlib import Path

from torture import worlds
from torture.play import Play


def test_a_hostile_web_and_nine_kills_leave_an_archive_that_says_what_one_in_peace_says(tmp_path: Path) -> None:
    with worlds.demonstration(11) as world:
        outcome = Play(world, tmp_path, 11).run(9)

    assert outcome.found == []
    assert outcome.done["kills"] == 9
    assert outcome.done["full disks"] > 0
    assert outcome.done["reads"] > 20
    assert outcome.done["backups"] > 0
    assert outcome.faults.total() > 20

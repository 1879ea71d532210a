"""Labels and dates on plain text, in every language of the house."""

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.extract.dates.phrases import find_labels, lexicon, read_date
from archiver.extract.dates.stamps import read_stamp
from packs import CODES, pack

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LABELS = Path(__file__).parents[3] / "shared" / "data" / "date_labels.csv"


def value_of(text: str, code: str = "sv") -> str | None:
    read = read_date(text, lexicon(pack(code)))
    return read.value if read else None


def labels_in(text: str, code: str = "sv") -> list[tuple[str | None, str]]:
    return [(hit.meaning, hit.label) for hit in find_labels(text, lexicon(pack(code)))]


@pytest.mark.parametrize(
    "text",
    [
        "2019-11-08", "2019-11-8", "2019/11/08", "2019.11.08", "2019‑11‑08", "8 november 2019", "den 8 november 2019",
        "08 nov 2019", "8 nov. 2019", "8 NOV 2019", "8 november, 2019", "8:e november 2019", "8/11 2019", "8/11-2019",
        "8/11/2019", "8.11.2019", "8. 11. 2019", "08-11-2019", "20191108", "191108", "november 8, 2019",
        "8:de november 2019", "8e november 2019", "2019-W45-5", "2019W455", "8/11 -2019", "２０１９-１１-０８",
        "8\u00a0november\u00a02019", "8\u202fnov\u202f2019", "8 November 2019 (fredag)",
        "tor 8 nov 2019", "torsdag den 8 november 2019", "fre. 8 november 2019", ": 8 november 2019", "• 2019-11-08",
        "– 8 nov 2019", "| 2019-11-08", "(2019-11-08)", "8 november 2019 kl 14", "8 November 2019",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_swedish_form(text: str) -> None:
    assert value_of(text) == "2019-11-08"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2019-11-08 09:54", "2019-11-08T09:54"),
        ("2019-11-08 09:54:33", "2019-11-08T09:54:33"),
        ("den 8 november 2019 kl. 14.30", "2019-11-08T14:30"),
        ("8 november 2019 kl 14:30", "2019-11-08T14:30"),
        ("8 november 2019, klockan 9:54", "2019-11-08T09:54"),
        ("7 mars 2022 kl. 09.54", "2022-03-07T09:54"),
        ("8/11 2019 – 17:40", "2019-11-08T17:40"),
        ("kl. 09.54 den 8 november 2019", "2019-11-08T09:54"),
        ("2019-11-08 kl 14:30:05", "2019-11-08T14:30:05"),
        ("2019-11-08T14:30:05+01:00", "2019-11-08T14:30:05"),
        ("2019-11-07T23:30:00+00:00", "2019-11-08T00:30:00"),
    ],
)
def test_a_time_is_kept_to_the_minute_that_was_printed(text: str, value: str) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("nov 2019", "2019-11"),
        ("november 2019", "2019-11"),
        ("2019-11", "2019-11"),
        ("11/2019", "2019-11"),
        ("2019", "2019"),
    ],
)
def test_a_part_that_was_not_printed_is_not_filled_in(text: str, value: str) -> None:
    read = read_date(text, lexicon(pack("sv")))
    assert read is not None
    assert (read.value, read.precision) == (value, "month" if "-" in value else "year")


@pytest.mark.parametrize(
    "text",
    [
        "tor 8 nov", "8 november", "8/11", "8/11-19", "19-11-08", "31 feb 2019", "2019-02-29", "2019-13-01",
        "11/25/2019", "20191308", "2020–2022", "1–31 maj 2019", "2019-11-08 – 2019-12-01", "8 nov 2019 - 9 nov 2019",
        "191108-1234", "1066-10-14", "3 gånger", "12–14 maj 2024", "12 maj – 3 juni 2024", "8.11.19",
        "2019-W45", "2019-W54-1", "8 nov -19",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_day_is_not_understood(text: str) -> None:
    read = read_date(text, lexicon(pack("sv")))
    assert read is not None
    assert not read.understood
    assert read.raw
    assert not read.relative


@pytest.mark.parametrize(
    "text",
    ["idag", "Igår", "i förrgår", "för två år sedan", "2 dagar sedan", "Idag kl. 10.15", "nyss", ": i dag 08:00"],
)
def test_relative_words_are_never_a_value(text: str) -> None:
    read = read_date(text, lexicon(pack("sv")))
    assert read is not None
    assert (read.relative, read.value) == (True, None)
    assert text.endswith(read.raw)


RELATIVE = {
    "sv": ["för mindre än en minut sedan", "2 veckor sedan", "i måndags", "nyligen", "förra året", "om 2 dagar"],
    "sv-FI": ["för 3 månader sedan", "i går", "förra veckan", "för över ett år sedan"],
    "fi": ["3 päivää sitten", "eilen", "toissapäivänä", "viime viikolla", "yli vuosi sitten", "muutama päivä sitten"],
    "nb": ["for to år siden", "i går kl. 10.15", "forrige uke", "i fjor", "for mer enn ett år siden"],
    "nn": ["for to år sidan", "i går", "førre veke", "for meir enn eitt år sidan"],
    "da": ["for to år siden", "i forgårs", "sidste uge", "for mere end et år siden"],
    "de": ["vor 3 Tagen", "vor zwei Jahren", "gestern", "letzte Woche", "vor mehr als einem Jahr", "kürzlich"],
    "en": ["two years ago", "last week", "yesterday at 10:15", "less than a minute ago", "a couple of days ago"],
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in RELATIVE.items() for text in texts])
def test_each_language_has_its_relative_words(code: str, text: str) -> None:
    read = read_date(f": {text}", lexicon(pack(code)))
    assert read is not None
    assert (read.raw, read.relative, read.value) == (text, True, None)


NEVER = {
    "sv": "Sammanträdesdatum", "sv-FI": "Framlagt till påseende", "fi": "Kokouspäivä", "nb": "Møtedato",
    "nn": "Møtedato", "da": "Mødedato", "de": "Sitzungsdatum", "en": "Date of meeting",
}  # fmt: skip


@pytest.mark.parametrize(("code", "label"), NEVER.items())
def test_each_language_has_labels_that_are_left_alone(code: str, label: str) -> None:
    assert labels_in(f"{label}: 2019", code) == [(None, label)]


SEASONS = ["hösten 2024", "våren 2019", "vecka 45 2019", "v. 45, 2019", "kvartal 3 2024", "Q3 2024"]


@pytest.mark.parametrize("text", ["", "om vatten", "information 2019", "av Anna Ek 2019-11-08", ": ", *SEASONS])
def test_nothing_is_read_where_something_else_stands(text: str) -> None:
    assert read_date(text, lexicon(pack("sv"))) is None


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("sv-FI", "8.11.2019 kl. 9.54", "2019-11-08T09:54"),
        ("sv-FI", "den 8 november 2019", "2019-11-08"),
        ("fi", "8.11.2019", "2019-11-08"),
        ("fi", "8. marraskuuta 2019 klo 9.54", "2019-11-08T09:54"),
        ("fi", "ti 8.11.2019", "2019-11-08"),
        ("fi", "2 päivää sitten", None),
        ("nb", "08.11.2019", "2019-11-08"),
        ("nb", "8. november 2019 kl. 09:54", "2019-11-08T09:54"),
        ("nb", "for 3 dager siden", None),
        ("nn", "laurdag 8. november 2019", "2019-11-08"),
        ("da", "08-11-2019 kl. 17:40", "2019-11-08T17:40"),
        ("da", "d. 8. november 2019", "2019-11-08"),
        ("da", "for to år siden", None),
        ("de", "08.11.2019, 14:30 Uhr", "2019-11-08T14:30"),
        ("de", "am 8. November 2019", "2019-11-08"),
        ("de", "8. März 2019", "2019-03-08"),
        ("de", "vor 3 Tagen", None),
        ("en", "8 November 2019", "2019-11-08"),
        ("en", "November 8, 2019", "2019-11-08"),
        ("en", "Nov. 8th, 2019 9:54 pm", "2019-11-08T21:54"),
        ("en", "on the 8th of November 2019 at 12:05 a.m.", "2019-11-08T00:05"),
        ("en", "9:54am, 8 November 2019", "2019-11-08T09:54"),
        ("en", "2 days ago", None),
        ("en", "yesterday at 10:15", None),
    ],
)
def test_each_language_reads_its_own_forms(code: str, text: str, value: str | None) -> None:
    assert value_of(text, code) == value


def test_six_digits_are_a_day_in_swedish_only() -> None:
    assert value_of("991231") == "1999-12-31"
    assert [value_of("191108", code) for code in CODES if code != "sv"] == [None] * (len(CODES) - 1)


def test_a_short_year_is_read_behind_dots_where_no_other_order_is_written() -> None:
    assert {code: value_of(": 8.11.19", code) for code in CODES} == {
        "da": "2019-11-08", "de": "2019-11-08", "fi": "2019-11-08", "nb": "2019-11-08", "nn": "2019-11-08",
        "sv-FI": "2019-11-08", "sv": None, "en": None,
    }  # fmt: skip
    assert value_of("8.11.19 kl. 9.54", "nb") == "2019-11-08T09:54"
    assert [value_of(text, "de") for text in ("8.13.19", "8.11.19.4", "08-11-19", "8/11/19")] == [None] * 4


def test_a_page_from_america_is_read_month_first() -> None:
    american = lexicon(pack("en"), "en-US")
    assert [r.value for t in ("11/8/2019", "11/25/2019") if (r := read_date(t, american))] == [
        "2019-11-08",
        "2019-11-25",
    ]
    assert value_of("11/8/2019", "en") == "2019-08-11"


def test_a_language_whose_order_is_year_first_reads_no_numbers_the_other_way() -> None:
    assert read_date("8/11/2019", lexicon(replace(pack("sv"), order="year-first"))).value is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2019-11-08", "2019-11-08"),
        ("2019-11-08T09:54", "2019-11-08T09:54"),
        ("2019-11-08 09:54:33", "2019-11-08T09:54:33"),
        ("2019-11-07T23:30:00Z", "2019-11-08T00:30:00"),
        ("2019-07-07T22:30:00.000+0000", "2019-07-08T00:30:00"),
        ("2019-11-08T00:00:00+01:00", "2019-11-08T00:00:00"),
        ("2019-11-08T23:30:00-05:00", "2019-11-08T23:30:00"),
        ("20191107T233000Z", "2019-11-08T00:30:00"),
        ("Fri, 08 Nov 2019 09:54:00 GMT", "2019-11-08T10:54:00"),
    ],
)
def test_a_machines_stamp_becomes_the_sites_own_day(text: str, value: str) -> None:
    stamp = read_stamp(text, STOCKHOLM)
    assert stamp is not None
    assert stamp[0] == value


@pytest.mark.parametrize("text", ["", "PT5M", "09:54", "2019", "2019-02-30", "2019-11-08T25:00", "nu", "9" * 5000])
def test_what_is_no_stamp_has_no_value(text: str) -> None:
    assert read_stamp(text, STOCKHOLM) is None


def test_the_longest_label_wins_and_a_longer_word_is_none() -> None:
    assert labels_in("Senast uppdaterad") == [("updated", "Senast uppdaterad")]
    assert labels_in("SIDAN  UPPDATERADES SENAST: 2019") == [("updated", "SIDAN  UPPDATERADES SENAST")]
    assert labels_in("Publicerad av NN") == [("responsible", "Publicerad av")]
    assert labels_in("Senast publiceringsdatum") == [("updated", "Senast publiceringsdatum")]
    assert labels_in("Opublicerad, publicerade, Uppdaterar") == []
    assert labels_in("Publicerad2019-11-08Uppdaterad2019-11-09") == [
        ("published", "Publicerad"),
        ("updated", "Uppdaterad"),
    ]
    assert labels_in("Publicerad, av NN") == [("published", "Publicerad")]


@pytest.mark.parametrize(
    "label",
    [
        "Sammanträdesdatum", "Anslaget datum", "Datum då anslag sätts upp", "Datum då anslag tas ner",
        "Datum då anslag tas ned", "Anslags uppsättande", "Anslags nedtagande", "Justerat", "Justeringsdatum",
        "Beslutad", "Antagen", "Gäller fr.o.m.", "Gäller t.o.m.", "Giltighetstid", "Revideras", "Mandatperiod",
        "Nästa granskning",
        "Dagens datum", "Bäst före",
    ],
)  # fmt: skip
def test_a_label_that_looks_like_a_page_date_and_is_not_has_no_meaning(label: str) -> None:
    ((meaning, printed),) = labels_in(f"{label}: 2019-11-08")
    assert meaning is None
    assert printed == label.rstrip(".")


def test_a_never_label_shadows_the_shorter_label_inside_it() -> None:
    assert labels_in("Page next review due: 2030", "en") == [(None, "Page next review due")]
    assert labels_in("Nästa uppdatering: 2030") == [(None, "Nästa uppdatering")]
    assert labels_in("Publicerad till och med 2019-11-08") == [(None, "Publicerad till och med")]


@pytest.mark.corpus
def test_every_label_of_the_field_has_its_meaning() -> None:
    if not LABELS.is_file():
        pytest.skip("the shared list of labels is not beside this checkout")
    rows = [line.split(",")[:3] for line in LABELS.read_text("utf-8").splitlines()[1:]]
    wrong = [row for row in rows if labels_in(row[1], row[0]) != [(row[2], row[1])]]
    assert wrong == []


@pytest.mark.parametrize("code", CODES)
def test_a_pack_is_whole(code: str) -> None:
    language = pack(code)
    assert sorted({number for _, number in language.months}) == list(range(1, 13))
    assert {"published", "updated", "reviewed", "created", "responsible"} == {meaning for meaning, _ in language.labels}
    assert all((language.weekdays, language.glue, language.relative, language.suffixes, language.gone,
                language.maintenance, language.furniture, language.never))  # fmt: skip
    said = [label.lower() for _, labels in language.labels for label in labels]
    assert len(said) == len(set(said))
    assert not set(said) & {label.lower() for label in language.never}


@given(st.text(max_size=200), st.sampled_from(CODES))
def test_no_text_is_too_strange_to_read(text: str, code: str) -> None:
    words = lexicon(pack(code))
    for hit in find_labels(text, words):
        assert text[hit.start : hit.end] == hit.label
    read = read_date(text, words)
    if read:
        assert text[read.start : read.end].startswith(read.raw)


@given(st.dates(), st.sampled_from(["{d}.{m}.{y}", "{y}-{m:02}-{d:02}", "{d}/{m} {y}", "{d:02}-{m:02}-{y}"]))
def test_every_day_of_the_web_is_read_back(day: object, form: str) -> None:
    year, month, date = (int(part) for part in str(day).split("-"))
    expected = str(day) if 1900 <= year < 2100 else None
    assert value_of(form.format(y=year, m=month, d=date)) == expected

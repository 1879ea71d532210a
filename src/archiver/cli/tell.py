"""Changes and histories as a person reads them in a terminal; plain lines in a pipe."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from archiver.cli.console import Out
from archiver.cli.setting import Setting
from archiver.publish.visible import visible

if TYPE_CHECKING:
    from archiver.asking import Hit, Question
    from archiver.asking.similar import Likeness
    from archiver.asking.wandering import Wandering

Row = Mapping[str, Any]

SHOWN = 6
"""How many hunks of one change are shown before the rest is a count."""
STYLE = {"added": "green underline", "removed": "red strike", "moved": "cyan"}
SIGN = {"added": "+", "removed": "−", "moved": "⇅", "renamed": "±", "retargeted": "→"}


def tell_changes(rows: Iterable[Row], setting: Setting) -> None:
    """Print each change: where, in which window, what it is, and the words."""
    out = Out(soft_wrap=True)
    none = True
    for row in rows:
        none = False
        _tell_change(out, row, setting.command)
    if none:
        out.print(Text(f"No change that fits is in {setting.archive}.", style="dim"))


def _tell_change(out: Out, row: Row, command: str) -> None:
    window = row["window"]
    title = row["title_after"] or row["title_before"] or row["url"]
    out.print(Text.assemble((visible(str(title)), "bold"), f"  {row['municipality']}"))
    out.print(Text(f"  {row['url']}", style="dim"))
    when = f"  between {_time(window['last_seen_before'])} and {_time(window['seen_after'])} UTC"
    out.print(Text.assemble(when, "  ", (", ".join(row["classes"]) or "change", "yellow")))
    stayed = row["state_before"] == row["state_after"]
    for name, date in row["dates"].items():
        if stayed and date["before"] != date["after"]:
            out.print(Text(f"  {name}: {date['before'] or '–'} → {date['after'] or '–'}", style="yellow"))
    if row["title_before"] and row["title_after"] and row["title_before"] != row["title_after"]:
        out.print(Text(f"  title: {visible(row['title_before'])} → {visible(row['title_after'])}"))
    if not stayed:
        out.print(Text(f"  {row['state_before']} → {row['state_after']}"))
    for hunk in row["hunks"][:SHOWN]:
        out.print(Text.assemble(f"  {SIGN[hunk['op']]} ", (visible(hunk["text"]), STYLE[hunk["op"]])))
    if len(row["hunks"]) > SHOWN:
        out.print(f"  … and {len(row['hunks']) - SHOWN} more", style="dim")
    for link in row["link_edits"]:
        noun = "document" if link["rel"] == "attachment" else "link"
        words = visible(f"“{link['text']}” {link['target']}")
        out.print(Text(f"  {SIGN[link['op']]} {noun} {words}"))
    for one in row["personnel"]:
        out.print(Text(f"  {_person(one)}"))
    for why in window["not_seen"]:
        out.print(Text(f"  not seen: {why['why']}, {_times(why['visits'])}", style="dim"))
    if (event := row["event"]) and event["folded"]:
        of = f" of {event['seen']} seen" if event["seen"] else ""
        out.print(Text(f"  {event['kind']}: the same on {_pages(event['pages'])}{of}", style="yellow"))
        out.print(Text(f"  {command} changes --event {event['event_id']}", style="dim"))
    if row["capture_before"] and row["capture_after"]:
        out.print(Text(f"  {command} diff c{row['capture_before']} c{row['capture_after']}", style="dim"))
    out.print()


def _person(edit: Row) -> str:
    """Who came, went or changed places, by role and party."""
    signs = {"left": "−", "joined": "+", "role": "±", "party": "±"}
    role, party = visible(edit["role"] or "person"), f" ({visible(edit['party'])})" if edit["party"] else ""
    former = f", before: {visible(edit['former'] or '–')}" if edit["op"] in ("role", "party") else ""
    return f"{signs[edit['op']]} {role}{party}{former}"


def tell_history(url: str, rows: Sequence[Row]) -> None:
    """Print each state of a page with its window."""
    out = Out(soft_wrap=True)
    out.print(Text(url, style="bold"))
    for row in rows:
        since = f"{_time(row['seen_after'])} – {_time(row['last_seen'])} UTC"
        words = f"{row['words']} words" if row["words"] is not None else row["moved_to"] or ""
        out.print(Text.assemble((f"{row['revision']:>3}  ", "bold"), f"{since}  {row['state']:8} {words}"))
        stated = [f"{name} {row[name]}" for name in ("published", "updated", "reviewed") if row[name]]
        out.print(
            Text(
                f"     seen {_times(row['visits'])}; c{row['capture']}; {', '.join(stated) or 'no date stated'}",
                style="dim",
            )
        )
        if row["classes"]:
            out.print(Text(f"     {', '.join(row['classes'])}: {', '.join(row['kinds'])}", style="yellow"))


def tell_hits(hits: Sequence["Hit"], setting: Setting, where: str) -> None:
    """Print each page, or change, with the words found in it."""
    out = Out(soft_wrap=True)
    for hit in hits:
        out.print(Text.assemble((visible(hit.title or hit.url), "bold"), f"  {hit.municipality}"))
        out.print(Text(f"  {hit.url}", style="dim"))
        line, at = Text("  "), 0
        for start, end in hit.marks:
            line.append(visible(hit.text[at:start])).append(visible(hit.text[start:end]), "black on yellow")
            at = end
        out.print(line.append(visible(hit.text[at:])))
        when = (
            f"between {_time(hit.last_seen)} and {_time(hit.first_seen)}"
            if where in ("added", "removed")
            else f"{_time(hit.first_seen)} – {_time(hit.last_seen)}"
        )
        out.print(Text(f"  {when} UTC  c{hit.capture_id}", style="dim"))
    if not hits:
        out.print(Text(f"No page that fits is in {setting.archive}.", style="dim"))


def tell_likenesses(found: Sequence["Likeness"]) -> None:
    """Print each passage with how like it is."""
    out = Out(soft_wrap=True)
    for like in found:
        out.print(
            Text.assemble((f"{like.share:.0%}  ", "bold"), visible(like.title or like.url), f"  {like.municipality}")
        )
        out.print(Text(f"  {like.url}", style="dim"))
        out.print(Text(f"  {visible(like.text)}"))
    if not found:
        out.print(Text("No other page says anything like it.", style="dim"))


def tell_shared(found: Sequence["Wandering"]) -> None:
    """Print each text that wandered with the municipalities that have it."""
    out = Out(soft_wrap=True)
    for one in found:
        alike = "word for word" if one.least == 1.0 else f"{one.least:.0%} alike or more"
        out.print(Text(f"{one.municipalities} municipalities, {one.pages} pages, {alike}", style="bold"))
        out.print(Text(f"  {visible(one.places[0].text)}"))
        for place in one.places:
            out.print(Text(f"  {place.municipality}  {place.url}", style="dim"))
    if not found:
        out.print(Text("No two municipalities share a passage of that length.", style="dim"))


def tell_questions(questions: Sequence["Question"]) -> None:
    """Print the questions that have a name, with what must be said with them."""
    table = Table(box=None, pad_edge=False)
    for name in ("", "question", "asks"):
        table.add_column(name, overflow="fold")
    for question in questions:
        asked = " ".join(f"{p.name}=…" if p.default is None else f"[{p.name}=…]" for p in question.parameters)
        table.add_row(question.number, question.name, Text(f"{question.en}\n{asked}"))
    Out().print(table)


def tell_preview(row: Row) -> None:
    """Print what a rebuild would alter."""
    out = Out(soft_wrap=True)
    share = f"{row['altered']} of {row['looked_at']}"
    out.print(Text.assemble((row["source"], "bold"), f"  {share} captures would be read otherwise"))
    if row["same_rules"]:
        out.print(Text(f"  {row['same_rules']} are read by today's rules already", style="dim"))
    for name, count in {**row["kinds"], **row["verdicts"]}.items():
        out.print(Text(f"  {count:>5}  {name}"))
    for example in row["examples"][:FIRST_EXAMPLES]:
        out.print(Text(visible(f"  c{example['capture']}  {example['url']}"), style="dim"))
        for kind, summary in example["differences"].items():
            out.print(Text(visible(f"      {kind}: {summary}")))
        for hunk in example["hunks"][:SHOWN]:
            out.print(Text.assemble(f"      {SIGN[hunk['op']]} ", (visible(hunk["text"]), STYLE[hunk["op"]])))
    if row["altered"] > FIRST_EXAMPLES:
        out.print(Text(f"  … and {row['altered'] - FIRST_EXAMPLES} more: --json has them all", style="dim"))


FIRST_EXAMPLES = 10


def tell_table(rows: Sequence[Row]) -> None:
    """Print rows as a table; long texts are cut."""
    out = Out()
    if not rows:
        out.print(Text("Nothing.", style="dim"))
        return
    table = Table(box=None, pad_edge=False)
    for name in rows[0]:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row.values()))
    out.print(table)


def _cell(value: object) -> str:
    text = "" if value is None else visible(str(value))
    return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + "…"


LONGEST_CELL = 120


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _time(text: str | None) -> str:
    return f"{text[:10]} {text[11:16]}" if text else "–"


def tell_why(row: Row) -> None:
    """Print what the crawler makes of a URL."""
    out = Out(soft_wrap=True)
    out.print(Text(visible(row["url"]), style="bold"))
    belongs = ("belongs", "green") if row["belongs"] else ("does not belong", "red")
    whose = f" to {row['source']}" if row["source"] else ""
    out.print(Text.assemble(belongs, f"{whose}: {visible(row['reason'])}"))
    if row["source"]:
        section = f", section {row['section']}" if row["section"] else ""
        out.print(Text(visible(f"page       {row['page']} ({row['rule']}){section}, every {_span(row['every'])}")))
        if row["asked_as"] != row["url"]:
            out.print(Text(visible(f"asked as   {row['asked_as']}")))
    if row["known"] is None and row["seen"] is None and not row["redirected_from"]:
        out.print(Text("not met yet: no page, sitemap or feed that we read leads there", style="dim"))
        return
    _tell_seen(out, row)
    _tell_known(out, row["known"])


def _tell_seen(out: Out, row: Row) -> None:
    """Where we saw the URL: when first and last, and the pages that led there last."""
    seen, shown = row["seen"], row["linked_from"]
    if seen is not None:
        when = f"{_time(seen['first_seen'])} UTC on {seen['first_on']}, last {_time(seen['last_seen'])}"
        out.print(Text(visible(f"seen       {when}, on {_pages(seen['pages'])}")))
    for link in shown:
        out.print(Text(visible(f"linked     {link['url']} “{link['text']}”")))
    if seen is not None and seen["pages"] > len(shown):
        out.print(Text(f"           … and {seen['pages'] - len(shown)} more", style="dim"))
    for way in row["redirected_from"]:
        out.print(Text(visible(f"redirected {way['url']} {_time(way['captured_at'])} UTC")))


def _tell_known(out: Out, known: Row | None) -> None:
    if known is None:
        out.print(Text("never asked for", style="dim"))
        return
    how = f"on {known['found_on']}" if known["found_on"] else "in the configuration"
    out.print(Text(visible(f"found      {_time(known['found_at'])} UTC {how}, as a {known['role']}")))
    unplanned = "has no plan: it is long gone and rarely looked for, or it stands by for another address"
    due = f"{_time(known['due_at'])} UTC" if known["due_at"] else unplanned
    out.print(Text(f"next asked {due}"))
    for visit in known["visits"]:
        word = visit["verdict"] if visit["verdict"] not in (None, "good") else visit["failure"] or visit["status"] or ""
        shown = f", rendered: {visit['rendering']}" if visit["rendering"] else ""
        what = f"{visit['outcome']} {word}{shown}"
        line = f"  {_time(visit['captured_at'])}  {what}  [{visit['robots']}]  c{visit['capture']}"
        out.print(Text(visible(line), style="dim"))


def tell_issues(rows: Sequence[Row]) -> None:
    """Print what a person should look at."""
    out = Out(soft_wrap=True)
    for row in rows:
        where = f"{_pages(row['pages'])}, such as {row['url']}" if row["pages"] else row["url"] or "the whole source"
        seen = f"{_time(row['last_seen'])} UTC" if row["last_seen"] else "long ago"
        out.print(Text.assemble((row["kind"], "bold yellow"), f"  {row['source']}  {seen}"))
        out.print(Text(visible(f"  {row['detail']}")))
        out.print(Text(visible(f"  {where}"), style="dim"))
    if not rows:
        out.print(Text("Nothing that fits wants a person.", style="dim"))


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _span(seconds: int) -> str:
    for name, length in (("week", 604_800), ("day", 86_400), ("hour", 3_600)):
        if seconds % length == 0:
            return name if seconds == length else f"{seconds // length} {name}s"
    return f"{seconds} s"


def tell_status(rows: Sequence[Row], file: Row, alerts: Sequence[Row]) -> None:
    """Print how each source, the alerts and the file are getting on."""
    out = Out()
    table = Table(box=None, pad_edge=False)
    table.add_column("source", style="bold", no_wrap=True)
    for name in ("last well seen", "known", "due", "overdue", "asked 24 h", "failed", "next due"):
        table.add_column(name, justify="right")
    for row in rows:
        share = f" ({row['failed'] / row['asked']:.0%})" if row["failed"] else ""
        numbers = (row["addresses"], row["due"], row["overdue"], row["asked"], f"{row['failed']}{share}")
        times = _time(row["last_good"]), _time(row["next_due"])
        table.add_row(row["source"], times[0], *map(str, numbers), times[1])
    out.print(table)
    for row in rows:
        if row["unread"] or row["paused"] or row["spent"]:
            waiting = f"{row['unread']} captures wait for their reading" if row["unread"] else ""
            paused = f"{row['paused']} hosts are left alone for now" if row["paused"] else ""
            spent = f"{row['spent']} hosts were asked as often today as their budget allows" if row["spent"] else ""
            out.print(Text(f"{row['source']}: {', '.join(filter(None, (waiting, paused, spent)))}", style="yellow"))
    for row in alerts:
        if row["due"] or row["unsure"] or row["failed"]:
            out.print(Text(_alert(row), style="yellow"))
    size, grown = file["bytes"] / 1e6, file["new_bodies_7_days"] / 1e6
    out.print(
        Text(f"{file['captures']} captures in {size:.1f} MB; {grown:.1f} MB of new bodies in 7 days", style="dim")
    )


def _alert(row: Row) -> str:
    """What of an alert is not as it should be."""
    counts = (("failed", "given up"), ("unsure", "may have arrived"), ("due", "to be sent"))
    said = ", ".join(f"{_messages(row[name])} {what}" for name, what in counts if row[name])
    way = "; `archiver alert send --again` or `drop`" if row["failed"] or row["unsure"] else ""
    return f"alert {row['alert']}: {said}{way}" + (f" ({visible(row['trouble'])})" if row["trouble"] else "")


def _messages(count: int) -> str:
    return f"{count} message{'s' if count != 1 else ''}"


def tell_plan(found: Row) -> None:
    """Print what would be asked of a source in the next 24 hours."""
    out = Out(soft_wrap=True)
    if not found["hosts"]:
        out.print("Never crawled: it begins with these, and asks for what they lead to within the scope.")
    for host in found["hosts"]:
        lists = host["due"] - host["pages"] - host["files"]  # sitemaps, feeds, robots.txt
        what = f"{host['pages']} pages, {host['files']} files" + (f", {lists} for machines" if lists else "")
        took = f"one every {host['delay']:g} s: {_lasting(host['seconds_due'])}; a full pass of {host['addresses']}"
        out.print(Text.assemble((host["host"], "bold"), f"  {host['due']} due in 24 hours ({what})"))
        out.print(Text(f"  {took}: {_lasting(host['seconds_full'])}", style="dim"))
        if host["budget"]:
            out.print(Text(f"  {host['asked_today']} of {host['budget']} requests a day are made today", style="dim"))
        if host["sharing"]:
            out.print(Text(f"  takes turns with {host['sharing']} other hosts at {host['peer']}", style="dim"))
    for address in found["first"]:
        out.print(Text(visible(f"  {_time(address['due_at'])}  {address['url']}"), style="dim"))


def _lasting(seconds: int) -> str:
    """A span in words: '3 h 20 min'."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{seconds} s"

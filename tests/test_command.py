"""The command `tracker`, as a person or a cron job meets it: what it prints, where, and how it ends."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from ingest import hdx, schedule
from ingest.http import Client
from ingest.sources import unhcr_population
from tests.builders import displacement, load_run
from tests.command import Said
from tests.samples import payload
from tracker.archive import keep
from tracker.database import open_store, writing
from tracker.tables import Displacement, DisplacementSeries, IngestRun, Lease, Payload, SetAside, Source
from tracker.vocabulary import Sensitivity

REPORT_KEYS = {
    "source", "run_id", "status", "rows_read", "figures", "new", "revised", "unchanged", "duplicate", "set_aside",
    "seconds",
}  # fmt: skip


@pytest.fixture
def store(home: Path) -> Iterator[Engine]:
    """The store of that data folder."""
    engine = open_store(f"sqlite:///{home / 'tracker.sqlite'}")
    yield engine
    engine.dispose()


def process(home: Path, *arguments: object, **environment: str) -> Said:
    """Run the command as a person does, from a folder that is not the checkout."""
    done = subprocess.run(
        [sys.executable, "-m", "tracker.cli", *map(str, arguments)],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), "TRACKER_HOME": str(home), **environment},
        capture_output=True,
        timeout=60,
    )
    said = Said(done.returncode, done.stdout.decode("utf-8-sig"), done.stderr.decode())
    assert "Traceback" not in said.err
    return said


def one_line(text: str) -> str:
    (line,) = text.splitlines()
    return line


def test_from_nothing_to_a_number_that_can_be_defended(tmp_path: Path) -> None:
    """The first five minutes, as processes: if a step needs another one in silence, nobody takes the next."""
    assert process(tmp_path, "db", "upgrade").code == 0
    assert process(tmp_path, "db", "seed").code == 0
    exported = process(tmp_path, "export", "displacement", "--region", "SYR")
    rows = list(csv.DictReader(io.StringIO(exported.out)))
    (article,) = [row for row in rows if row["observation_id"] == "D1"]
    assert (exported.code, exported.err, article["value"], article["qualifier"]) == (0, "", "370000", "more_than")


def test_store_that_was_never_made(tracker: Callable[..., Said], tmp_path: Path) -> None:
    """An export from nothing must say what to do, not give an empty table."""
    said = tracker("export", "displacement", TRACKER_HOME=str(tmp_path / "new"))
    assert (said.code, said.out) == (1, "")
    assert "run `tracker db upgrade`" in one_line(said.err)


def test_ready_store_stays_as_it_is(tracker: Callable[..., Said]) -> None:
    """Every start of the program runs these; none may do anything twice."""
    assert tracker("db", "upgrade") == Said(0, "", "the store is already up to date\n")
    assert tracker("db", "seed") == Said(0, "", "seed: already loaded\n")
    assert tracker("db", "check") == Said(0, "the store is whole\n", "")


def test_trace_shows_the_sentence(tracker: Callable[..., Said]) -> None:
    """Without the sentence behind it, 370,000 is a number somebody typed."""
    said = tracker("trace", "D1")
    assert said.code == 0
    for words in ("Over 370,000 people have been displaced in recent weeks", "more_than", "News article", "relays D"):
        assert words in said.out
    shown = json.loads(tracker("trace", "d1", "--json").out)
    assert shown["observation_id"] == "D1"
    assert (shown["figure"]["value"], shown["figure"]["qualifier"]) == (370_000, "more_than")
    assert json.loads(shown["payload_row"])["id"] == "article-1"
    assert [(v["vintage"], v["value"]) for v in shown["vintages"]] == [(1, 370_000)]
    primary = json.loads(tracker("trace", shown["relays"], "--json").out)
    assert (primary["source"]["code"], primary["figure"]["qualifier"]) == ("ocha", "at_least")


@pytest.mark.parametrize("observation_id", ["D999999", "X1", "D", "1", "D1.5", "D" + "9" * 30, "D-1", "D²"])
def test_trace_of_nothing_is_refused(tracker: Callable[..., Said], observation_id: str) -> None:
    """An id that leads nowhere must say so, not show some other figure."""
    said = tracker("trace", "--", observation_id)
    assert (said.code, said.out) == (2, "")
    assert observation_id in one_line(said.err)


def test_trace_keeps_a_sensitive_vintage_to_itself(tracker: Callable[..., Said], store: Engine) -> None:
    """Blurred after a complaint, the exact number would still stand among the vintages."""
    load_run(store, displacement(17, sensitivity=Sensitivity.HIGH))
    load_run(store, displacement(20))
    with store.connect() as connection:
        exact, blurred = connection.scalars(select(Displacement.id).order_by(Displacement.id.desc()).limit(2)).all()[
            ::-1
        ]
    assert tracker("trace", f"D{exact}").code == 2
    shown = json.loads(tracker("trace", f"D{blurred}", "--json").out)
    assert [(v["vintage"], v["value"]) for v in shown["vintages"]] == [(2, 20)]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\xff", b"a;b\n1;2\n", b"[]", b'{"items": {}}', b"null"])
def test_trace_into_a_payload_it_cannot_read(
    tracker: Callable[..., Said], home: Path, store: Engine, content: bytes
) -> None:
    """A workbook or an answer of another form: the way to the evidence has to be shown, not an accident."""
    received = payload(content, "saved.bin")
    with writing(store) as connection:
        payload_id, _ = keep(connection, home / "archive", received, 1, None)
        where = update(Displacement).where(Displacement.id == 1)
        connection.execute(where.values(payload_id=payload_id, locator="items[0]/refugees"))
    said = tracker("trace", "D1")
    assert (said.code, said.err) == (0, "")
    assert "'items[0]/refugees' of the archived payload" in said.out


def test_sources_as_json(tracker: Callable[..., Said]) -> None:
    """A script that keeps an inventory of licences reads this."""
    said = tracker("sources", "--json")
    listed = {entry["source"]: entry for entry in json.loads(said.out)}
    assert said.code == 0
    assert set(listed["unhcr_population"]) == {
        "source", "name", "measures", "grain", "cadence_days", "licence", "redistribute", "credit", "credentials",
        "traps", "homepage", "figures", "last_reference_on", "last_answered_at",
    }  # fmt: skip
    assert listed["unhcr_population"]["licence"] == "CC BY 4.0"
    assert listed["unhcr_population"]["figures"] > 0
    assert listed["unhcr_population"]["last_answered_at"] is None
    assert "unhcr_population" in tracker("sources").out


def page(*rows: dict[str, Any]) -> str:
    """A page of UNHCR's population endpoint; refugees from Syria in Jordan unless a row says otherwise."""
    groups = ["asylum_seekers", "returned_refugees", "idps", "returned_idps", "stateless", "ooc", "oip", "hst"]
    usual = {
        "year": 2023, "coo_id": 185, "coo_name": "Syrian Arab Rep.", "coo": "SYR", "coo_iso": "SYR",
        "coa_id": 92, "coa_name": "Jordan", "coa": "JOR", "coa_iso": "JOR", "refugees": 649_091,
        **dict.fromkeys(groups, "-"),
    }  # fmt: skip
    items = [{**usual, **row} for row in rows]
    return json.dumps({"page": 1, "short-url": "x", "maxPages": 1, "total": [], "items": items})


GOOD = page(
    {"year": 2031, "refugees": "-"}, {"year": 2001, "refugees": 1001}, {"year": 2002, "refugees": "1002"},
    {"year": 2003, "refugees": 0},
)  # fmt: skip
"""One row without a figure, and three with one each, of years the seed has nothing on."""


def unhcr_values(store: Engine) -> list[int | None]:
    """Values of UNHCR's figures for Jordan before the seed begins, oldest first."""
    with store.connect() as connection:
        query = (
            select(Displacement.value)
            .join(DisplacementSeries, DisplacementSeries.id == Displacement.series_id)
            .join(Source, Source.id == DisplacementSeries.source_id)
            .where(Source.code == "unhcr_population", Displacement.superseded_run_id.is_(None))
            .where(Displacement.reference_period_end < datetime(2011, 1, 1).date())  # noqa: DTZ001
            .order_by(Displacement.reference_period_end)
        )
        return list(connection.scalars(query))


def adds_up(report: dict[str, Any]) -> bool:
    fates = ("new", "revised", "unchanged", "duplicate", "set_aside")
    return bool(report["figures"] == sum(report[fate] for fate in fates))


def test_ingest_of_a_saved_file(tracker: Callable[..., Said], home: Path) -> None:
    """The report is what scripts read; a key that goes missing stops somebody's pipeline, in silence."""
    saved = home / "page1.json"
    saved.write_text(GOOD)
    first = process(home, "ingest", "unhcr_population", "--from", "page1.json", "--json")
    (report,) = first.reports
    assert first.code == 0
    assert set(report) >= REPORT_KEYS
    assert adds_up(report)
    assert (report["source"], report["status"], report["rows_read"], report["figures"], report["new"]) == (
        "unhcr_population", "succeeded", 4, 3, 3,
    )  # fmt: skip
    (again,) = tracker("ingest", "unhcr_population", "--from", saved, "--json").reports
    assert (again["status"], again["figures"], again["new"], again["unchanged"]) == ("unchanged", 3, 0, 3)
    assert again["run_id"] > report["run_id"]


def test_zero_is_loaded_and_nothing_is_not(tracker: Callable[..., Said], home: Path, store: Engine) -> None:
    """ "-" loaded as 0 says that the last refugee has left."""
    (home / "page.json").write_text(GOOD)
    tracker("ingest", "unhcr_population", "--from", home / "page.json")
    assert unhcr_values(store) == [1001, 1002, 0]


def test_revised_figure_is_reported_as_such(tracker: Callable[..., Said], home: Path, store: Engine) -> None:
    """A provider's silent revision is what people look for when two reports disagree."""
    for name, refugees in (("june.json", 1001), ("december.json", 1111)):
        (home / name).write_text(page({"year": 2001, "refugees": refugees}))
    said = tracker("ingest", "unhcr_population", "--from", home / "june.json", home / "december.json", "--json")
    assert said.code == 0
    assert [(r["new"], r["revised"], r["status"]) for r in said.reports] == [(1, 0, "succeeded"), (0, 1, "succeeded")]
    assert unhcr_values(store) == [1111]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (GOOD[: len(GOOD) // 2], "cut off"),
        ("<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
        ("", "page.json"),
        ("[1, 2, 3]", "page.json"),
        (GOOD.replace('"refugees"', '"refugiados"'), "refugees"),
        ('{"error": "rate limit"}', "items"),
        ("\x00\x01\x02", "page.json"),
    ],
)
def test_unreadable_payload_loads_nothing(
    tracker: Callable[..., Said], home: Path, store: Engine, content: str, reason: str
) -> None:
    """Half a page loaded as a whole one: half the refugees gone, and a run that says it went well."""
    (home / "page.json").write_text(content)
    said = tracker("ingest", "unhcr_population", "--from", home / "page.json")
    assert (said.code, said.out) == (1, "")
    assert reason in one_line(said.err)
    assert "unexpected" not in said.err
    assert unhcr_values(store) == []
    with store.connect() as connection:
        status, error = connection.execute(
            select(IngestRun.status, IngestRun.error).order_by(IngestRun.id.desc()).limit(1)
        ).one()
        assert status == "failed"
        assert reason in (error or "")
        assert connection.scalars(select(SetAside.id)).all() == []


@pytest.mark.parametrize(
    ("row", "reason", "named"),
    [
        ({"year": 2005, "refugees": "many"}, "unreadable_number", "many"),
        ({"year": 2005, "refugees": "1.5"}, "unreadable_number", "1.5"),
        ({"year": 2005, "refugees": 7, "coa_iso": "XYZ", "coa": "XYZ"}, "unknown_place", "XYZ"),
        ({"year": 2005, "refugees": -7}, "negative", "-7"),
        ({"year": 2005, "refugees": 7, "coa_iso": "SYR"}, "origin_mismatch", "SYR"),
    ],
)
def test_bad_row_is_set_aside_and_the_rest_kept(
    tracker: Callable[..., Said], home: Path, store: Engine, row: dict[str, Any], reason: str, named: str
) -> None:
    """One row somebody mistyped must neither stop the other three nor become a number by force."""
    (home / "page.json").write_text(page({"year": 2001, "refugees": 1001}, row, {"year": 2003, "refugees": 1003}))
    first = tracker("ingest", "unhcr_population", "--from", home / "page.json", "--json")
    (report,) = first.reports
    assert (first.code, report["status"], report["new"], report["set_aside"]) == (1, "partial", 2, 1)
    assert adds_up(report)
    assert "1 newly set aside" in one_line(first.err)
    assert unhcr_values(store) == [1001, 1003]
    status = tracker("status", "unhcr_population")
    (line,) = [line for line in status.out.splitlines() if f": {reason}: " in line]
    assert named in line
    assert "items[1]/refugees" in line
    again = tracker("ingest", "unhcr_population", "--from", home / "page.json", "--json")
    assert (again.code, again.err, again.reports[0]["unchanged"], again.reports[0]["set_aside"]) == (0, "", 2, 1)


def test_broken_file_does_not_stop_the_next(tracker: Callable[..., Said], home: Path, store: Engine) -> None:
    """Twelve saved months, the third of them damaged: the other eleven count."""
    folder = home / "saved"
    folder.mkdir()
    for name, content in (
        ("1.json", page({"year": 2001, "refugees": 1})),
        ("2.json", "<html>"),
        ("3.json", page({"year": 2003, "refugees": 3})),
    ):
        (folder / name).write_text(content)
    said = tracker("ingest", "unhcr_population", "--from", folder, "--json")
    assert (said.code, [report["status"] for report in said.reports]) == (1, ["succeeded", "failed", "succeeded"])
    assert unhcr_values(store) == [1, 3]


def test_folder_of_a_release_is_one_run(tracker: Callable[..., Said], home: Path) -> None:
    """Page by page nobody could tell what a release leaves out, and its figures would stand for ever."""
    row = {"country_name": "", "new_displacement": None, "new_displacement_rounded": None}
    row |= {"total_displacement": 5, "total_displacement_rounded": 5, "year": 2020}
    folder = home / "release"
    folder.mkdir()
    for countries in (("SYR", "LBN", "IRQ"), ("SYR", "LBN")):
        for file in folder.iterdir():
            file.unlink()
        for country in countries:
            body = {"count": len(countries), "results": [{**row, "iso3": country}]}
            (folder / f"{country}.json").write_text(json.dumps(body))
        (report,) = tracker("ingest", "idmc_gidd", "--from", folder, "--json").reports
    assert report["unchanged"] == 2
    assert report["warnings"] == ["1 figures withdrawn: the source no longer gives them"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest", "nobody"],
        ["ingest", "unhcr_population", "--from", "no-such-file.json"],
        ["ingest", "--from", "."],
        ["export", "everything"],
        ["export", "displacement", "--region", "ATLANTIS"],
        ["export", "displacement", "--start", "8.12.2024"],
        ["export", "displacement", "-o", "no/such/folder/file.csv"],
        ["status", "nobody"],
        ["export"],
        ["export", "displacement", "--regoin", "SYR"],
        ["db", "mend"],
        ["dance"],
        ["--loud"],
    ],
)
def test_request_that_cannot_be_met(
    tracker: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str]
) -> None:
    """A typing error that ends with 0 and an empty file is taken for "there is nothing"."""
    monkeypatch.chdir(tmp_path)
    said = tracker(*arguments)
    assert (said.code, said.out) == (2, "")
    assert one_line(said.err).startswith("tracker: ")


def test_folder_without_a_file_is_not_taken_for_success(tracker: Callable[..., Said], home: Path) -> None:
    """Nothing read and nothing said: a job that looks in the wrong folder would look well for ever."""
    (home / "empty").mkdir()
    said = tracker("ingest", "unhcr_population", "--from", home / "empty")
    assert said.code == 2
    assert "empty" in one_line(said.err)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TRACKER_PORT", "abc"),
        ("TRACKER_PORT", "²"),
        ("TRACKER_PORT", "70000"),
        ("TRACKER_HOME", "/proc/nowhere"),
        ("TRACKER_DATABASE_URL", "not an address"),
        ("TRACKER_DATABASE_URL", "mysql://user:hunter2@host/name"),
        ("TRACKER_DATABASE_URL", "oracle9://user:hunter2@host/name"),
    ],
)
def test_setting_that_cannot_be_used(tracker: Callable[..., Said], variable: str, value: str) -> None:
    """The person who set it has to learn which setting, and nobody has to learn the password."""
    said = tracker("status", **{variable: value})
    assert (said.code, said.out) == (2, "")
    assert variable in one_line(said.err)
    assert "hunter2" not in said.err


@pytest.mark.parametrize("content", [b"", b"\x00garbage" * 1000])
def test_store_that_is_not_one(tracker: Callable[..., Said], home: Path, content: bytes) -> None:
    """A damaged file must not be taken for an empty store, nor be written over."""
    path = home / "tracker.sqlite"
    path.write_bytes(content)
    said = tracker("status")
    assert said.code == 1
    assert "store" in one_line(said.err)
    assert path.read_bytes() == content or not content


def test_database_server_that_is_not_there(tracker: Callable[..., Said]) -> None:
    """The driver's three lines of advice, and the password, stay out of the log."""
    said = tracker("status", TRACKER_DATABASE_URL="postgresql://user:hunter2@127.0.0.1:1/name")
    assert said.code == 1
    assert "cannot be opened" in one_line(said.err)
    assert "hunter2" not in said.err


@pytest.fixture
def no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    """UNHCR's address leads to a closed port, and waiting for it takes no time."""
    monkeypatch.setattr(unhcr_population, "ADDRESS", "http://127.0.0.1:1/population/")
    monkeypatch.setattr(schedule, "Client", lambda **given: Client(backoff=0, **given))


@pytest.mark.usefixtures("no_provider")
def test_places_are_asked_for_before_figures(tracker: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures that come before their places stand at "unspecified" until they are read again."""
    monkeypatch.setattr(hdx, "CATALOGUE", "http://127.0.0.1:1/catalogue")
    said = tracker("ingest", "ocha_ukraine_border_crossings", "ocha_pcodes", "--json")
    assert [report["source"] for report in said.reports] == ["ocha_pcodes", "ocha_ukraine_border_crossings"]


@pytest.mark.usefixtures("no_provider")
def test_provider_that_does_not_answer(tracker: Callable[..., Said], store: Engine) -> None:
    """ "Try again later" must be told from "somebody must look", or every outage wakes somebody."""
    said = tracker("ingest", "unhcr_population")
    assert (said.code, said.out) == (75, "")
    assert "127.0.0.1/population/ cannot be reached" in one_line(said.err)
    with store.connect() as connection:
        assert connection.scalars(select(Lease.owner)).all() == []
        assert connection.scalars(select(IngestRun.status).order_by(IngestRun.id)).all()[-1] == "failed"


@pytest.mark.usefixtures("no_provider")
def test_provider_that_does_not_answer_is_not_asked_at_every_start(
    tracker: Callable[..., Said], store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cron job every minute against a server that is down is an attack."""
    monkeypatch.setattr("tracker.cli.ingest.choose", lambda _codes: {"unhcr_population": unhcr_population})
    assert tracker("ingest", "--due").code == 75
    with store.connect() as connection:
        again = connection.scalars(select(IngestRun.finished_at).order_by(IngestRun.id.desc())).first()
    assert again
    at = again.replace(tzinfo=UTC) + timedelta(hours=1)
    told = f"nothing is due; next is unhcr_population, at {at:%Y-%m-%d %H:%M} UTC\n"
    assert tracker("ingest", "--due") == Said(0, "", told)
    with writing(store) as connection:
        done = {"status": "succeeded", "started_at": again, "finished_at": again, "parser_version": 1}
        source_id = connection.scalars(select(Source.id).where(Source.code == "unhcr_population")).one()
        connection.execute(insert(IngestRun).values(source_id=source_id, trigger="manual", **done))
    at += timedelta(days=unhcr_population.SOURCE.cadence_days) - timedelta(hours=1)
    assert f"{at:%Y-%m-%d %H:%M} UTC" in one_line(tracker("ingest", "--due").err)


def test_saved_file_is_no_answer_of_its_provider(tracker: Callable[..., Said], home: Path) -> None:
    """A source nobody ever reached would look fresh, or broken, by a file somebody loaded by hand."""
    for name, content in (("good.json", GOOD), ("half.json", GOOD[: len(GOOD) // 2])):
        (home / name).write_text(content)
        tracker("ingest", "unhcr_population", "--from", home / name)
        listed = {entry["source"]: entry for entry in json.loads(tracker("sources", "--json").out)}
        assert listed["unhcr_population"]["last_answered_at"] is None


def hold_lease(store: Engine, until: datetime) -> None:
    with writing(store) as connection:
        connection.execute(insert(Lease).values(source_code="unhcr_population", owner="other:1", expires_at=until))


def test_second_ingest_of_a_source_leaves(tracker: Callable[..., Said], home: Path, store: Engine) -> None:
    """Two at once would each find the other's rows missing and write them a second time."""
    hold_lease(store, datetime.now(UTC) + timedelta(minutes=5))
    (home / "page.json").write_text(GOOD)
    said = tracker("ingest", "unhcr_population", "--from", home / "page.json")
    assert (said.code, said.out) == (75, "")
    assert "another process (other:1)" in one_line(said.err)
    assert unhcr_values(store) == []
    with store.connect() as connection:
        assert connection.scalars(select(Lease.owner)).all() == ["other:1"]


def test_lease_of_a_dead_process_is_taken_over(tracker: Callable[..., Said], home: Path, store: Engine) -> None:
    """A machine that was switched off in mid-run would keep the source closed for ever."""
    hold_lease(store, datetime.now(UTC) - timedelta(seconds=1))
    (home / "page.json").write_text(GOOD)
    assert tracker("ingest", "unhcr_population", "--from", home / "page.json").code == 0
    assert unhcr_values(store) == [1001, 1002, 0]


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "cut in half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "one byte other": flip_a_byte,
    "another file": lambda path: path.write_bytes(b"not even compressed"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_check_finds_a_damaged_payload(tracker: Callable[..., Said], home: Path, store: Engine, damage: str) -> None:
    """Evidence that is gone has to be known before somebody asks for it."""
    with store.connect() as connection:
        digest = connection.scalars(select(Payload.sha256).where(Payload.url == "seed/displacement.csv")).one()
    DAMAGE[damage](home / "archive" / digest[:2] / f"{digest}.gz")
    said = tracker("db", "check")
    assert (said.code, said.out) == (1, "")
    assert digest in one_line(said.err)
    shown = tracker("trace", "D1")
    assert shown.code == 0
    assert "archived payload" in shown.out


def test_check_finds_rows_the_ledger_knows_nothing_of(tracker: Callable[..., Said], store: Engine) -> None:
    """A row slipped in beside the runs has no evidence behind it."""
    with writing(store) as connection:
        columns = [column for column in Displacement.__table__.columns if column.name not in ("id", "external_id")]
        row = dict(connection.execute(select(*columns).limit(1)).mappings().one())
        run_id = connection.scalars(
            insert(IngestRun)
            .values(trigger="manual", status="succeeded", started_at=datetime.now(UTC), parser_version=1)
            .returning(IngestRun.id)
        ).one()
        connection.execute(insert(Displacement).values(**{**row, "external_id": "slipped in", "run_id": run_id}))
    said = tracker("db", "check")
    assert said.code == 1
    assert f"run {run_id} says it wrote 0 figures" in one_line(said.err)


def test_status(tracker: Callable[..., Said]) -> None:
    """The first question after a night: what ran, and what was left out."""
    said = tracker("status")
    assert said.code == 0
    assert "run 1 " in said.out
    assert "seed: succeeded, 490 figures" in said.out
    assert "0 set aside" in said.out


def test_export_to_a_file(tracker: Callable[..., Said], tmp_path: Path) -> None:
    """The file and standard output hold the same bytes, or two people compare two truths."""
    path = tmp_path / "borders.csv"
    said = tracker("export", "border-status", "--region", "LBN", "-o", path)
    assert (said.code, said.out) == (0, "")
    assert f"rows written to {path}" in one_line(said.err)
    assert path.read_bytes().decode() == tracker("export", "border-status", "--region", "LBN").out


def test_headline_of_a_past_day(tracker: Callable[..., Said]) -> None:
    """The number quoted from the terminal is the one on the page, with who else said what on that day."""
    said = tracker("headline", "--region", "SYR", "--on", "2024-12-05")
    assert said.code == 0
    first, second = said.out.splitlines()[:2]
    assert first == "Newly displaced in Syria: at least 178,000 persons, 27 Nov 2024 to 5 Dec 2024: OCHA"
    assert second.startswith("    current; 1 other source: 280,000; D")
    header, row = tracker("headline", "--region", "SYR", "--on", "2024-12-05", "-o", "-").out.splitlines()[:2]
    told = dict(zip(header.lstrip("\ufeff").split(","), next(csv.reader([row])), strict=True))
    wanted = ("question", "value", "qualifier", "rival_low", "rival_high", "originators", "rule_version")
    assert [told[name] for name in wanted] == ["new", "178000", "at_least", "280000", "280000", "2", "2"]
    assert told["observation_id"] in second
    assert tracker("headline", "--region", "nowhere").code == 2
    assert tracker("headline", "--region", "SYR", "--on", "1999-01-01").out == (
        "no figure about SYR as a whole is in the store\n"
    )


def test_help_names_every_command_and_setting(tracker: Callable[..., Said]) -> None:
    """What is not listed does not exist for a newcomer."""
    said = tracker("--help")
    assert said.code == 0
    for word in ("up", "serve", "schedule", "ingest", "sources", "export", "headline", "trace", "db", "TRACKER_HOME"):
        assert word in said.out


def test_runs_are_listed_with_what_they_said(tracker: Callable[..., Said], home: Path) -> None:
    """Who cannot see that a run is held, and why, waits for figures that never come."""
    lines = ["indicator,measure,population_group,location_code,value,reference_period_end"]
    lines += [f"population,stock,IDP,SY{number:02},{4000 + number},2030-01-31" for number in range(1, 9)]
    (home / "future.csv").write_text("\n".join(lines) + "\n")
    assert tracker("ingest", "displacement_sheet", "--from", home / "future.csv").code == 1
    listed = tracker("runs", "--held")
    assert "displacement_sheet: held: 8 of 8 figures would be set aside" in listed.out
    assert listed.out.count("run ") >= 1
    assert "seed" not in listed.out
    assert "seed: succeeded" in tracker("runs").out
    assert tracker("runs", "unhcr").code == 2
    assert tracker("release", "999").code == 2

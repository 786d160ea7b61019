"""Every source against every way a provider has failed: nothing wrong is ever published, and the cause has a name.

The 44 kinds are those seen in the field. Each case starts from a store that holds a clean load of the source; the
faulty answer must then end as the clean one, held, set aside or failed with a reason, with the old figures still there.
The outcomes are written to ``reports/fault-matrix.md``.
"""

import gzip
import hashlib
import io
import json
import shutil
import socket
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import Engine, select

from ingest import http as wire
from ingest.contract import Scope, SourceModule, discover
from ingest.report import RunReport
from ingest.run import run_source
from tests.damage import Damaged, in_other_years, renamed, times
from tests.samples import own, payload
from tests.stores import Templates
from tests.upstream import (
    SECRET,
    Answer,
    Send,
    Upstream,
    answers_of,
    client_of,
    closed_port,
    nobody_accepts,
    send_well,
    serving,
)
from tracker.database import open_store
from tracker.rows import FAMILIES
from tracker.tables import Event, IngestRun, Location
from tracker.vocabulary import RunStatus, Trigger

SOURCES = discover()
LIMIT_SECONDS = 5
REPORT = Path(__file__).resolve().parent.parent / "reports" / "fault-matrix.md"
Handler = Any


def _status(code: int, *, good_after: int | None = None, **headers: str) -> Send:
    def send(handler: Handler, content: bytes, before: int) -> None:
        if good_after is not None and before >= good_after:
            send_well(handler, content, before)
            return
        handler.send_response(code)
        for name, value in {"Content-Length": "4", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(b"oops")

    return send


def _body(change: Callable[[bytes], bytes], **headers: str) -> Send:
    return lambda handler, content, before: send_well(handler, change(content), before, **headers)


def _too_long(handler: Handler, content: bytes, _before: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content) + 100))
    handler.end_headers()
    handler.wfile.write(content)


def _dead_line(handler: Handler, content: bytes, _before: int) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"8\r\n" + content[:8] + b"\r\n8\r\nhalf")


def _drip(handler: Handler, content: bytes, _before: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content) + 10_000))
    handler.end_headers()
    try:
        for byte in content * 2:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            handler.server.socket.gettimeout()
            _pause(0.01)
    except OSError:
        pass


def _endless(handler: Handler, _content: bytes, _before: int) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(64):
            handler.wfile.write(b" " * 65536)
    except OSError:
        pass


def _redirect(to: str) -> Send:
    return lambda handler, content, before: _status(302, Location=to)(handler, content, before)


def _to_itself(handler: Handler, content: bytes, before: int) -> None:
    # The path begins with the host that was meant.
    _status(302, Location=f"https:/{handler.path}")(handler, content, before)


def _open_quote(damaged: Damaged) -> bytes:
    content = damaged.sample.content.rstrip()
    if damaged.is_json:
        return content.replace(b'":', b":", 1)
    return b'\n"'.join(content.rsplit(b"\n", 1)) + b"\n"


def _pause(seconds: float) -> None:
    import time

    time.sleep(seconds)


@dataclass(frozen=True)
class Case:
    """One fault of one source.

    Attributes:
        send: How every answer is sent.
        change: What becomes of the answers that hold data; null when they stay.
        reach: What becomes of the way to the provider.
    """

    send: Send = send_well
    change: Callable[[Damaged], bytes] | None = None
    reach: str = ""


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    content = bytearray(packed.getvalue())
    # The directory claims four gigabytes for the one entry.
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 0xFFFFFFF0)
    return bytes(content)


def _workbook_of_notes() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Notes", None])
    book.active.merge_cells("A1:B1")
    book.create_sheet("Data").sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _later() -> str:
    return format_datetime(datetime.now(UTC) - timedelta(seconds=1), usegmt=True)


FAULTS: dict[str, Case] = {
    "01 no such host": Case(reach="unknown"),
    "02 connection refused": Case(reach="closed"),
    "03 TLS error": Case(reach="tls"),
    "04 no connection in time": Case(reach="full"),
    "05 a byte at a time": Case(_drip),
    "06 line dead in the body": Case(_dead_line),
    "07 body shorter than said": Case(_too_long),
    "08 broken gzip": Case(_body(lambda c: gzip.compress(c)[:-9] + b"damaged!!", Content_Encoding="gzip")),
    "09 429, wait in seconds": Case(_status(429, good_after=1, Retry_After="0")),
    "10 429, wait until a date": Case(_status(429, good_after=1, Retry_After=_later())),
    "11 503, then good": Case(_status(503, good_after=2)),
    "12 500 for ever": Case(_status(500)),
    "13 access refused": Case(_status(403)),
    "14 gone": Case(_status(410)),
    "15 redirects in a circle": Case(_to_itself),
    "16 redirect to a private address": Case(_redirect("https://169.254.169.254/latest")),
    "17 web page": Case(_body(lambda c: b"<!DOCTYPE html><html>Sign in</html>", Content_Type="text/html")),
    "18 empty body": Case(_body(lambda c: b"")),
    "19 no content": Case(_status(204)),
    "20 endless body": Case(_endless),
    "21 cut off": Case(change=lambda d: d.sample.content.rstrip()[: -len(d.sample.content) // 3]),
    "22 another shape": Case(change=lambda d: b'{"isSuccess": false, "errorMessages": ["quota"]}'),
    "23 NaN": Case(change=lambda d: d.with_values(lambda value: float("nan"))),
    "24 BOM": Case(change=lambda d: b"\xef\xbb\xbf" + d.sample.content),
    "25a Latin-1": Case(change=lambda d: d.sample.content.replace(b"Made", "Mad\u00e9".encode("latin-1")) + b"\xe9\n"),
    "25b UTF-16": Case(change=lambda d: d.sample.content.decode("utf-8-sig").encode("utf-16")),
    "26 semicolons": Case(change=lambda d: b"a;b\n1;2\n" if d.is_json else d.sample.content.replace(b",", b";")),
    "27 open quote": Case(change=_open_quote),
    "28 title row above": Case(change=lambda d: b"Report of the month\n" + d.sample.content),
    "29 workbook of notes": Case(change=lambda d: _workbook_of_notes()),
    "30a old workbook": Case(change=lambda d: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    "30b zip bomb": Case(change=lambda d: _bomb()),
    "31 field gone": Case(change=lambda d: d.without(d.needed())),
    "32 field renamed": Case(change=lambda d: d.with_rows(lambda rows: [renamed(r, d.needed()) for r in rows])),
    "33 field added": Case(change=lambda d: d.with_rows(lambda rows: [{**r, "brand_new": "1"} for r in rows])),
    "34 another order": Case(change=lambda d: d.with_rows(lambda rows: [dict(reversed(r.items())) for r in rows])),
    "35a number as text": Case(change=lambda d: d.with_values(lambda value: "1 234")),
    "35b words for numbers": Case(change=lambda d: d.with_values(lambda value: "many")),
    "36 page repeated": Case(reach="repeat"),
    "37 page skipped": Case(reach="skip"),
    "38 total changes": Case(reach="drift"),
    "39 last page empty": Case(reach="empty"),
    "40 more rows than the total": Case(change=lambda d: d.with_totals(lambda total: max(total - 1, 0))),
    "41a all zero": Case(change=lambda d: d.with_values(lambda value: "0" if isinstance(value, str) else 0)),
    "41b all null": Case(change=lambda d: d.with_values(lambda value: None)),
    "42 older than ours": Case(change=lambda d: d.with_text(in_other_years(-7))),
    "43 a third missing": Case(change=lambda d: d.with_rows(lambda rows: rows[: max(len(rows) * 2 // 3, 1)])),
    "44a a thousand times": Case(change=lambda d: d.with_values(times(1000))),
    "44b negative": Case(change=lambda d: d.with_values(times(-1))),
    "44c in the future": Case(change=lambda d: d.with_text(in_other_years(+40))),
}


@pytest.fixture(scope="module")
def outcomes() -> Iterator[dict[tuple[str, str], str]]:
    """What became of every case; written as a table when all have run."""
    found: dict[tuple[str, str], str] = {}
    yield found
    codes = sorted({code for code, _ in found})
    lines = ["# Faults by source", "", "| fault | " + " | ".join(codes) + " |", "| --- |" + " --- |" * len(codes)]
    lines += [f"| {fault} | " + " | ".join(found.get((code, fault), "") for code in codes) + " |" for fault in FAULTS]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("\n".join(lines) + "\n")


@pytest.fixture(scope="module")
def loaded(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """SQLite files that each hold the clean load of one source, made when first asked for."""
    folder, made = tmp_path_factory.mktemp("loaded"), {}

    def of(code: str) -> Path:
        if code not in made:
            path = folder / f"{code}.sqlite"
            templates.copy_sqlite("places", path)
            store = open_store(f"sqlite:///{path}")
            report = _run(store, folder / "archive", SOURCES[code], answers_of(code))
            assert report.error is None, report.error
            assert report.tally.new == report.tally.figures
            store.dispose()
            made[code] = path
        return made[code]

    return of


def _run(
    store: Engine,
    archive: Path,
    module: SourceModule,
    answers: list[Answer],
    case: Case | None = None,
    port: int = 0,
) -> RunReport:
    case = case or Case()
    if not module.SOURCE.cadence_days:
        files = [payload(answer.content, answer.name) for answer in answers]
        return run_source(store, archive, module, files, Trigger.FILE, lambda _: None)
    upstream = Upstream(answers, case.send, port=port)
    if case.reach == "closed":
        upstream.port = closed_port()
    if case.reach == "tls":
        upstream.scheme = "https"
    if case.reach == "unknown":
        upstream.host = "no-such-host.invalid"
    with serving(upstream), client_of(module, upstream) as client:
        scope = Scope(("SYR", "LBN", "JOR", "TUR", "IRQ"), date(2024, 9, 1))
        return run_source(store, archive, module, module.fetch(client, scope), Trigger.MANUAL, lambda _: None)


def _digest(store: Engine) -> str:
    """All that a reader could be shown."""
    rows: list[str] = []
    with store.connect() as connection:
        for family in FAMILIES.values():
            table, series = family.observation, family.series
            columns = [series.key, table.reference_period_start, table.reference_period_end, table.external_id]
            columns += [getattr(table, name) for name in family.asserted]
            query = select(*columns).join(series, series.id == table.series_id).where(table.superseded_run_id.is_(None))
            rows += (repr(tuple(row)) for row in connection.execute(query))
        for table in (Location, Event):
            rows += (repr(row) for row in connection.execute(select(table.code, table.__table__.c.run_id.is_(None))))
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def _damaged_answers(module: SourceModule, answers: list[Answer], case: Case) -> list[Answer]:
    data = [n for n, answer in enumerate(answers) if answer.is_data]
    if case.change:
        for number in data:
            name = answers[number].name.partition("-")[2] or answers[number].name
            sample = payload(answers[number].content, name)
            answers[number] = Answer(answers[number].name, case.change(Damaged(module, sample)))
    if len(data) < 2:
        return answers
    first, second, last = data[0], data[1], data[-1]
    if case.reach == "repeat":
        answers[second] = answers[first]
    if case.reach == "skip":
        del answers[second]
    if case.reach in ("drift", "empty"):
        damaged = Damaged(module, payload(answers[last].content, answers[last].name))
        changed, emptied = damaged.with_totals(lambda total: total + 1), damaged.with_rows(lambda _: [])
        answers[last] = Answer(answers[last].name, changed if case.reach == "drift" else emptied)
    return answers


def _outcome(report: RunReport, unchanged: bool, all_doubted: bool) -> str:
    if report.error:
        return "held" if report.status == RunStatus.HELD else f"failed ({report.exit_code})"
    if unchanged:
        return "set aside" if report.tally.newly_set_aside else "equal"
    return "doubted" if all_doubted else "PUBLISHED"


@pytest.mark.parametrize("code", SOURCES)
@pytest.mark.parametrize("fault", FAULTS)
def test_fault(
    code: str,
    fault: str,
    loaded: Callable[[str], Path],
    outcomes: dict[tuple[str, str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A provider's bad day must not become a number that somebody quotes to a donor."""
    module, case = SOURCES[code], FAULTS[fault]
    if case.change is None and not module.SOURCE.cadence_days:
        outcomes[code, fault] = "a file"
        return
    for name, value in {"CONNECT_SECONDS": 0.2, "READ_SECONDS": 0.5, "WHOLE_SECONDS": 0.6}.items():
        monkeypatch.setattr(wire, name, value)
    monkeypatch.setattr(wire, "LARGEST_BYTES", 1024 * 1024)
    path = tmp_path / "tracker.sqlite"
    shutil.copyfile(loaded(code), path)
    store = open_store(f"sqlite:///{path}")
    before, begun = _digest(store), monotonic()
    answers = _damaged_answers(module, answers_of(code), case)
    if case.reach == "unknown":
        monkeypatch.setattr(socket, "getaddrinfo", _knows_no_host)
    if case.reach == "full":
        with nobody_accepts() as port:
            report = _run(store, tmp_path / "archive", module, answers, case, port)
    else:
        report = _run(store, tmp_path / "archive", module, answers, case)
    seconds = monotonic() - begun
    with store.connect() as connection:
        doubts = [
            row.doubt
            for family in FAMILIES.values()
            for row in connection.execute(
                select(family.observation.doubt, family.observation.run_id).where(
                    family.observation.run_id == report.run_id
                )
            )
        ]
        running = connection.scalar(select(IngestRun.id).where(IngestRun.status == RunStatus.RUNNING.value))
    outcome = _outcome(report, _digest(store) == before, bool(doubts) and all(doubts))
    outcomes[code, fault] = outcome
    store.dispose()
    assert outcome != "PUBLISHED", report.line()
    assert "in the tracker itself" not in (report.error or ""), report.error
    assert running is None
    assert seconds < LIMIT_SECONDS
    said = json.dumps(report.as_json()) + caplog.text + path.read_bytes().decode("latin-1")
    said += "".join(gzip.decompress(kept.read_bytes()).decode("latin-1") for kept in tmp_path.rglob("*.gz"))
    assert SECRET not in said


def _knows_no_host(host: Any, *_: Any, **__: Any) -> Any:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_samples_are_what_the_sources_answer_with() -> None:
    """A matrix over no data would be green."""
    for code in SOURCES:
        assert any(answer.is_data for answer in answers_of(code)), code
        assert own(code)

"""Load: the only writer of figures. New facts, new vintages of known facts, nothing twice, nothing overwritten.

One call is one run's batch inside the caller's transaction. Every figure ends in exactly one of four counts (new,
revised, unchanged, duplicate) or comes back as a fault, so the ledger always adds up.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection

from tracker.batch import Arrival, Loaded
from tracker.bulk import Parts
from tracker.merge import Merge
from tracker.publications import last_id
from tracker.records import DisplacementFigure, Figure
from tracker.rows import FAMILIES


def load(
    connection: Connection,
    run_id: int,
    arrivals: Sequence[Arrival],
    *,
    only_own: bool = False,
    whole_of: int | None = None,
    columns: tuple[Parts, int] | None = None,
) -> Loaded:
    """Merge a batch into the store.

    Args:
        connection: A write transaction; the caller commits.
        run_id: The run everything is recorded under.
        arrivals: Figures in the order of their payload.
        only_own: The seed's rule: a fact some other run has revised since is left alone (counted unchanged), so
            that loading the seed again never turns a newer figure back.
        whole_of: Id of the source that has no more to say than this batch: what it said before of the same time, and
            does not say again, is withdrawn. Null when the batch may be a part.
        columns: Displacement figures of the batch by the million, and the id of their payload.
    """
    loaded = Loaded()
    publications = last_id(connection)
    by_family: dict[type[Figure], list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        by_family[type(arrival.placed.figure)].append(arrival)
    if columns:
        parts, payload_id = columns
        for figures in parts:
            beside, by_family[DisplacementFigure] = _split(by_family[DisplacementFigure], figures.countries)
            merge = Merge(connection, run_id, FAMILIES[DisplacementFigure], loaded, only_own, whole_of, publications)
            merge.run(beside, (figures, payload_id))
    for kind, batch in by_family.items():
        if batch:
            Merge(connection, run_id, FAMILIES[kind], loaded, only_own, whole_of, publications).run(batch, None)
    return loaded


def _split(arrivals: list[Arrival], countries: frozenset[str | None]) -> tuple[list[Arrival], list[Arrival]]:
    """Those that are about one of the countries, and the others."""
    here: list[Arrival] = []
    elsewhere: list[Arrival] = []
    for arrival in arrivals:
        location = arrival.placed.location
        (here if location and location.iso3 in countries else elsewhere).append(arrival)
    return here, elsewhere

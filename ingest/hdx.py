"""Finding a file on the Humanitarian Data Exchange: the catalogue names a data set's resources, in no certain order."""

import re
from typing import Any

from ingest.http import Client
from ingest.reading import read_json, require
from tracker.errors import SourceChanged
from tracker.records import Payload

CATALOGUE = "https://data.humdata.org/api/action/package_show"
LOOKS_LIKE = dict.fromkeys(("resources", "result"), "HDX's catalogue entry, not one of the files it links to")
"""For the message when somebody saved the catalogue in place of a file."""


def newest(client: Client, dataset: str, form: str, named: str = "") -> Payload:
    """The newest file of a data set.

    Args:
        client: The client.
        dataset: The data set's name in its address.
        form: The format as HDX calls it, such as "CSV".
        named: A pattern the file's name must hold.

    Raises:
        SourceChanged: The data set has no such file any more.
    """
    catalogue = client.get(CATALOGUE, {"id": dataset})
    package = require(read_json(catalogue), "result", catalogue, "$")
    resources = require(package, "resources", catalogue, "$.result")
    found = [resource for resource in resources if _fits(resource, form, named)]
    if not found:
        raise SourceChanged(f"{catalogue.url}: the data set {dataset} has no {form} resource {named!r} any more")
    latest = max(found, key=lambda resource: str(resource.get("last_modified") or ""))
    return client.get(require(latest, "url", catalogue, "$.result.resources"))


def _fits(resource: Any, form: str, named: str) -> bool:
    said = str(resource.get("format", "")).lower() == form.lower()
    return said and re.search(named, str(resource.get("name", "")), re.IGNORECASE) is not None

"""The page of all sources, as Markdown, from their records alone.

To add a source is one file and one sample; a page to renew would be a third thing to remember, so `./run test` does it.
"""

from collections.abc import Mapping

from ingest.contract import SourceModule
from tracker.records import Source
from tracker.vocabulary import Redistribution

PASSED_ON = {
    Redistribution.YES: "yes",
    Redistribution.ATTRIBUTION: "yes, with the credit line",
    Redistribution.NON_COMMERCIAL: "for non-commercial use, with the credit line",
    Redistribution.NO: "no: its figures are shown, and left out of every export",
}

HEAD = """# Sources

Made by `./run sources --markdown sources`, and renewed by `./run test`, from each source's own record in
`ingest/sources`. What is set on this computer, and how fresh each source is, `./run sources` tells.
"""


def sources_page(modules: Mapping[str, SourceModule]) -> str:
    """One section a source."""
    return "\n".join([HEAD, *(_section(module.SOURCE) for module in modules.values())])


def _section(source: Source) -> str:
    every = f"every {source.cadence_days} days" if (source.cadence_days or 0) > 1 else "every day"
    files = f"comes in files: `./run ingest {source.code} --from FILE`"
    credentials = [f"`{wanted.variable}`: {wanted.how}" for wanted in source.credentials]
    lines = {
        "Measures": source.measures,
        "Grain": source.grain,
        "Asked": every if source.cadence_days else files,
        "Licence": source.licence,
        "May be passed on": PASSED_ON[source.redistribute],
        "Credit line": source.credit_line,
        "Credential": "; ".join(credentials) or "none",
        "Traps": source.traps,
        "Homepage": f"<{source.homepage}>" if source.homepage else "none",
    }
    told = "\n".join(f"- **{head}:** {words}" for head, words in lines.items())
    return f"## {source.name} (`{source.code}`)\n\n{told}\n"

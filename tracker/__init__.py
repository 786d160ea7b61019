"""Displacement, border-closure and aid-access figures that can be defended.

The life of one figure, in the order of the modules that carry it:

=========  ==========================================================  ===========================
stop       what happens                                                where
=========  ==========================================================  ===========================
fetch      a source module asks its provider, page by page             ``ingest.sources.*``
keep       the bytes are archived under their sha256                   ``tracker.archive``
parse      bytes become records: no network, no store, no clock        ``ingest.sources.*``
place      provider's name or code becomes ISO3 or p-code; both kept   ``tracker.places``
check      accepted, or set aside with a reason                        ``tracker.checks``
load       new, unchanged or revised vintages and the run's ledger     ``tracker.store``
read       one module answers every question, as tidy frames           ``tracker.series``
draw       a chart, or a CSV, from the same frame                      ``dashboards``, ``tracker.export``
=========  ==========================================================  ===========================
"""

"""From wire to store.

To add a source, write one file in ``ingest/sources`` with

* ``SOURCE``: a `tracker.records.Source` saying what is published, by whom, under which licence, how often;
* ``fetch(client, scope)``: yields `Payload`s, one for each page or file;
* ``parse(payload)``: yields one `ParsedRow` for each row of the provider; pure, no network, no store, no clock;

and put a small payload of your own making in ``tests/payloads/<code>/``. Nothing is registered anywhere: discovery,
schedule, source row, ``tracker sources`` and the contract tests follow from the file. The smallest one to read first
is ``ingest/sources/insecurity_insight_aid_workers.py``.
"""

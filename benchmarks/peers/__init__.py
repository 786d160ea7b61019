"""What the tracker is measured against: one way to store the feed a file, each written as its users would.

Each is a command: ``python -m benchmarks.peers.NAME OBSERVATIONS PLACES TARGET``. TARGET is a new file, or the URL of
an empty PostgreSQL database; the rows end up in its table ``observations``.
"""

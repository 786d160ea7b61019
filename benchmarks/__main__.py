"""`./run bench`: make a feed, or take one that is there, and measure the tracker and its peers on it."""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import ingest
from benchmarks.postgres import SETTINGS
from benchmarks.product import Product
from tests.cluster import cluster


def main() -> int:
    """Measure; returns 1 if any answer was wrong."""
    parser = argparse.ArgumentParser(prog="./run bench", description="The tracker against its peers, on one made feed.")
    feed = parser.add_mutually_exclusive_group(required=True)
    feed.add_argument("--rows", type=int, metavar="N", help="make a feed of so many rows")
    feed.add_argument("--feed", type=Path, metavar="DIR", help="take the feed in this folder")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="runs of each job (default: 3)")
    told = parser.parse_args()
    if not shutil.which("sqlite3"):
        parser.error("one of the peers is the program sqlite3, and it is not here; on Debian: apt-get install sqlite3")
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder, cluster(*SETTINGS) as server:
        scratch = Path(folder)
        product = Product(told.feed.resolve() if told.feed else scratch / "feed", scratch, server)
        if told.rows:
            make = [sys.executable, "-m", "benchmarks.workload", "--rows", str(told.rows), "--out", str(product.feed)]
            subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        product.make_ready()
        if not ingest.measure(product, told.rounds):
            # Times of questions whose answers are wrong tell nothing.
            return 1
        url = product.environment("sqlite", "loaded")["TRACKER_DATABASE_URL"]
        wrong = subprocess.run([sys.executable, "-m", "benchmarks.queries", str(product.feed), url]).returncode
    return wrong or subprocess.run([sys.executable, "-m", "benchmarks.charts"]).returncode


if __name__ == "__main__":
    sys.exit(main())

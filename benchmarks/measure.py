"""Measure a job: a command in a process of its own, with all the processes it starts.

What a parent has in memory counts as its child's peak, since the child begins as its copy; so this process imports
nothing large, and no peak can be told that is below its own 20 MB.
"""

import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Command:
    """What a job runs.

    Attributes:
        environment: Variables beside those of this process.
        good_codes: Exit codes that mean the work was done.
        server: Process of a database server that works for the job, with its children; null for none.
    """

    arguments: Sequence[str | Path]
    environment: Mapping[str, str]
    good_codes: frozenset[int] = frozenset({0})
    server: int | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What a job took: seconds on the wall, seconds of CPU (user and system, server included), and MB at its peak.

    The peak is that of the job's largest process, without the server.
    """

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Job:
    """A contestant.

    Attributes:
        prepare: Makes ready, unmeasured, in an empty folder, and returns the command that is measured.
        wrong: What it got wrong, told the same folder, in a few words each.
    """

    name: str
    prepare: Callable[[Path], Command]
    wrong: Callable[[Path], list[str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Medians of a job's runs, and everything that it got wrong in any of them."""

    name: str
    cost: Cost
    wrong: tuple[str, ...]


def compare(jobs: Sequence[Job], rounds: int, scratch: Path) -> list[Outcome]:
    """Run each job so many times; they take turns, so that a busy minute hits all of them.

    Raises:
        RuntimeError: A job ended with another exit code than its good ones.
    """
    costs: dict[str, list[Cost]] = defaultdict(list)
    wrong: dict[str, dict[str, None]] = defaultdict(dict)
    for number in range(1, rounds + 1):
        for job in jobs:
            folder = scratch / "job"
            folder.mkdir()
            cost = run(job.prepare(folder), folder / "output")
            costs[job.name].append(cost)
            wrong[job.name].update(dict.fromkeys(job.wrong(folder)))
            shutil.rmtree(folder)
            told = f"{cost.wall:.1f} s, {cost.cpu:.1f} s of CPU, {cost.peak:.0f} MB"
            print(f"round {number} of {rounds}: {job.name}: {told}", file=sys.stderr)
    return [Outcome(job.name, _medians(costs[job.name]), tuple(wrong[job.name])) for job in jobs]


def _medians(costs: Sequence[Cost]) -> Cost:
    return Cost(*map(median, zip(*map(astuple, costs), strict=True)))


def run(command: Command, output: Path) -> Cost:
    """Run a command to its end; what it says goes into a file.

    Raises:
        RuntimeError: It ended with another exit code than the good ones.
    """
    served, began = _server_seconds(command.server), time.monotonic()
    with output.open("wb") as said:
        process = subprocess.Popen(
            [str(part) for part in command.arguments],
            env={**os.environ, **command.environment},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cost = Cost(
        time.monotonic() - began,
        used.ru_utime + used.ru_stime + _server_seconds(command.server) - served,
        used.ru_maxrss / 1024,
    )
    if process.returncode not in command.good_codes:
        said_last = output.read_text(errors="replace")[-2000:]
        raise RuntimeError(f"{command.arguments} ended with {process.returncode}:\n{said_last}")
    return cost


def _server_seconds(server: int | None) -> float:
    """CPU seconds of a server, of its children, and of those that have ended."""
    if server is None:
        return 0.0
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = stat.read_text().partition(" (")
        except (FileNotFoundError, ProcessLookupError):
            continue
        # The name in brackets may hold blanks and brackets of its own.
        fields = rest.rpartition(") ")[2].split()
        if server in (int(pid), int(fields[1])):
            total += sum(int(ticks) for ticks in fields[11:15])
    return total / TICKS

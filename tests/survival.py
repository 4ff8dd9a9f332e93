"""Publishing survives everything: kills at every system call and at any instant, calls that fail, readers meanwhile.

    PYTHONPATH=. python tests/survival.py --kills 1000

prints the counts, and in words whatever was wrong. Every kill is followed by a look at what stands there, and by a
publication that repairs it.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from deaths import Call
from golden import EPOCH
from harms import FAILURES, AtCall, AtInstant, Harm, chosen
from readers import reading
from releases import Step
from servers import SERVERS, serving
from trials import Trial, trial

LONGEST = 1.5  # seconds, of what a publication takes
INSTANTS = 0.15  # of the kills, those at an instant


def go_round(made: Trial, asked: argparse.Namespace) -> None:
    """Publish round the course in both ways, harmed every time, until all that is asked for is done."""
    rng, deadline, left = random.Random(asked.seed), time.monotonic() + asked.seconds, dict[object, Iterator[Call]]()
    while time.monotonic() < deadline and (made.counts["kills"] < asked.kills or made.failures < asked.failures):
        for step in _each_way(made):
            if step.name in made.plan:
                made.step(step, _harm(made, step, left, rng, asked))
            else:
                made.learn(step)
        done = f"{made.counts['kills']} kills, {made.failures} failures, {len(made.wrong)} wrong"
        print(time.strftime("%X"), done, file=sys.stderr, flush=True)


def _each_way(made: Trial) -> Iterator[Step]:
    """The course, in which all changes at once, and once more file by file."""
    for made.publications.at_once in (True, False):
        yield from made.course.steps


def _harm(
    made: Trial, step: Step, left: dict[object, Iterator[Call]], rng: random.Random, asked: argparse.Namespace
) -> Harm:
    """What comes next: of kills and failures in their proportion, for each step one call after the other."""
    missing = asked.kills - made.counts["kills"], asked.failures - made.failures
    if missing[0] <= 0 or (missing[1] > 0 and rng.random() < missing[1] / sum(missing)):
        return AtCall(rng.choice(made.plan[step.name]), error=rng.choice(FAILURES))
    if rng.random() < INSTANTS:
        return AtInstant(rng.uniform(0, LONGEST))
    key = step.name, made.publications.at_once
    call = next(left.setdefault(key, _from(made, step, asked.skip)), None)
    if call is None:
        left[key] = _from(made, step, 1)
        call = made.plan[step.name][0]
    return AtCall(call, git_only=call.git and rng.random() < 0.3)


def _from(made: Trial, step: Step, first: int) -> Iterator[Call]:
    return iter(list(chosen(made.plan[step.name]))[first:])


def main() -> None:
    """The long run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--failures", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=3600, help="after which no round begins")
    parser.add_argument("--records", type=int, default=24)
    parser.add_argument("--rate", type=float, default=200, help="requests a second")
    parser.add_argument("--server", choices=SERVERS, default="nginx")
    parser.add_argument("--seed", type=int, default=27922)
    parser.add_argument("--skip", type=int, default=0, help="calls of each step's list that other runs take")
    asked = parser.parse_args()
    os.environ["SOURCE_DATE_EPOCH"] = EPOCH
    with tempfile.TemporaryDirectory(prefix="survival-") as place, trial(Path(place), asked.records) as made:
        text, told = made.course.host.host("file", asked.server).out, Path(place) / "told.json"
        with (
            serving(asked.server, text, Path(place) / asked.server) as address,
            reading(made.course, address, made.window, asked.rate, told),
        ):
            go_round(made, asked)
        read = json.loads(told.read_bytes())
    for name, count in sorted(made.counts.items()):
        print(f"{count:8,}  {name}")
    for name, count in sorted(read["counts"].items()):
        print(f"{count:8,}  read: {name}")
    for line in (*made.wrong, *read["wrong"]):
        print(line)
    sys.exit(bool(made.wrong or read["wrong"]))


if __name__ == "__main__":
    main()

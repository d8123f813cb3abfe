"""What `cloudrun job simulate` does: play public days or a made-up city, compare policies, print the figures."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from rich.console import Console

from shared.simulation.check import InvalidSolution
from shared.simulation.city.arrivals import learn_arrivals
from shared.simulation.city.command import chosen, compare, play_city, switchback
from shared.simulation.city.parameters import cities
from shared.simulation.every_rule import play_every_rule
from shared.simulation.files import UnreadableInstance
from shared.simulation.policies import policies
from shared.simulation.public import NothingToPlay, play_days
from shared.simulation.variants import variants


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0, or 2 when there is nothing to play, it cannot be read, or a solution breaks a rule."""
    parser = _parser()
    options = parser.parse_args(arguments)
    known = variants if options.city else policies
    if options.policy and options.policy not in known:
        parser.error(f"{'a city' if options.city else 'a public day'} is played with one of {', '.join(sorted(known))}")
    if options.switchback and not options.compare:
        parser.error("--switchback needs --compare A B: the two policies that take turns")
    if options.compare and not options.city:
        parser.error("--compare needs --city: public days have no seeds to pair")
    if (options.prepositioning or options.updates) and (options.city or options.policy not in (None, "rolling")):
        parser.error(
            "--prepositioning and --updates are for public days, and only the policy rolling makes use of them"
        )
    if options.every_rule and (options.city or options.foresight or options.policy not in (None, "rolling")):
        parser.error("--every-rule is for public days without foresight, and for the policy rolling")
    try:
        _play(options)
    except (NothingToPlay, UnreadableInstance, InvalidSolution, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _play(options: argparse.Namespace) -> None:
    console = Console()
    if options.every_rule:
        play_every_rule(options, console)
    elif not options.city:
        play_days(options, console)
    elif options.learn_arrivals:
        learn_arrivals(options, chosen(options), console)
    elif options.switchback:
        switchback(options, console)
    elif options.compare:
        compare(options, console)
    else:
        play_city(options, console)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("cloudrun job simulate", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--instance", type=Path, help="the folder of one public day")
    what.add_argument("--all", type=Path, help="a folder of such folders")
    what.add_argument("--city", choices=sorted(cities), help="a made-up city")
    parser.add_argument("--out", type=Path, default=Path(".cloudrun/simulation"), help="where results are written")
    parser.add_argument("--policy", help=f"of public days {', '.join(policies)}; of cities {', '.join(variants)}")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same day")
    parser.add_argument("--processes", type=_positive, default=os.cpu_count() or 1, help="how many at once")
    days = parser.add_argument_group("public days")
    days.add_argument("--match", default="*", help="of the folders, only names like this, such as '5*s1*'")
    days.add_argument("--exact-travel", action="store_true", help="travel times are not rounded up to whole minutes")
    days.add_argument(
        "--foresight", type=float, default=0.0, metavar="MINUTES", help="know orders early: what not knowing costs"
    )
    days.add_argument("--prepositioning", action="store_true", help="allow idle couriers to be sent to a store")
    days.add_argument(
        "--updates", action="store_true", help="allow a bundle to change when its courier is in the store"
    )
    days.add_argument(
        "--every-rule", action="store_true", help="both roundings, with and without each allowance, as a table"
    )
    days.add_argument("--no-solutions", action="store_true", help="write no solution files, and check none")
    city = parser.add_argument_group("cities")
    city.add_argument("--orders", type=_positive, help="a day, in all regions together")
    city.add_argument("--drivers", type=_positive, help="at the busiest hour, in all regions together")
    city.add_argument("--regions", type=_positive, help="each is dispatched for itself, in a process of its own")
    city.add_argument("--days", type=_positive, default=1)
    city.add_argument(
        "--learn-arrivals", type=_positive, metavar="DAYS", help="learn from so many days, judge by the others"
    )
    city.add_argument("--records", action="store_true", help="write one line per order and offer")
    city.add_argument("--compare", nargs=2, choices=sorted(variants), metavar=("A", "B"), help="two policies")
    city.add_argument("--seeds", type=_positive, default=5, help="pairs of runs to compare them on")
    city.add_argument("--switchback", type=float, metavar="MINUTES", help="let them take turns within one run instead")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number

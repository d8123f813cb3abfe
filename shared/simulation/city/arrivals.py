"""How true arrival times are: of the product's rule, and of what is learnt on a city's first days, on the days after them."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass
from itertools import count

import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from shared.simulation.city.demand import DAY_S, busyness
from shared.simulation.city.draws import Draws
from shared.simulation.city.eta import ProductRule
from shared.simulation.city.learner import Learner
from shared.simulation.city.orders import End, Order
from shared.simulation.city.parameters import City
from shared.simulation.city.places import Places
from shared.simulation.city.play import Play
from shared.simulation.city.records import Kept, Watcher
from shared.simulation.city.tally import CLOSE_S
from shared.simulation.city.travel import way_s
from shared.simulation.variants import always


@dataclass(frozen=True, slots=True)
class Truth:
    """Shares of deliveries within three minutes of what was told, and how far off the median one was, seconds."""

    at_order: float
    at_pickup: float
    off_at_order_s: float
    off_at_pickup_s: float


def learn_arrivals(options: Namespace, city: City, console: Console) -> None:
    """Print both side by side. Raises ValueError when the city has too few orders, or no day is left to judge by."""
    days, first = options.days, options.learn_arrivals
    if first >= days:
        raise ValueError(f"--learn-arrivals {first} needs --days of at least {first + 1}: the days after it are judged")
    table = Table(title=f"{city.name}, region 1: days {first + 1} to {days}, learnt from the days before", box=None)
    for head in ("within three minutes", "the rule", "learnt"):
        table.add_column(head, justify="left" if head.startswith("within") else "right")
    places = Places.of(city, 0, Draws(options.seed, 0))
    learner = Learner(len(places.lat))
    judged = [_later(city, options, predictor, console) for predictor in (ProductRule(), learner)]
    rule, learnt = (truth(orders) for orders in judged)
    table.add_row("at the order", f"{rule.at_order:.1%}", f"{learnt.at_order:.1%}")
    table.add_row("at pickup", f"{rule.at_pickup:.1%}", f"{learnt.at_pickup:.1%}")
    table.add_row("off by, at the order", f"{rule.off_at_order_s:.0f} s", f"{learnt.off_at_order_s:.0f} s")
    table.add_row("off by, at pickup", f"{rule.off_at_pickup_s:.0f} s", f"{learnt.off_at_pickup_s:.0f} s")
    console.print(table)
    console.print(
        f"Of {len(judged[0]):,} deliveries. The chances of checkout, kitchen, counter and road, with a driver always at hand,"
        f" leave {knowable(places, judged[0]):.1%} within three minutes of any time that is told at the order."
    )


def _later(city: City, options: Namespace, predictor: ProductRule | Learner, console: Console) -> list[Order]:
    """The deliveries that were ordered after the first days, which the learner has learnt from."""
    hours, first, kept = options.days * 24, options.learn_arrivals, Kept()
    with Progress(console=console) as progress:
        bar = progress.add_task(type(predictor).__name__, total=hours)
        passed = count(1)

        def hour_passed() -> None:
            progress.advance(bar)
            if next(passed) == first * 24 and isinstance(predictor, Learner):
                predictor.learn()

        watchers: list[Watcher] = [kept] if isinstance(predictor, ProductRule) else [kept, predictor]
        Play(
            city,
            always("min_cost_flow"),
            watchers,
            seed=options.seed,
            days=options.days,
            predictor=predictor,
            hour_passed=hour_passed,
        ).run()
    return [o for o in kept.orders if o.end is End.DELIVERED and o.placed >= first * DAY_S]


def truth(orders: list[Order]) -> Truth:
    at_order = np.array([abs(o.at_door - o.eta) for o in orders])
    at_pickup = np.array([abs(o.at_door - o.eta_at_pickup) for o in orders])
    return Truth(
        at_order=float(np.mean(at_order <= CLOSE_S)),
        at_pickup=float(np.mean(at_pickup <= CLOSE_S)),
        off_at_order_s=float(np.median(at_order)),
        off_at_pickup_s=float(np.median(at_pickup)),
    )


def knowable(places: Places, orders: list[Order]) -> float:
    """The share that would come within three minutes of a time told by someone who knows every median of the city, were a
    driver always waiting in the store."""
    noise = places.city.noise
    store, placed = np.array([o.store for o in orders]), np.array([o.placed for o in orders])
    kitchen_s = places.prep_s[store] * (1.0 + noise.prep_rush * busyness(placed))
    way = np.array([way_s(o.metres, noise.congestion, o.picked % DAY_S / 3_600.0) for o in orders])
    expected_s = noise.checkout_s + kitchen_s + noise.pickup_s + way
    real_s = np.array([o.ready - o.placed + o.pickup_s + o.at_door - o.picked for o in orders])
    off_s = real_s - expected_s
    return float(np.mean(np.abs(off_s - np.median(off_s)) <= CLOSE_S))

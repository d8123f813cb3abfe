"""Small instances, written in the public format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

Order = tuple[float, float, float, int, float]
"""x, y, placement, store (from 1), ready"""

PARAMETERS = (
    "meters_per_minute\tpickup service minutes\tdropoff service minutes\ttarget click-to-door\t"
    "maximum click-to-door\tpay per order\tguaranteed pay per hour\n100\t4\t4\t40\t90\t10\t15\n"
)


@dataclass(frozen=True, slots=True)
class Small:
    """Stores as (x, y), couriers as (x, y, on, off); 100 metres a minute."""

    stores: tuple[tuple[float, float], ...]
    couriers: tuple[tuple[float, float, float, float], ...]
    orders: tuple[Order, ...]

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        _table(folder / "restaurants.txt", "restaurant\tx\ty", "r", self.stores)
        _table(folder / "couriers.txt", "courier\tx\ty\ton_time\toff_time", "c", self.couriers)
        lines = [
            f"o{n}\t{x}\t{y}\t{placed}\tr{s}\t{ready}" for n, (x, y, placed, s, ready) in enumerate(self.orders, 1)
        ]
        (folder / "orders.txt").write_text(
            "\n".join(("order\tx\ty\tplacement_time\trestaurant\tready_time", *lines)) + "\n"
        )
        (folder / "instance_parameters.txt").write_text(PARAMETERS)
        return folder


def random_day(seed: int, orders: int = 25, couriers: int = 5) -> Small:
    """Three hours in a town of 3 by 3 km; some couriers come late and some go early."""
    random = Random(seed)

    def spot() -> tuple[float, float]:
        return random.randrange(3_000), random.randrange(3_000)

    shifts = [(*spot(), on, on + random.choice((45, 90, 120))) for on in random.choices((0, 0, 30, 60), k=couriers)]
    placed = [random.randrange(120) for _ in range(orders)]
    return Small(
        stores=tuple(spot() for _ in range(4)),
        couriers=tuple(shifts),
        orders=tuple((*spot(), p, random.randrange(1, 5), p + random.randrange(2, 30)) for p in placed),
    )


def _table(file: Path, head: str, letter: str, rows: tuple[tuple[float, ...], ...]) -> None:
    lines = ["\t".join((f"{letter}{n}", *map(str, row))) for n, row in enumerate(rows, 1)]
    file.write_text("\n".join((head, *lines)) + "\n")

"""The three solution files of the public format: space-separated, a header line, minutes."""

from __future__ import annotations

from pathlib import Path

from shared.simulation.day import World


def write(world: World, folder: Path) -> None:
    """Write what happened on a day into a folder, which is made when it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (head, rows) in {
        "assignments": ("assignment_time pickup_time courier order", _assignments(world)),
        "orders": ("order placement_time ready_time pickup_time dropoff_time courier", _orders(world)),
        "couriers": ("courier departure_time origin destination", _couriers(world)),
    }.items():
        (folder / f"solution_info_{name}.txt").write_text("\n".join((head, *rows)) + "\n")


def _assignments(world: World) -> list[str]:
    instance = world.instance
    return [
        " ".join(
            (_time(r.assigned), _time(r.picked), instance.courier[r.courier], *(instance.order[o] for o in r.orders))
        )
        for r in world.routes
    ]


def _orders(world: World) -> list[str]:
    instance = world.instance
    doors = sorted(
        (order, route.picked, dropped, route.courier)
        for route in world.routes
        for order, dropped in zip(route.orders, route.dropped, strict=True)
    )
    return [
        f"{instance.order[order]} {_time(instance.placed[order])} {_time(instance.ready[order])} "
        f"{_time(picked)} {_time(dropped)} {instance.courier[courier]}"
        for order, picked, dropped, courier in doors
    ]


def _couriers(world: World) -> list[str]:
    instance = world.instance
    moves = sorted(world.moves, key=lambda move: (move.courier, move.departed))
    return [
        f"{instance.courier[m.courier]} {_time(m.departed)} {instance.named(m.origin)} {instance.named(m.destination)}"
        for m in moves
    ]


def _time(minutes: float) -> str:
    """Whole minutes without a fraction, others as exactly as a float can say them."""
    return str(int(minutes)) if minutes == int(minutes) else repr(float(minutes))

"""Rolling-horizon dispatch: plan every open order over every driver who is or will soon be free, commit only what is due.

decision = decide(outlook, parameters)    # Outlook: orders, fleet, demand so far, travel times; seconds from now
prepositioned(outlook, decision.idle, parameters)   # where idle drivers should wait
updated(outlook, driver, orders, parameters)        # what a driver in the store should take along
"""

from shared.dispatch.engine.rolling.decide import Decision, Departure, decide
from shared.dispatch.engine.rolling.outlook import Demand, Fleet, Orders, Outlook, Travel
from shared.dispatch.engine.rolling.parameters import Rolling
from shared.dispatch.engine.rolling.prepositioning import Relocation, prepositioned
from shared.dispatch.engine.rolling.updating import updated

__all__ = [
    "Decision", "Demand", "Departure", "Fleet", "Orders", "Outlook", "Relocation", "Rolling", "Travel", "decide",
    "prepositioned", "updated",
]  # fmt: skip

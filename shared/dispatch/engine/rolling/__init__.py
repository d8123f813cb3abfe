"""Rolling-horizon dispatch: plan every open order over every driver who is or will soon be free, commit only what is due.

decision = decide(outlook, parameters)    # Outlook: orders, fleet, demand so far, travel times; seconds from now
"""

from shared.dispatch.engine.rolling.decide import Decision, Departure, decide
from shared.dispatch.engine.rolling.outlook import Demand, Fleet, Orders, Outlook, Travel
from shared.dispatch.engine.rolling.parameters import Rolling

__all__ = ["Decision", "Demand", "Departure", "Fleet", "Orders", "Outlook", "Rolling", "Travel", "decide"]

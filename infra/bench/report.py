"""`cloudrun bench`: every figure, each measured beside what it is compared with."""

from infra.bench import engine, evidence, functions, planner, routing, tick


def main() -> int:
    print("A whole tick of the engine beside the bare flow (milliseconds)")
    engine.main()
    print("\nA whole tick on Postgres beside the bare flow")
    tick.main()
    print("\nRouters")
    routing.main()
    print("\nRoutes with pickups, dropoffs and time windows, against the best known")
    planner.main()
    print("\nEvidence")
    evidence.main()
    print("\nA request")
    functions.main()
    return 0

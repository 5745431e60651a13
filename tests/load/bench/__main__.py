"""`make bench`: start real servers, measure, and print a table."""

from tests.load.bench.rates import Rates, rates
from tests.load.bench.stage import stage
from tests.servers import postgres

CLIENTS = (8, 32)


def _say_rates(database: str, measured: Rates) -> None:
    bare = measured.bare
    for name, value, target in (("issue", measured.issue, 0.5), ("call-next", measured.call, 0)):
        words = f"{database}, {measured.clients} clients: {name}/s"
        goal = f"target ≥ {target}" if target else ""
        print(f"{words:44} {value:8.0f}  bare {bare:6.0f}  ratio {value / bare:5.2f}  {goal}")


def main() -> None:
    """Measure everything."""
    print("Load and servers share this machine's cores; trust the ratios.", flush=True)
    with stage() as on_sqlite:
        for clients in CLIENTS:
            _say_rates("SQLite", rates(on_sqlite, clients))
    with postgres(durable=True) as cluster, stage(cluster) as on_postgresql:
        for clients in CLIENTS:
            _say_rates("PostgreSQL", rates(on_postgresql, clients))


if __name__ == "__main__":
    main()

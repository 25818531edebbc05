"""`python -m benchmarks` runs everything, `python -m benchmarks simulation`, `example_coverage` or `speed` one part."""

import sys

from benchmarks import (
    attacks,
    documents,
    example_coverage,
    explore,
    few_countries,
    linking,
    programme,
    school_intervals,
    simulation,
    small_schools,
    speed,
    two_iterations,
)

PARTS = {
    "simulation": simulation.main, "example_coverage": example_coverage.main, "speed": speed.main,
    "documents": documents.main, "linking": linking.main, "school_intervals": school_intervals.main,
    "few_countries": few_countries.main, "small_schools": small_schools.main, "attacks": attacks.main,
    "explore": explore.main, "two_iterations": two_iterations.main, "programme": programme.main,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; there are: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    for name in names or PARTS:
        PARTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

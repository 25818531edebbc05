"""How often the estimators are wrong, and how fast they are: `python -m benchmarks`."""

"""`python -m analysis` is the command `analysis`."""

from .cli import main

if __name__ == "__main__":
    main(prog_name="analysis")

"""Too little memory, told before it runs out where that can be known: libraries for linear algebra hang without it."""

from __future__ import annotations

import errno

from analysis.errors import told

NEEDED = 2_000_000_000
"""Bytes of address space that every process of a run may have to be given; 1.6 were enough for the example."""

RAN_OUT = "the machine ran out of memory; close other programs, or make fewer reports at a time (--jobs 1)."


def too_little() -> str:
    """A sentence where the system allows this process less memory than is needed; empty where it does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return ""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY or limit >= NEEDED:
        return ""
    return (f"A program may take {limit / 1e9:.1f} GB of memory here, and {NEEDED / 1e9:.0f} GB are needed; "
            "raise the limit (ulimit -v unlimited) and try again.")


def ran_out(error: BaseException) -> bool:
    """Whether this is what an error for want of memory looks like."""
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM)


def in_words(error: BaseException) -> str:
    """What failed, for who can't mend it."""
    return RAN_OUT if ran_out(error) else told(type(error).__name__, str(error))

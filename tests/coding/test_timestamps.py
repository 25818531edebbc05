"""Times of submission in the formats survey tools write."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from analysis.coding.quoting import Quoting
from analysis.coding.timestamps import submission_times


def times(*cells):
    column = np.array(cells, dtype=object)
    return submission_times(column, np.arange(2, len(cells) + 2), Quoting())


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2023-03-31 14:05:09", "2023-03-31T14:05:09"),
        ("2023-03-31T14:05:09Z", "2023-03-31T14:05:09"),
        ("2023-03-31T14:05:09.123+03:00", "2023-03-31T14:05:09"),
        ("2023-03-31", "2023-03-31"),
        ("2022/10/03 2:05:00 PM GMT+4", "2022-10-03T14:05:00"),
        ("2022/10/03 12:05:00 AM GMT+4", "2022-10-03T00:05:00"),
        ("2022/10/03 12:05:00 PM", "2022-10-03T12:05:00"),
        ("31.3.2023 14:05", "2023-03-31T14:05"),
        ("03.04.2023 klo 14.05.09", "2023-04-03T14:05:09"),
        ("1.2.23 8:05", "2023-02-01T08:05"),
        ("31/03/2023 14:05", "2023-03-31T14:05"),
        ("3/31/23 9:12:45", "2023-03-31T09:12:45"),
        (dt.datetime(2023, 3, 31, 14, 5), "2023-03-31T14:05"),
        (dt.date(2023, 3, 31), "2023-03-31"),
    ],
)
def test_a_time_is_read_by_the_clock_as_written(cell, expected):
    found, issues, warnings = times(cell, "")
    assert found[0] == np.datetime64(expected) and np.isnat(found[1]) and not issues and not warnings


def test_one_date_tells_the_order_of_day_and_month_for_all():
    assert times("03/04/2023", "25/04/2023")[0][0] == np.datetime64("2023-04-03")
    assert times("03/04/2023", "04/25/2023")[0][0] == np.datetime64("2023-03-04")
    assert times("04/04/2023")[0][0] == np.datetime64("2023-04-04")


def test_where_nothing_tells_day_from_month_no_time_is_used_and_said():
    found, issues, warnings = times("03/04/2023", "05/04/2023")
    assert np.isnat(found).all() and not issues and "nothing tells the day from the month" in warnings[0]


def test_two_orders_in_one_column_are_an_error():
    _, issues, _ = times("25/04/2023", "04/25/2023")
    assert "some dates in this column have the day first and some the month" in next(iter(issues))


def test_the_first_of_january_1980_means_not_submitted():
    found, issues, warnings = times("1980-01-01 00:00:00", "2023-01-01")
    assert np.isnat(found[0]) and not issues
    assert warnings == [
        "1 time of submission is 1980-01-01, which means that the answer was not submitted; taken as not "
        "known"
    ]


@pytest.mark.parametrize(
    "cell", ["yesterday", "2023-13-01", "31.02.2023", "2023-01-01 25:00", 45000.5, "13/2/345"]
)
def test_what_is_no_time_is_an_error_with_its_row(cell):
    _, issues, _ = times("2023-01-01", cell)
    assert [list(rows) for rows in issues.values()] == [[3]]

"""What measures is right itself: rounds take turns, failures are not swallowed, forms are read as a browser reads them."""

from functools import partial

import pytest

from benchmarks.load import Work, interleaved, run_for, spread
from benchmarks.officer import hidden_fields


def test_every_kind_is_measured_in_every_round_and_the_order_moves_on() -> None:
    order: list[str] = []

    def noting(name: str) -> list[Work]:
        def note() -> None:
            if order[-1:] != [name]:
                order.append(name)

        return [note]

    kinds = {name: noting(name) for name in ("save", "floor", "page")}
    measured = interleaved(3, 0.02, kinds)
    assert {name: len(samples) for name, samples in measured.items()} == {"save": 3, "floor": 3, "page": 3}
    assert order == ["save", "floor", "page", "floor", "page", "save", "page", "save", "floor"]


def test_all_officers_work_and_all_their_requests_count() -> None:
    done = [0, 0, 0]

    def work(place: int) -> None:
        done[place] += 1

    sample = run_for(0.05, [partial(work, place) for place in range(3)])
    assert min(done) > 0
    assert sample.requests == sum(done)
    assert sample.median_ms <= sample.p95_ms


def test_a_request_that_fails_ends_the_measurement() -> None:
    def refused() -> None:
        raise RuntimeError("answered 409")

    with pytest.raises(RuntimeError, match="409"):
        run_for(0.05, [lambda: None, refused])


def test_a_spread_is_the_median_with_the_least_and_the_most() -> None:
    assert spread([3.0, 1.0, 2.0]) == {"median": 2.0, "least": 1.0, "most": 3.0}


def test_hidden_fields_are_read_whatever_the_order_of_their_attributes() -> None:
    page = (
        b'<input type="hidden" name="seen" value="a&amp;b"><input name="token" type="hidden" value="1"><input name="x">'
    )
    assert hidden_fields(page) == {"seen": "a&b", "token": "1"}

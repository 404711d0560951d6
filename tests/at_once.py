"""The cast committed, and work done by several threads that begin together."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from cr_app.pages.refusals import Refusal
from tests.cast import Cast, make_cast

_Answer = TypeVar("_Answer")


@pytest.fixture
def many(transactional_db: None) -> Cast:
    """The cast, committed, so that other threads see it."""
    return make_cast()


def at_once(works: Sequence[Callable[[], _Answer]]) -> list[_Answer | Refusal]:
    """Do each work in a thread of its own, beginning together; return what each returned, or its refusal."""
    barrier = Barrier(len(works))

    def one(work: Callable[[], _Answer]) -> _Answer | Refusal:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            return work()
        except Refusal as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))

"""Reads tables of a TOML file value by value; each complaint is one sentence with the file and the key."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from cr_app.policy.wording import did_you_mean, shown

_SLUG = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


class BadRulebook(Exception):
    """A rulebook that cannot be used; `sentence` names the file and the key."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass
class Table:
    """One table of a file, which remembers the keys asked of it and complains about the others."""

    file: str
    at: str
    values: Mapping[str, object]
    _asked: set[str] = field(default_factory=set)

    @classmethod
    def parse(cls, file: str, text: str) -> "Table":
        """Return the whole file as a table; BadRulebook when it is not TOML."""
        try:
            return cls(file, "", tomllib.loads(text))
        except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
            raise BadRulebook(f"{file}: not TOML: {str(error).rstrip('.')}.") from None

    def bad(self, key: str, why: str) -> BadRulebook:
        """Return the complaint about a key."""
        return BadRulebook(f"{self.file}: {self.at}{key} {why}.")

    def _take(self, key: str) -> object:
        self._asked.add(key)
        return self.values.get(key)

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self.values

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text of one line that is not empty."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise self.bad(key, "must be a text of one line")
        return value

    def slug(self, key: str) -> str:
        """Return a code of small letters, digits and hyphens."""
        value = self.text(key)
        if not _SLUG.fullmatch(value):
            raise self.bad(key, f"is {shown(value)}, which is not a code of small letters, digits and hyphens")
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Return true or false."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, bool):
            raise self.bad(key, "must be true or false")
        return value

    def whole(self, key: str, largest: int) -> int:
        """Return a whole number from 0 to the largest."""
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= largest:
            raise self.bad(key, f"must be a whole number from 0 to {largest}")
        return value

    def day(self, key: str) -> date:
        """Return a date, written as a TOML date."""
        value = self._take(key)
        if isinstance(value, datetime) or not isinstance(value, date):
            raise self.bad(key, "must be a date such as 2023-08-01, without quotation marks")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return a list of texts that is not empty and repeats nothing."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, list) or not value:
            raise self.bad(key, "must be a list of texts")
        texts = [item for item in value if isinstance(item, str) and item.strip() and item.isprintable()]
        if len(texts) != len(value):
            raise self.bad(key, "must be a list of texts of one line")
        if len(set(texts)) != len(texts):
            raise self.bad(key, "names something twice")
        return tuple(texts)

    def table(self, key: str) -> "Table":
        """Return a table inside this one, empty when it is not given."""
        value = self._take(key)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise self.bad(key, "must be a table")
        return Table(self.file, f"{self.at}{key}.", value)

    def tables(self, key: str) -> "tuple[Table, ...]":
        """Return a list of tables, empty when it is not given."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.bad(key, "must be a list of tables")
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                raise self.bad(f"{key}[{index}]", "must be a table")
        return tuple(Table(self.file, f"{self.at}{key}[{index}].", item) for index, item in enumerate(value))

    def one_of(self, key: str, known: Iterable[str], what: str) -> str:
        """Return a text that is one of the known ones."""
        value, known = self.text(key), tuple(known)
        if value not in known:
            raise self.bad(key, f"is {shown(value)}, which is not a known {what}{did_you_mean(value, known)}")
        return value

    def some_of(self, key: str, known: Iterable[str], what: str) -> tuple[str, ...]:
        """Return texts that are all known."""
        values, known = self.texts(key), tuple(known)
        for value in values:
            if value not in known:
                raise self.bad(key, f"names {shown(value)}, which is not a known {what}{did_you_mean(value, known)}")
        return values

    def finish(self) -> None:
        """Complain about the first key that nothing asked for."""
        for key in self.values:
            if key not in self._asked:
                raise self.bad(key, f"is not a known key{did_you_mean(key, self._asked)}")

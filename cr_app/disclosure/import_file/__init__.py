"""Files of closed cases: their header, the mapping of odd ones, each row read strictly and sorted into cases. Pure."""

from cr_app.disclosure.import_file.mapping import PLAIN, Translation, read_mapping
from cr_app.disclosure.import_file.rows import BadFile, Known, Reader, Rejected, Row, canonical_of, row_digest
from cr_app.disclosure.import_file.sorting import FurtherOffence, NewCase, Sorter, Standing
from cr_app.disclosure.import_file.source import MOST_ROWS, Source, read_source

__all__ = [
    "MOST_ROWS",
    "PLAIN",
    "BadFile",
    "FurtherOffence",
    "Known",
    "NewCase",
    "Reader",
    "Rejected",
    "Row",
    "Sorter",
    "Source",
    "Standing",
    "Translation",
    "canonical_of",
    "read_mapping",
    "read_source",
    "row_digest",
]

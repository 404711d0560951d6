"""What an analyst types into the form of a request, and a history that its table counts."""

from datetime import date

from tests.make_disclosure import Closed, imported

THREATS, THEFT = "3/01", "46/00"
# What everybody may read of it, and the count that must not leave: 3 threats in 2020.
TRUE = {"Theft": (31, 22), "Threats": (3, 12)}


def typed(**but: object) -> dict[str, object]:
    """Return the answers of a request for two named rows in two calendar years."""
    answers: dict[str, object] = {
        "reference": "01.FOI.26.000123",
        "title": "",
        "years": "calendar",
        "rows_by": "named",
        "breakdown": "",
        "basis": "cases",
        "method": "suppress",
        "threshold": "5",
        "zeros": "show",
        "as_of": "",
        "row_count": "3",
        "row_0_label": "Theft",
        "row_0_codes": THEFT,
        "row_0_counts": "all",
        "row_1_label": "Threats",
        "row_1_codes": THREATS,
        "row_1_counts": "all",
        "row_2_label": "",
        "row_2_codes": "",
        "row_2_counts": "all",
    }
    days = {"received_on": date(2022, 6, 20), "period_from": date(2020, 1, 1), "period_to": date(2021, 12, 31)}
    for name, day in days.items():
        answers |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
    return answers | but


def history() -> None:
    """Import the cases that `TRUE` tells of."""
    codes = {"Theft": THEFT, "Threats": THREATS}
    imported(
        [
            Closed(date(year, 6, 15), code=codes[label], number=number)
            for label, numbers in TRUE.items()
            for year, number in zip((2020, 2021), numbers, strict=True)
        ]
    )

"""Where the pages of a case are: addresses from pages of the journey."""

from django.urls import reverse

from cr_app.cases import journey


def address_of(reference: str, page: journey.Page) -> str:
    """Return the address of a page of the journey."""
    if page == journey.CHECK:
        return reverse("case_check", args=[reference])
    if page.slug == journey.VICTIM_SAFEGUARDS:
        return reverse("case_victim_safeguards", args=[reference, page.item])
    return reverse("case_step", args=[reference, page.slug])


def row_address(reference: str, slug: str, pk: int) -> str:
    """Return the address of one row of a step that repeats."""
    return reverse("case_row", args=[reference, slug, pk])


def title_of(page: journey.Page) -> str:
    """Return the title of a page of the journey."""
    if page == journey.CHECK:
        return "Check your answers"
    if page.slug == journey.VICTIM_SAFEGUARDS:
        return "Safeguards for the victim"
    return journey.STEP[page.slug].title

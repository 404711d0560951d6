"""Who was told what: every attempt to reach the victims and the offender, and the form of one more."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cr_app.accounts.roles import Right
from cr_app.accounts.signed_in import officer_of
from cr_app.cases import access
from cr_app.cases.actions.contacts import record_contact, require_followed, told_since
from cr_app.cases.forms.contacts import ContactForm
from cr_app.cases.presenting.contacts import contacts_page, people_to_contact
from cr_app.cases.reasons import banner_for, tell
from cr_app.cases.views.looking import look, posted_or_restored
from cr_app.pages.refusals import NotAllowed, Stale


@require_http_methods(["GET", "POST"])
def contacts(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who was told what, and take one more attempt from whoever follows the case up."""
    officer = officer_of(request)
    typed = posted_or_restored(request)
    form: ContactForm | None = None
    status = 200
    if request.method == "POST":
        form, status = _form(request, reference, request.POST), 422
        if form.is_valid():
            token = form.cleaned_data["token"] or uuid4()
            try:
                record_contact(reference, by=officer, attempt=form.attempt, token=token)
            except (NotAllowed, Stale) as refused:
                data = request.POST.copy()
                data["token"] = str(uuid4())
                form, status = _form(request, reference, data), refused.answer_status
                tell(request, form, refused)
            else:
                messages.success(request, "The contact is recorded")
                return redirect("case_contacts", reference)
    found = look(request, reference, page="contacts")
    require_followed(found)
    may_record = access.sight_of(officer, found).may(Right.FOLLOW_UP)
    if form is None and may_record:
        form = _form(request, reference, typed)
    context = contacts_page(found, may_record=may_record)
    context |= {"form": form, "banner": banner_for(request, typed), "submit_label": "Record the contact"}
    return render(request, "cases/contacts.html", context, status=status)


def _form(request: HttpRequest, reference: str, typed: QueryDict | None) -> ContactForm:
    """Return the form, with the people of this case; raises as the door does where this officer does not follow it up."""
    case = access.open_for(officer_of(request), reference, Right.FOLLOW_UP)
    require_followed(case)
    return ContactForm(typed, people=people_to_contact(case), since=told_since(case), at=timezone.now())

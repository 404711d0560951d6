"""The bare view: CSRF and session checked by Django's middleware, one UPDATE and one INSERT committed, a redirect."""

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from benchmarks.floor.models import Counter, Happening


@login_not_required
@require_POST
def floor(request: HttpRequest) -> HttpResponse:
    """Save for whoever the session is of, without looking the officer up."""
    return _save(request, int(request.session["_auth_user_id"]))


@require_POST
def floor_for_officer(request: HttpRequest) -> HttpResponse:
    """Save for the officer who is signed in, looked up as any page does that needs one."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    return _save(request, int(request.user.pk))


def _save(request: HttpRequest, pk: int) -> HttpResponse:
    value = request.POST["value"]
    with transaction.atomic():
        Counter.objects.filter(pk=pk).update(value=value)
        Happening.objects.create(counter_id=pk, value=value, at=timezone.now())
    return redirect("/")

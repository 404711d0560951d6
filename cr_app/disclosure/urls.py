"""The pages of the FOI desk: requests, what is worked out for them, releases, the policy as an answer."""

from django.urls import path

from cr_app.disclosure.views import policy, releases, releasing, requests, totals

urlpatterns = [
    path("disclosure/", requests.requests, name="foi_requests"),
    path("disclosure/new/", requests.new, name="foi_new"),
    path("disclosure/releases/", releases.releases, name="releases"),
    path("disclosure/releases/<int:number>/", releases.release, name="release"),
    path("disclosure/releases/<int:number>/<slug:form>/", releases.release_file, name="release_file"),
    path("disclosure/elsewhere/", totals.elsewhere, name="published_total"),
    path("disclosure/elsewhere/<int:pk>/withdraw/", totals.withdraw, name="total_withdraw"),
    path("disclosure/imports/", releases.imports, name="foi_imports"),
    path("disclosure/policy/", policy.policy, name="foi_policy"),
    path("disclosure/policy/<slug:form>/", policy.policy_file, name="foi_policy_file"),
    path("disclosure/<int:pk>/", requests.one, name="foi_request"),
    path("disclosure/<int:pk>/change/", requests.change, name="foi_change"),
    path("disclosure/<int:pk>/close/", requests.close, name="foi_close"),
    path("disclosure/<int:pk>/work-out/", requests.work_out, name="foi_work_out"),
    path("disclosure/<int:pk>/cell/", requests.cell, name="foi_cell"),
    path("disclosure/<int:pk>/propose/", releasing.propose, name="foi_propose"),
    path("disclosure/<int:pk>/release/", releasing.release_it, name="foi_release"),
]

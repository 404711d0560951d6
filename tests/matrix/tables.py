"""What each role may open and do, written out as docs tell it, apart from the table in code."""

from cr_app.accounts.roles import Role

# What an officer of one role may do with a case: by whose it is (own, own unit, own force, another force).
#   work: read and change as their own    hand over: read and reassign    both: the two    read: no reason asked
#   supervise: hand over, and follow up what was issued
#   ask: read once a reason is given      told: learn that a restricted record exists    -: nothing, as if it were not there
MAY: dict[Role, tuple[str, str, str, str]] = {
    Role.RECORDING_OFFICER: ("work", "ask", "ask", "-"),
    Role.SERGEANT: ("both", "supervise", "ask", "-"),
    Role.AUTHORISING_OFFICER: ("work", "ask", "ask", "-"),
    Role.PROFESSIONAL_STANDARDS: ("-", "-", "-", "-"),
    Role.REVIEWER: ("-", "ask", "ask", "-"),
    Role.FOI_ANALYST: ("-", "-", "-", "-"),
    Role.ADMINISTRATOR: ("-", "-", "-", "-"),
    Role.POLICY_OWNER: ("-", "-", "-", "-"),
}
RESTRICTED: dict[Role, tuple[str, str, str, str]] = {
    Role.RECORDING_OFFICER: ("work", "told", "told", "-"),
    Role.SERGEANT: ("work", "told", "told", "-"),
    Role.AUTHORISING_OFFICER: ("work", "told", "told", "-"),
    Role.PROFESSIONAL_STANDARDS: ("-", "supervise", "supervise", "-"),
    Role.REVIEWER: ("-", "told", "told", "-"),
    Role.FOI_ANALYST: ("-", "-", "-", "-"),
    Role.ADMINISTRATOR: ("-", "-", "-", "-"),
    Role.POLICY_OWNER: ("-", "-", "-", "-"),
}
RELATIONS = ("own", "own unit", "own force", "other force")
WHY = "302 why"

# What GET answers on each kind of page, by what the officer may do.
GET: dict[str, dict[str, object]] = {
    "reading": {"work": 200, "hand over": 200, "read": 200, "ask": WHY, "told": 403, "-": 404},
    "recording": {"work": 200, "hand over": 403, "read": 403, "ask": WHY, "told": 403, "-": 404},
    "issuing": {"work": 200, "hand over": 403, "read": 403, "ask": 403, "told": 403, "-": 404},
    "handing over": {"work": 403, "hand over": 200, "read": 403, "ask": WHY, "told": 403, "-": 404},
    "saying why": {"work": 200, "hand over": 200, "read": 200, "ask": 200, "told": 403, "-": 404},
    "button": dict.fromkeys(("work", "hand over", "read", "ask", "told", "-"), 405),
}
# What POST with nothing in it answers to whoever may not do it; 0: this one may, whatever it then says of the form.
POST: dict[str, dict[str, object]] = {
    "reading": dict.fromkeys(("work", "hand over", "read", "ask", "told", "-"), 405),
    "recording": {"work": 0, "hand over": 403, "read": 403, "ask": 403, "told": 403, "-": 404},
    "issuing": {"work": 0, "hand over": 403, "read": 403, "ask": 403, "told": 403, "-": 404},
    "ending": {"work": 0, "hand over": 403, "read": 403, "ask": WHY, "told": 403, "-": 404},
    "handing over": {"work": 403, "hand over": 0, "read": 403, "ask": WHY, "told": 403, "-": 404},
    "saying why": {"work": 0, "hand over": 0, "read": 0, "ask": 0, "told": 403, "-": 404},
    "button": {"work": 0, "hand over": 403, "read": 403, "ask": 403, "told": 403, "-": 404},
}
POST["removing"] = {**POST["recording"]}
GET["ending"], GET["removing"] = GET["recording"], GET["recording"]
# A decision, by somebody who may not take it: read as a case is, and refused with why.
GET["deciding"] = GET["declaring"] = GET["reading"]
POST["deciding"] = {"work": 403, "hand over": 403, "read": 403, "ask": WHY, "told": 403, "-": 404}
POST["declaring"] = {"work": 0, "hand over": 0, "read": 0, "ask": WHY, "told": 403, "-": 404}
# Read as a case is, and refused with why to whoever has no part in rescinding it.
GET["rescinding"], POST["rescinding"] = GET["reading"], {**POST["deciding"]}
GET["checking"], POST["checking"] = GET["recording"], POST["recording"]
GET["looking"], POST["looking"] = GET["recording"], POST["reading"]
# What follows issue, by its officer and the sergeants of its unit; of a restricted case by professional standards.
GET["following up"] = {"work": 200, "supervise": 200, "hand over": 403, "read": 403, "ask": 403, "told": 403, "-": 404}
POST["following up"] = {"work": 0, "supervise": 0, "hand over": 403, "read": 403, "ask": 403, "told": 403, "-": 404}
# Read as a case is; what it makes, as what follows issue.
GET["reading and making"], POST["reading and making"] = {**GET["reading"]}, {**POST["following up"]}
# A sergeant's own case is still one of her unit: any open one is hers to hand over.
for _answers in (*GET.values(), *POST.values()):
    _answers["both"] = _answers["work"]
    _answers.setdefault("supervise", _answers["hand over"])
GET["handing over"]["both"], POST["handing over"]["both"] = 200, 0

# Every named address: its kind, the case it is tried on, and what stands in it.
CASE_PAGES: dict[str, tuple[str, str]] = {
    "case": ("reading", "draft"),
    "case_history": ("reading", "draft"),
    "case_print": ("reading", "draft"),
    "case_why": ("saying why", "draft"),
    "case_withdraw": ("ending", "draft"),
    "case_not_used": ("ending", "draft"),
    "case_reopen": ("button", "ready"),
    "case_copy": ("button", "draft"),
    "case_crime_report_entry": ("issuing", "granted"),
    "case_authority": ("reading", "waiting"),
    "authority_review": ("deciding", "waiting"),
    "authority_interest": ("declaring", "waiting"),
    "case_reassign": ("handing over", "draft"),
    "case_issue": ("issuing", "ready"),
    "case_signing_refused": ("issuing", "ready"),
    "case_progress": ("reading", "issued"),
    "case_progress_record": ("following up", "issued"),
    "case_contacts": ("reading and making", "issued"),
    "case_correct": ("following up", "issued"),
    "case_rescind": ("rescinding", "issued"),
    "case_documents": ("reading and making", "issued"),
    "case_documents_preview": ("reading", "ready"),
    "case_document": ("reading", "issued"),
    "case_document_pdf": ("reading", "issued"),
    "case_record": ("looking", "draft"),
    "case_result": ("looking", "draft"),
    "case_check": ("checking", "draft"),
    "case_step": ("recording", "draft"),
    "case_row_add": ("recording", "draft"),
    "case_row": ("recording", "draft"),
    "case_row_remove": ("removing", "draft"),
    "case_victim_safeguards": ("recording", "draft"),
}
RECORDS = frozenset({Role.RECORDING_OFFICER})
SEARCHES = frozenset(
    {Role.RECORDING_OFFICER, Role.SERGEANT, Role.AUTHORISING_OFFICER, Role.PROFESSIONAL_STANDARDS, Role.REVIEWER}
)
DECIDES = frozenset({Role.AUTHORISING_OFFICER, Role.PROFESSIONAL_STANDARDS})
ADMINISTERS = frozenset({Role.ADMINISTRATOR})
OVERSEES = frozenset({Role.REVIEWER})
ANSWERS = frozenset({Role.FOI_ANALYST})
EVERYBODY = frozenset(Role)
# Pages with no case: who may GET, what a GET answers to them, and what to all others.
OTHER_PAGES: dict[str, tuple[frozenset[Role], int, int]] = {
    "desk": (EVERYBODY, 200, 0),
    "follow_up": (frozenset({Role.RECORDING_OFFICER, Role.SERGEANT, Role.AUTHORISING_OFFICER}), 200, 403),
    "case_new": (RECORDS, 200, 403),
    "case_search": (EVERYBODY, 405, 0),
    "case_found": (SEARCHES, 200, 404),
    "offence_suggestions": (EVERYBODY, 200, 0),
    "account_logout": (EVERYBODY, 200, 0),
    # The officers of the matrix have no password to change; tests/accounts/test_passwords.py has those who do.
    "account_change_password": (EVERYBODY, 302, 0),
    "authority_queue": (DECIDES, 200, 403),
    "authority_search": (EVERYBODY, 405, 0),
    "duty": (DECIDES, 200, 403),
    "officers": (ADMINISTERS, 200, 403),
    "officer_add": (ADMINISTERS, 200, 403),
    "officer": (ADMINISTERS, 200, 403),
    "officer_change": (ADMINISTERS, 200, 403),
    "officer_first_password": (EVERYBODY, 405, 0),
    "officer_absence": (ADMINISTERS, 200, 403),
    "absence_end": (EVERYBODY, 405, 0),
    "units": (ADMINISTERS, 200, 403),
    "unit_add": (ADMINISTERS, 200, 403),
    "unit": (ADMINISTERS, 200, 403),
    "trail": (OVERSEES, 200, 403),
    "trail_found": (OVERSEES, 200, 403),
    "trail_officer": (OVERSEES, 200, 403),
    "red_flags": (OVERSEES, 200, 403),
    "red_flag": (OVERSEES, 200, 403),
    "integrity": (OVERSEES, 200, 403),
    # Nothing is sealed in the matrix.
    "integrity_note": (OVERSEES, 404, 403),
    "integrity_check": (OVERSEES, 200, 403),
    "trail_export": (OVERSEES, 200, 403),
    "foi_requests": (ANSWERS, 200, 403),
    "foi_new": (ANSWERS, 200, 403),
    "foi_request": (ANSWERS, 200, 403),
    "foi_change": (ANSWERS, 200, 403),
    "foi_work_out": (ANSWERS, 302, 403),
    "foi_close": (ANSWERS, 200, 403),
    "foi_cell": (ANSWERS, 200, 403),
    "foi_propose": (ANSWERS, 200, 403),
    "foi_release": (ANSWERS, 200, 403),
    "releases": (ANSWERS, 200, 403),
    "release": (ANSWERS, 200, 403),
    "release_file": (ANSWERS, 200, 403),
    "published_total": (ANSWERS, 200, 403),
    "total_withdraw": (ANSWERS, 200, 403),
    "foi_imports": (ANSWERS, 200, 403),
    "foi_policy": (ANSWERS | {Role.POLICY_OWNER}, 200, 403),
    "foi_policy_file": (ANSWERS | {Role.POLICY_OWNER}, 200, 403),
}
# Of these, what an officer of one role may send, and what all others are answered; the far belong to another force.
ACCOUNT_POSTS: dict[str, frozenset[Role]] = {
    "duty": DECIDES,
    "officers": ADMINISTERS,
    "officer_add": ADMINISTERS,
    "officer_change": ADMINISTERS,
    "officer_first_password": ADMINISTERS,
    "officer_absence": ADMINISTERS,
    "absence_end": ADMINISTERS,
    "unit_add": ADMINISTERS,
    "unit": ADMINISTERS,
}
# What a reviewer may send, and what all others are refused; the rest of her pages take nothing.
OVERSIGHT_POSTS = frozenset({"trail", "red_flag", "integrity", "trail_export"})
# What of them belongs to a force, or to whoever searched: not there for a reviewer of another.
OF_A_FORCE = frozenset({"trail_officer", "red_flag", "trail_found"})
# What an analyst may send, and what all others are refused; the rest of her pages take nothing.
DISCLOSURE_POSTS = frozenset(
    {
        *("foi_new", "foi_change", "foi_close", "foi_work_out", "foi_cell", "foi_propose", "foi_release"),
        *("published_total", "total_withdraw"),
    }
)
# What of them is one force's: not there for an analyst of another.
OF_A_DESK = frozenset(
    {
        "foi_request",
        "foi_change",
        "foi_close",
        "foi_work_out",
        "foi_cell",
        "foi_propose",
        "foi_release",
        "total_withdraw",
        "release",
        "release_file",
    }
)
# Open to anybody; what they answer is held by the tests of signing in.
PUBLIC = {
    "health",
    "account_login",
    "account_reset_password",
    "account_signup",
    "account_inactive",
    "account_set_password",
    "account_reauthenticate",
    "session_left",
    "session_stay",
}

"""What every address shows: the records that one request must leave an access for, or why there are none.

A page *shows* a case or an officer where it tells something of the record: answers, status, times, an account, absences,
what somebody did. The names of officers in their parts (who recorded, decided, covers, administers) come with the record
or the page that names them and are no look at those officers. Nobody looks at their own account.
"""

# One case: an access names it, whatever else the page shows.
A_CASE = frozenset(
    {
        "case",
        "case_history",
        "case_print",
        "case_withdraw",
        "case_not_used",
        "case_crime_report_entry",
        "case_authority",
        "authority_review",
        "authority_interest",
        "case_reassign",
        "case_issue",
        "case_signing_refused",
        "case_progress",
        "case_progress_record",
        "case_contacts",
        "case_correct",
        "case_rescind",
        "case_documents",
        "case_documents_preview",
        "case_document",
        "case_document_pdf",
        "case_record",
        "case_result",
        "case_check",
        "case_step",
        "case_row_add",
        "case_row",
        "case_row_remove",
        "case_victim_safeguards",
    }
)
# A list: one access names every case on it; the veiled ones say no more than that they are there.
CASES = frozenset({"desk", "follow_up", "case_found", "authority_queue", "authority_search", "integrity_check"})
# Accounts of officers: the access names whose.
OFFICERS = frozenset(
    {"officers", "officer", "officer_add", "officer_change", "officer_first_password", "officer_absence"}
    # Where several officers have the name that was searched for.
    | {"trail"}
)
# What happened to cases, and who did it: the access names the cases, and the officer whom the page is about.
BOTH = frozenset({"trail_found", "trail_officer", "red_flags", "red_flag"})
# The page asks what, what for and for whom; the file that it answers with is a disclosure of every record in it.
DOWNLOADS = frozenset({"trail_export"})

NEITHER: dict[str, str] = {
    "account_change_password": "the officer's own password",
    "account_inactive": "says whom to ask",
    "account_login": "signing in",
    "account_logout": "signing out",
    "account_reauthenticate": "the officer's own password",
    "account_reset_password": "says whom to ask",
    "account_set_password": "says whom to ask",
    "account_signup": "says whom to ask",
    "session_stay": "an empty answer",
    "health": "whether the database answers",
    "case_new": "questions about a case that is not there yet",
    "case_copy": "a button: it leads to the new record",
    "case_reopen": "a button: it leads to the record",
    "case_search": "a button: it leads to what was found; without a word in it, it shows the form alone",
    "offence_suggestions": "offences of the catalogue",
    "absence_end": "a button: it leads back to the account",
    "duty": "the officer's own duty and absences",
    "integrity": "how far the log is sealed, and who had it checked",
    "integrity_note": "a checkpoint: sizes, hashes and times",
    "foi_requests": "requests for statistics, and how each stands",
    "foi_new": "questions about a request that is not there yet",
    "foi_request": "what was asked, and counts that may leave",
    "foi_change": "what was asked",
    "foi_work_out": "leads to the request",
    "foi_close": "the reference of a request",
    "foi_cell": "counts that may leave",
    "foi_propose": "what was asked, and counts that may leave",
    "foi_release": "what was asked, and counts that may leave",
    "releases": "what was released, by whom and when",
    "release": "counts that left",
    "release_file": "counts that left; that it was downloaded stands in the trail",
    "published_total": "totals that others published",
    "total_withdraw": "a total that others published",
    "foi_imports": "how many cases were imported, and when",
    "foi_policy": "the policy of the force",
    "foi_policy_file": "the policy of the force; that it was downloaded stands in the trail",
    "units": "the names of units, and how many officers each has",
    "unit_add": "the name of a unit",
    "unit": "the name of a unit",
}
# Its POST leaves an access, which holds the reason and counts as the look; the question itself shows nothing.
ASKS_WHY = "case_why"
EVERY = A_CASE | CASES | OFFICERS | BOTH | DOWNLOADS | frozenset(NEITHER) | {ASKS_WHY}

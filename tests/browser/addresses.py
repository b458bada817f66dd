"""Where every page is found: by its address, behind a link of another page, or at the end of a story that a test tells."""

from __future__ import annotations

PLAIN = {
    "front": "/",
    "gallery": "/gallery/",
    "account_login": "/account/sign-in",
    "account_logout": "/account/sign-out",
    "account_reset_password": "/account/password/forgotten",
    "account_signup": "/account/sign-up",
    "account_inactive": "/account/inactive",
    "account_change_password": "/account/password",
    "account_reauthenticate": "/account/again",
    "mfa_index": "/account/two-factor/",
    "desk:next": "/desk/",
    "desk:open": "/desk/open/",
    "desk:triage": "/desk/triage/",
    "desk:unowned": "/desk/unowned/",
    "desk:waiting": "/desk/waiting/",
    "desk:resolved": "/desk/resolved/",
    "desk:spam": "/desk/spam/",
    "desk:late": "/desk/late/",
    "desk:new": "/desk/cases/new/",
    "desk:search": "/desk/search/?q=overtime",
    "desk:people": "/desk/people/?q=a",
    "desk:quarantine": "/desk/quarantine/",
    "desk:sent": "/desk/sent/",
    "setup:demo": "/demo/",
    "setup:profile": "/profile/",
    "setup:password": "/profile/password",
    "setup:overview": "/settings/",
    "setup:mailboxes": "/settings/mailboxes/",
    "setup:mailbox_make": "/settings/mailboxes/new",
    "setup:hours": "/settings/hours/",
    "setup:calendar_make": "/settings/hours/new",
    "setup:severities": "/settings/severities/",
    "setup:teams": "/settings/teams/",
    "setup:team_make": "/settings/teams/new",
    "setup:agents": "/settings/agents/",
    "setup:agent_invite": "/settings/agents/invite",
    "setup:letters": "/settings/acknowledgement/",
    "portal:home": "/help/",
    "portal:ask": "/help/ask",
}
# name → (the page that links to it, how the link looks)
LINKED = {
    "desk:case": ("/desk/open/", r"/desk/cases/\d+/"),
    "desk:person": ("/desk/people/?q=a", r"/desk/people/\d+/"),
    "desk:raw": ("/desk/quarantine/", r"/desk/quarantine/\d+/"),
    "desk:sent_source": ("/desk/sent/", r"/desk/sent/\d+/source"),
    "setup:mailbox": ("/settings/mailboxes/", r"/settings/mailboxes/\d+$"),
    "setup:calendar": ("/settings/hours/", r"/settings/hours/\d+$"),
    "setup:team": ("/settings/teams/", r"/settings/teams/\d+$"),
    "setup:agent": ("/settings/agents/", r"/settings/agents/\d+$"),
    "setup:acknowledgement": ("/settings/acknowledgement/", r"/settings/acknowledgement/\d+"),
}
# Pages that one gets to by doing something first, by the test that does it.
IN_A_STORY = {
    "test_first_days": {"setup:first_run", "setup:join"},
    "test_customers": {"portal:case", "portal:thanks"},
    "test_second_step": {
        "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_authenticate",
        "mfa_reauthenticate",
    },
}  # fmt: skip
# Not shown as a page: a piece of one, a file, or a word for a machine. What they answer is looked at in test_no_pages.
NO_PAGES = {
    "desk:thread", "desk:draft_file", "desk:file", "desk:original", "desk:go", "setup:healthz", "setup:face", "portal:file",
    "mfa_download_recovery_codes",
}  # fmt: skip
NOWHERE = {
    "an address that leads nowhere": "/desk/nowhere",
    "a case that is not": "/desk/cases/100000001/",
    "a link that opens nothing": "/help/case/nothing",
    "an invitation that opens nothing": "/join/0123456789abcdef0123456789abcdef",
}
# Where somebody is led who has signed in, and who has not.
LEADS_TO = {"front": "/desk/", "account_login": "/desk/"}
LEADS_A_STRANGER_TO = {"front": "/demo/", "account_logout": "/demo/"}
ONLY_IN_THE_DEMO = {"gallery", "setup:demo", "desk:sent"}

# What is typed wrong into the form of each page, by label; everything else is emptied. It comes back as it was typed.
WRONG: dict[str, dict[str, str]] = {
    "account_change_password": {},
    "account_reauthenticate": {},
    "desk:new": {"Whose need is it?": "nobody at all", "What is it about?": "The door squeaks"},
    "setup:profile": {"Time to undo a reply": "999", "Signature": "Ingrid\nat the helm"},
    "setup:password": {},
    "setup:mailbox_make": {"Address": "support at demo", "Port": "99999", "Server": "smtp.demo.example"},
    "setup:mailbox": {"More addresses that lead here": "not an address", "User name": "ingrid"},
    "setup:calendar_make": {"Monday": "around nine", "Holidays": "2026-13-01 Never"},
    "setup:calendar": {"Tuesday": "18:00–8:00–9:00", "Days that differ": "tomorrow closed"},
    "setup:severities": {"Read within": "soon", "What it means": "All is lost"},
    "setup:team_make": {"Voice": "The other team"},
    "setup:team": {"Telephones": "+47 555 0100"},
    "setup:agent_invite": {"Name": "Somebody New", "E-mail address": "somebody new"},
    "setup:agent": {},
    "setup:acknowledgement": {"Text": "Hello {oracle}"},
    "portal:ask": {"What are you trying to get done?": "Print from the tablet", "Your e-mail address": "me"},
}

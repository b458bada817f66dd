"""What customers ask and how it goes on. In braces: a word drawn anew for every case."""

from __future__ import annotations

from dataclasses import dataclass

TURN = tuple[str, str]


@dataclass(frozen=True)
class Story:
    """An opening, then turns: "us" (a reply), "them" (the customer again), "note"; and how it was resolved."""

    subject: str
    opening: str
    turns: tuple[TURN, ...]
    severity: int = 3
    tags: tuple[str, ...] = ()
    how: str = "answered"
    team: str = "Support"
    channel: str = "email"


SLOTS: dict[str, tuple[str, ...]] = {
    "month": ("January", "February", "March", "April", "May", "June", "July", "September", "October"),
    "people": ("two", "four", "seven", "eleven", "some thirty"),
    "version": ("9.1.3", "9.1.4", "9.2", "9.2.1"),
    "day": ("Monday", "Tuesday", "Thursday", "Friday"),
    "browser": ("Firefox", "Chrome", "Safari", "Edge"),
    "place": ("Lisbon", "Ostrava", "Leeds", "Austin", "Tromsø", "Lyon"),
    "amount": ("12.40", "86.00", "310.50", "1,204.00", "0.01"),
    "count": ("3", "14", "58", "120", "412"),
    "time": ("7:15", "8:30", "noon", "14:00", "this morning"),
}

STORIES = [
    Story(
        "Overtime rule counts the public holiday twice",
        "Hi,\n\nsince the {version} update {people} of our nurses who worked on the holiday get 16 hours of overtime instead of 8. "
        "I have to send the hours to payroll on {day}. Is there something I can do until then?\n\nBest,",
        (
            ("note", "Looks like the holiday rule is applied once per calendar. The workaround is to switch off the state calendar."),
            (
                "us",
                "I can see it: your sheet has both the company and the state calendar, and {version} adds the holiday for each. "
                "Nothing is lost.\n\nSwitch off **State calendar** under *Rules → Holidays* and press *Recalculate*; "
                "{day}'s export will then be right.",
            ),
            ("them", "That worked, the hours are right now. You saved my week!"),
        ),
        severity=2,
        tags=("timesheet", "overtime"),
        how="worked_around",
    ),
    Story(
        "Payroll export is empty since this morning",
        "The payroll export for {month} has only the header line and no people in it. Yesterday it was fine. "
        "We pay {count} people from it, so this is urgent for us.",
        (
            ("note", "Export job log shows a lock time-out at {time}. Asked the platform people whether the replica is behind."),
            (
                "us",
                "I have it in front of me and can see the empty file. We are looking into it now; I will write again by {time} at the latest.",
            ),
            (
                "us",
                "The export ran into a lock last night and gave up without saying so. I have started it again: your file is complete now. "
                "We are changing it so that it tries again by itself.",
            ),
            ("them", "Confirmed, all {count} are in. Thanks for the quick answer."),
        ),
        severity=1,
        tags=("payroll", "export"),
        how="fixed",
    ),
    Story(
        "SSO login loops after certificate change",
        "We changed our identity provider's certificate on {day}. Since then people land on the login page again and again. "
        "{browser} says too many redirects. A screenshot is attached.",
        (
            (
                "us",
                "Thank you for the picture, it helps. The old certificate is still stored on our side. Could you upload the new one under "
                "*Settings → Sign-in → Certificate*? The page accepts two at once, so nobody is signed out.",
            ),
            ("them", "I can't find that menu. I am not an administrator, could that be why?"),
            (
                "us",
                "Yes, that is why. Your administrators are listed under *Help → Who can*. If you send me the new certificate's fingerprint "
                "I can check it with them.",
            ),
            ("them", "Viktor uploaded it, everybody is in again. Thank you!"),
        ),
        severity=2,
        tags=("sign-in", "sso"),
    ),
    Story(
        "Can two approvers share one cost centre?",
        "Hello! We would like two people to approve time for the same cost centre, whoever is there first. Is that possible, and if so where?",
        (
            (
                "us",
                "Yes: open the cost centre, choose *Approvers* and add the second person; then set **Any one of them**. "
                "Whoever is first approves, and the other sees that it is done.",
            ),
            ("them", "Found it, exactly what we needed."),
        ),
        tags=("how-to", "approvals"),
    ),
    Story(
        "Expense photo upload rotates the picture",
        "Photos of receipts from the phone arrive lying on their side. It started with {version}. It is annoying rather than serious.",
        (
            ("note", "Same as three others this month: the orientation mark in the photo is ignored since {version}."),
            (
                "us",
                "You are right, {version} ignores which way up the phone was. It is fixed in the next release; until then a screenshot of the "
                "photo keeps its direction.",
            ),
        ),
        tags=("expenses", "mobile"),
        how="worked_around",
        severity=4,
    ),
    Story(
        "Add our new logo to the invoice template",
        "Attached is our new logo. Could you put it into the invoice template, or tell me where I can do that myself?",
        (
            (
                "us",
                "You can do it yourself in a minute: *Billing → Templates → Logo*. A picture of at least 600 px across looks best in print.",
            ),
            ("them", "Done, looks great."),
        ),
        severity=4,
        tags=("invoices", "how-to"),
        team="Billing",
    ),
    Story(
        "Invoice shows the wrong VAT number",
        "Our invoice for {month} still has the VAT number of our old company. Our auditors will not take it. Can you issue it again?",
        (
            (
                "us",
                "I have corrected the number in your account and issued the invoice again; the old one is marked as replaced. "
                "You should find it under *Billing → Invoices* now.",
            ),
            ("them", "Received, thank you."),
        ),
        severity=3,
        tags=("invoices",),
        team="Billing",
        how="fixed",
    ),
    Story(
        "We were charged twice in {month}",
        "Our card statement shows {amount} twice in {month}, a day apart. Can you look and return the second one?",
        (
            ("note", "Two captures for one invoice, the retry after the time-out at the payment provider. Refund of {amount} started."),
            (
                "us",
                "You are right, and I am sorry: the payment ran a second time after a time-out. I have started the refund of {amount}; "
                "your bank usually shows it within five working days.",
            ),
            ("them", "It arrived this morning. Thanks for not making me fill in a form."),
        ),
        severity=2,
        tags=("payments",),
        team="Billing",
        how="fixed",
    ),
    Story(
        "Mobile app signs me out every day",
        "I have to sign in again each morning on the phone. My colleagues in {place} see the same. {version} on Android.",
        (
            ("us", "Does it also happen when the phone's battery saver is off for the app? It ends our background session on some models."),
            ("them", "You were right, with the battery saver off it stays signed in."),
            ("us", "Good to hear. We will say so in the app itself, since nobody would look for that."),
        ),
        tags=("mobile", "sign-in"),
    ),
    Story(
        "Timesheet of a colleague who left",
        "A colleague left at the end of {month}. How do I keep her timesheets for the auditors but remove her from the plan?",
        (
            ("us", "Set an end date on her profile: she leaves the plan from that day, and her sheets stay readable for seven years."),
            ("them", "Perfect."),
        ),
        tags=("how-to", "timesheet"),
    ),
    Story(
        "Import stops at line {count}",
        'Our import of absences stops at line {count} with "unexpected value". The line looks like all the others to me. The file is attached.',
        (
            ("note", "There is a non-breaking space in the date column. We should strip it, or at least name the column."),
            (
                "us",
                "The date in line {count} has an invisible space that came from the spreadsheet. I have taken it out; the corrected "
                "file goes through. The message should have said which column, and I have asked for that.",
            ),
            ("them", "Thank you, that would have taken me hours."),
        ),
        tags=("import",),
        how="worked_around",
    ),
    Story(
        "Report of overtime by department",
        "Is there a report of overtime by department and month? My director asks for it every {day} and I add it up by hand.",
        (
            ("us", "There is: *Reports → Overtime*, then group by **Department** and **Month**. You can have it mailed every {day}."),
            ("them", "I wish I had asked a year ago!"),
        ),
        tags=("reports", "how-to"),
    ),
    Story(
        "Page is very slow in the afternoon",
        "The planning page takes twenty seconds to open between two and four in the afternoon. In the morning it is fast. {count} people in the plan.",
        (
            (
                "us",
                "I can see the slow requests. Could you tell me whether it is the same for a smaller team's plan? That tells us where to look.",
            ),
            ("them", "A plan with ten people opens at once."),
            ("note", "Query per person on the plan page: 412 people, 824 queries. Reported with the trace."),
            (
                "us",
                "It is our fault: the page asks for each person singly. The fix is in work for the next release. Until then *Plan → By team* is fast.",
            ),
        ),
        severity=2,
        tags=("planning", "performance"),
        how="worked_around",
    ),
    Story(
        "Calendar feed does not update in {browser}",
        "The calendar link shows last week's shifts in my calendar program. I removed and added it again, same thing.",
        (
            (
                "us",
                "The program asks for the feed once a day only. Under its settings you can choose every hour. Nothing is wrong with the link itself.",
            ),
            ("them", "Ah, there it is. Thanks!"),
        ),
        tags=("calendar", "how-to"),
        severity=4,
    ),
    Story(
        "Shift swap was approved but does not show",
        "Our night shift in {place} swapped two people; it says approved, but the plan still shows the old names. The shift is on {day}.",
        (
            ("note", "Swap approved while the plan was locked for printing. The change sits in the queue."),
            (
                "us",
                "The plan was locked when the swap was approved. I have unlocked it and the swap is in. Please check that {day} looks right.",
            ),
            ("them", "Yes, all good."),
        ),
        severity=2,
        tags=("planning",),
        how="fixed",
    ),
    Story(
        "Question about data residency",
        "Our legal department asks where our data are stored and who can read them. Do you have a paper on that?",
        (
            (
                "us",
                "Your data are stored in Frankfurt and Dublin and nowhere else. The paper is attached to this mail, with the list of "
                "people who may read them and when. Ask me if your legal people have a question that it does not answer.",
            ),
            ("them", "They are happy with it."),
        ),
        tags=("legal",),
    ),
    Story(
        "Cannot delete a wrong time entry",
        "I booked nine hours on the wrong project on {day}. There is no delete button for me.",
        (
            (
                "us",
                "The week is approved already, so the entry is locked. Your approver can reopen it with one click; I have told you who that is in "
                "the line below the week.",
            ),
            ("them", "Got it."),
        ),
        severity=4,
        tags=("timesheet", "how-to"),
    ),
    Story(
        "Called: terminal in the canteen shows a black screen",
        "Called by telephone: the clock-in terminal in the canteen in {place} is black since {time}. {count} people clock in there. "
        "They write it down on paper for now.",
        (
            (
                "us",
                "As said on the telephone: please hold the power button for ten seconds. The terminal keeps the last 5,000 stamps, nothing is lost.",
            ),
            ("them", "It is back and has sent everything. Thank you for staying on the line."),
        ),
        severity=1,
        tags=("terminal",),
        how="fixed",
        channel="phone",
    ),
    Story(
        "Rounding of minutes",
        "Seven minutes past becomes a quarter past, but our agreement says it is rounded down. Where is that set? It concerns {count} people.",
        (
            (
                "us",
                "Rounding is a rule of its own: *Rules → Rounding*, choose **Down to the quarter**. It counts from the day you set; for {month} "
                "press *Recalculate*.",
            ),
            ("them", "Thank you for the rounding explanation! The works council is pleased."),
        ),
        tags=("timesheet", "rules"),
    ),
    Story(
        "API returns 429 during our nightly sync",
        "Our sync in {place} gets 429 after {count} calls. What is the limit, and can it be raised for the night?",
        (
            (
                "us",
                "The limit is 600 calls in five minutes for each token; the answer's *Retry-After* says how long to wait. "
                "One call with `?since=` would replace most of yours: it returns only what changed.",
            ),
            ("them", "With since we are down to nine calls. Lovely."),
        ),
        tags=("api",),
    ),
]

"""The desk's addresses are nouns; a case is named by its number, never by its key."""

from __future__ import annotations

from django.urls import URLPattern, path

from mainstay.desk.queues import QUEUES
from mainstay.desk.views import cases, files, find, mail, new, participants, people, queues, work, writing

app_name = "desk"
CASE = "cases/<int:number>/"

urlpatterns: list[URLPattern] = [
    *(path("" if name == "next" else f"{name}/", queues.queue, {"name": name}, name=name) for name in QUEUES),
    path("cases/new/", new.new, name="new"),
    path("cases/", new.opening, name="opening"),
    path(CASE, cases.case, name="case"),
    path(f"{CASE}thread", cases.thread, name="thread"),
    path(f"{CASE}touch", work.touch, name="touch"),
    path(f"{CASE}severity", work.severity, name="severity"),
    path(f"{CASE}assignment", work.assignment, name="assignment"),
    path(f"{CASE}claim", work.claim, name="claim"),
    path(f"{CASE}wait", work.wait, name="wait"),
    path(f"{CASE}waking", work.waking, name="waking"),
    path(f"{CASE}resolution", work.resolution, name="resolution"),
    path(f"{CASE}reopening", work.reopening, name="reopening"),
    path(f"{CASE}spam", work.spam, name="spam_mark"),
    path(f"{CASE}spam/undo", work.spam_undo, name="spam_undo"),
    path(f"{CASE}tags", work.tags, name="tags"),
    path(f"{CASE}tags/removal", work.tag_removal, name="tag_removal"),
    path(f"{CASE}subject", work.subject, name="subject"),
    path(f"{CASE}aim", work.aim, name="aim"),
    path(f"{CASE}team", work.team, name="team"),
    path(f"{CASE}participants", participants.participants, name="participants"),
    path(f"{CASE}participants/removal", participants.participant_removal, name="participant_removal"),
    path(f"{CASE}notes", writing.notes, name="notes"),
    path(f"{CASE}reply", writing.reply, name="reply"),
    path(f"{CASE}draft", writing.draft, name="draft"),
    path(f"{CASE}draft/preview", writing.draft_preview, name="draft_preview"),
    path(f"{CASE}draft/files", writing.draft_files, name="draft_files"),
    path(f"{CASE}draft/files/<slug:key>", writing.draft_file, name="draft_file"),
    path(f"{CASE}draft/files/<slug:key>/removal", writing.draft_file_removal, name="draft_file_removal"),
    path(f"{CASE}sending/<slug:key>/undo", writing.sending_undo, name="sending_undo"),
    path(f"{CASE}deliveries/<int:delivery>/retry", writing.delivery_retry, name="delivery_retry"),
    path("go/", find.go, name="go"),
    path("search/", find.search, name="search"),
    path("people/", people.people, name="people"),
    path("people/<int:person>/", people.person, name="person"),
    path("people/<int:person>/block", people.block, name="block"),
    path("people/<int:person>/block/undo", people.block_undo, name="block_undo"),
    path("files/<slug:key>/<str:name>", files.file, name="file"),
    path("originals/<int:message>", files.original, name="original"),
    path("quarantine/", mail.quarantine, name="quarantine"),
    path("quarantine/<int:mail>/", mail.raw, name="raw"),
    path("quarantine/<int:mail>/letting-in", mail.letting_in, name="letting_in"),
    path("quarantine/<int:mail>/retry", mail.retry, name="mail_retry"),
    path("quarantine/<int:mail>/attachment", mail.attachment, name="mail_attachment"),
    path("quarantine/<int:mail>/discarding", mail.discarding, name="discarding"),
    path("sent/", mail.sent, name="sent"),
    path("sent/<int:delivery>/source", mail.sent_source, name="sent_source"),
    path("sent/<int:delivery>/answer", mail.sent_answer, name="sent_answer"),
    path("sent/<int:delivery>/absence", mail.sent_absence, name="sent_absence"),
    path("sent/<int:delivery>/bounce", mail.sent_bounce, name="sent_bounce"),
]

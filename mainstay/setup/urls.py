"""The addresses of setting up."""

from __future__ import annotations

from django.urls import path

from mainstay.setup.views import agents, beginning, health, hours, letters, mailboxes, overview, profile, severities, teams

app_name = "setup"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("setup/", beginning.first_run, name="first_run"),
    path("join/<str:secret>", beginning.join, name="join"),
    path("demo/", beginning.demo_agents, name="demo"),
    path("demo/sign-in", beginning.demo_sign_in, name="demo_sign_in"),
    path("face/<str:photo>", profile.face, name="face"),
    path("profile/", profile.own, name="profile"),
    path("profile/password", profile.password, name="password"),
    path("settings/", overview.index, name="overview"),
    path("settings/jobs/<int:pk>/retry", overview.retry, name="job_retry"),
    path("settings/jobs/<int:pk>/discard", overview.discard, name="job_discard"),
    path("settings/mailboxes/", mailboxes.index, name="mailboxes"),
    path("settings/mailboxes/new", mailboxes.make, name="mailbox_make"),
    path("settings/mailboxes/<int:pk>", mailboxes.change, name="mailbox"),
    path("settings/mailboxes/<int:pk>/test", mailboxes.test, name="mailbox_test"),
    path("settings/hours/", hours.index, name="hours"),
    path("settings/hours/new", hours.make, name="calendar_make"),
    path("settings/hours/<int:pk>", hours.change, name="calendar"),
    path("settings/acknowledgement/", letters.index, name="letters"),
    path("settings/acknowledgement/<int:pk>", letters.change, name="acknowledgement"),
    path("settings/severities/", severities.severities, name="severities"),
    path("settings/teams/", teams.index, name="teams"),
    path("settings/teams/new", teams.make, name="team_make"),
    path("settings/teams/<int:pk>", teams.change, name="team"),
    path("settings/agents/", agents.index, name="agents"),
    path("settings/agents/invite", agents.invite, name="agent_invite"),
    path("settings/agents/<int:pk>", agents.change, name="agent"),
    path("settings/agents/<int:pk>/disable", agents.disable, name="agent_disable"),
    path("settings/agents/<int:pk>/enable", agents.enable, name="agent_enable"),
    path("settings/agents/<int:pk>/link", agents.new_link, name="agent_link"),
]

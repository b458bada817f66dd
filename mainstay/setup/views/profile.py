"""One's own profile, and the pictures of faces."""

from __future__ import annotations

import re

from allauth.mfa.models import Authenticator
from django.contrib.auth import update_session_auth_hash
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from mainstay.kernel import blobs
from mainstay.people.access import agent_of
from mainstay.people.actions.profile import change_password, change_person
from mainstay.people.models import Agent, Person
from mainstay.setup import pictures
from mainstay.setup.doors import agents, me, page, saved
from mainstay.setup.forms.password import PasswordForm
from mainstay.setup.forms.profile import ProfileForm
from mainstay.ui import files
from mainstay.ui.accounts import count_tries, was_right

KEPT_FOR_A_YEAR = "public, max-age=31536000, immutable"


@agents
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Name, photo, signature, time zone, undo time."""
    person, agent = me(request), agent_of(me(request))
    assert agent is not None
    now = {
        "name": person.name,
        "signature": agent.signature,
        "undo_seconds": agent.undo_seconds,
        "time_zone": person.time_zone or "UTC",
        "language": person.language or "en",
    }
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ProfileForm(*given, has_photo=bool(person.photo), initial=now)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in now if name in form.cleaned_data}
        try:
            values |= _photo(form)
        except files.NoPictureError:
            form.add_error("photo", gettext("This can't be read as a picture. Save it as JPEG or PNG, then try again."))
        else:
            change_person(person, by=person, **values)
            return saved(request, gettext("Your profile is saved."), "profile")
    context = {"form": form, "person": person, "agent": agent, "has_second_step": Authenticator.objects.filter(user=person).exists()}
    return page(request, "profile", section="profile", status=422 if form.is_bound else 200, **context)


def _photo(form: ProfileForm) -> dict[str, str]:
    uploaded = form.cleaned_data["photo"]
    if uploaded:
        return {"photo": pictures.keep_photo(uploaded.read())}
    return {"photo": ""} if form.cleaned_data.get("remove_photo") else {}


@agents
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password; every other session of this person ends with the old one."""
    person = me(request)
    tried = count_tries(request, f"present password {person.pk}") if request.method == "POST" else None
    form = PasswordForm(request.POST if request.method == "POST" else None, person=person)
    if not form.is_valid():
        return page(request, "password", section="profile", status=422 if form.is_bound else 200, form=form)
    if tried:
        was_right(request, tried)
    change_password(person, form.cleaned_data["password"])
    update_session_auth_hash(request, person)
    return saved(request, gettext("Your password is changed."), "profile")


@require_GET
def face(request: HttpRequest, photo: str) -> HttpResponse:
    """An agent's photo, for everybody: customers see who helps them. Under the name of its hash lie only pictures that an agent put
    into a profile, never another file of that hash."""
    is_agent = Exists(Agent.objects.filter(person=OuterRef("pk")))
    if not re.fullmatch(r"[0-9a-f]{64}", photo) or not Person.objects.filter(is_agent, photo=photo).exists():
        raise Http404
    try:
        data = blobs.read(photo)
    except FileNotFoundError:
        raise Http404
    return HttpResponse(data, content_type="image/webp", headers={"Cache-Control": KEPT_FOR_A_YEAR, "Content-Disposition": "inline"})

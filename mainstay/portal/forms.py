"""The two things a customer can write here: a new case, and more words on one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mainstay.kernel import clock
from mainstay.people.queries import normal_email

WORDS_CAP = 50_000
FILES_CAP = 10
QUICKEST = 3
SLOWEST = 24 * 3600
_SALT = "mainstay.portal.forms.shown"


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, together no larger than what can be sent at once."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = [one for one in (data if isinstance(data, list) else [data]) if one]
        if len(given) > FILES_CAP:
            raise forms.ValidationError(
                ngettext("At most %(n)d file at once.", "At most %(n)d files at once.", FILES_CAP) % {"n": FILES_CAP}
            )
        if sum(one.size for one in given) > settings.UPLOAD_LIMIT:
            raise forms.ValidationError(
                gettext("Together the files are larger than %(size)d MB.") % {"size": settings.UPLOAD_LIMIT // (1024 * 1024)}
            )
        return given


def files_field() -> FilesField:
    limit = settings.UPLOAD_LIMIT // (1024 * 1024)
    words = _("Pictures, exports, logs: up to %(n)d files, %(size)d MB together.")
    return FilesField(label=_("Files"), required=False, help_text=words % {"n": FILES_CAP, "size": limit})


def no_room() -> str:
    """Why files are not taken while the disk is full (R-17)."""
    return gettext("There is no room for files at the moment. Please send your words without them, or a little later.")


class PatientForm(forms.Form):
    """A form that machines fill in wrongly: an extra field that nobody sees, and a look at the clock. Who trips over either is asked
    to press once more, since a person may do so too, and nothing they wrote is lost (S-039)."""

    website = forms.CharField(
        label=_("Leave this empty"), required=False, max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )
    shown = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        if not self.errors and (self.cleaned_data.get("website") or not self._took_its_time()):
            self.add_error(
                None, _("That went through very quickly. Everything you wrote is still here: please press the button once more.")
            )
        return self.cleaned_data

    def refresh(self) -> None:
        """Give the form, which comes back with its errors, an empty trap and a new moment; of what was sent a copy is shown."""
        self.data = {**dict(self.data.items()), "website": "", "shown": stamp()}

    def _took_its_time(self) -> bool:
        try:
            shown_at = float(signing.loads(self.cleaned_data.get("shown") or "", salt=_SALT))
        except (signing.BadSignature, ValueError, TypeError):
            return False
        return QUICKEST <= clock.now().timestamp() - shown_at <= SLOWEST


def stamp() -> str:
    """The moment at which a form was shown, signed."""
    return signing.dumps(int(clock.now().timestamp()), salt=_SALT)


class AskForm(PatientForm):
    goal = forms.CharField(
        label=_("What are you trying to get done?"),
        max_length=300,
        help_text=_("In a few words: “Close April's payroll”, “Print from the tablet”."),
    )
    words = forms.CharField(
        label=_("What happens?"),
        max_length=WORDS_CAP,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("What you did, what you saw, and what you would have liked to see."),
    )
    attached = files_field()
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("So that we can greet you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("The answer goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        return normal_email(self.cleaned_data["email"])


class AddForm(forms.Form):
    """More words on a case that one was let into by a link."""

    words = forms.CharField(label=_("Write to us about it"), max_length=WORDS_CAP, widget=forms.Textarea(attrs={"rows": 5}))
    attached = files_field()

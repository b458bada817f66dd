"""What a team's acknowledgement says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.letters.text import LENGTH_CAP, check, house_text


class AcknowledgementForm(forms.Form):
    is_on = forms.BooleanField(
        label=_("Send it"),
        required=False,
        help_text=_("Once for each new case, within seconds; never to machines, lists or returned mail."),
    )
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LENGTH_CAP,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Plain text. A line whose words in braces have nothing to say is left out. Empty: our own text speaks again."),
    )

    def clean_body(self) -> str:
        body = str(self.cleaned_data["body"]).replace("\r\n", "\n").strip()
        try:
            check(body)
        except ValueError as sentence:
            raise forms.ValidationError(str(sentence))
        return "" if body == house_text() else body

    def body_to_show(self) -> Any:
        """What a preview is made from: the text as typed, while it can be read."""
        return self.cleaned_data.get("body") if self.is_bound else self.initial["body"]

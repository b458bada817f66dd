"""What agents say of themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mainstay.setup.forms.fields import ZoneField
from mainstay.setup.pictures import SIZE_CAP


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("Replies go out under it; the help pages show its first part."))
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        max_length=255,
        help_text=_("JPEG, PNG, WebP or GIF up to 10 MB; its middle square is shown."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    remove_photo = forms.BooleanField(label=_("Take the present photo away"), required=False)
    signature = forms.CharField(
        label=_("Signature"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Stands under each of your replies, exactly as you write it."),
    )
    undo_seconds = forms.IntegerField(
        label=_("Time to undo a reply"),
        min_value=0,
        max_value=60,
        help_text=_("Seconds from Send to leaving, 0 to 60."),
    )
    time_zone = ZoneField(help_text=_("Times on your pages are in this zone."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, help_text=_("Of your own pages."))

    def __init__(self, *args: Any, has_photo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_photo:
            del self.fields["remove_photo"]
        if len(settings.LANGUAGES) < 2:
            del self.fields["language"]
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean_signature(self) -> str:
        return str(self.cleaned_data["signature"]).replace("\r\n", "\n").strip()

    def clean_photo(self) -> Any:
        photo = self.cleaned_data["photo"]
        if photo and photo.size > SIZE_CAP:
            raise forms.ValidationError(_("This file is larger than 10 MB."))
        return photo

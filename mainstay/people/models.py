"""Every human is a Person; Agent and Customer are hats that a Person wears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.kernel import clock

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Organization(models.Model):
    """A company of customers, with whatever attributes the operator keeps about it (market, size, salesperson)."""

    name = models.CharField(max_length=200)
    domains = models.JSONField(default=list)
    attributes = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


class Persons(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Any human. `email` is the address to sign in with, empty for people who never do; all of a person's addresses are Address rows."""

    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(unique=True, null=True, blank=True)
    organization = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="people")
    language = models.CharField(max_length=12, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    photo = models.CharField(max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Persons] = Persons()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    if TYPE_CHECKING:
        id: int
        agent: Agent
        addresses: RelatedManager[Address]
        organization_id: int | None

    def __str__(self) -> str:
        return self.name or self.email or str(_("Somebody"))

    @property
    def first_name(self) -> str:
        return self.said_name.split()[0] if self.said_name.split() else ""

    @property
    def said_name(self) -> str:
        """The name, when somebody gave one; whoever did not is called by an address, and nobody is greeted by that."""
        return "" if "@" in self.name else self.name

    # Django's own screens and packages ask these; Mainstay has no admin site, and roles live on Agent.
    def has_perm(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def has_module_perms(self, *args: Any, **kwargs: Any) -> bool:
        return False


class Address(models.Model):
    """A way to reach a person. One address belongs to one person; `value` is normalised by kind."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        HANDLE = "handle", _("Handle")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.EMAIL)
    value = models.CharField(max_length=320)
    verified_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    if TYPE_CHECKING:
        person_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="address_once")]

    def __str__(self) -> str:
        return self.value


class Block(models.Model):
    """A sender whose mail is set aside. Lifting the block ends the row; nothing is deleted."""

    value = models.CharField(max_length=320)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["value"], condition=models.Q(lifted_at=None), name="blocked_once")]


class Team(models.Model):
    """Ours: who answers, in which voice, by which telephone."""

    name = models.CharField(max_length=120, unique=True)
    voice = models.CharField(max_length=120, blank=True, help_text=_("The name that letters are signed with."))
    phones = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    if TYPE_CHECKING:
        id: int

    def __str__(self) -> str:
        return self.name

    @property
    def signs_as(self) -> str:
        return self.voice or self.name


class Agent(models.Model):
    """The hat of those who answer. An agent who left keeps the row; `disabled_at` takes every right away at once."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("Administrator")
        LEAD = "lead", _("Lead")
        AGENT = "agent", _("Agent")

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="agent", primary_key=True)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.AGENT)
    teams = models.ManyToManyField(Team, related_name="agents")
    signature = models.TextField(blank=True)
    undo_seconds = models.PositiveSmallIntegerField(default=10)
    disabled_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        person_id: int

    def __str__(self) -> str:
        return self.person.name


class Invitation(models.Model):
    """A link that lets somebody set a first password: only its hash is kept, it works once and for 72 hours (S-064)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

"""Who works at Journeyware, and who buys from them."""

from __future__ import annotations

from typing import NamedTuple


class Colleague(NamedTuple):
    name: str
    role: str
    teams: tuple[str, ...]
    zone: str


class Customer(NamedTuple):
    name: str
    organization: str
    language: str = "en"


COLLEAGUES = [
    Colleague("Ingrid Solberg", "administrator", ("Support", "Billing"), "Europe/Oslo"),
    Colleague("Aiko Kimura", "lead", ("Support", "Billing"), "Europe/Berlin"),
    Colleague("Maya Ortiz", "agent", ("Support",), "Europe/Lisbon"),
    Colleague("Tom Becker", "agent", ("Support",), "Europe/Berlin"),
    Colleague("Samira Haddad", "agent", ("Support", "Billing"), "Europe/Paris"),
    Colleague("Nils Brandt", "agent", ("Billing",), "Europe/Berlin"),
]

ORGANIZATIONS = {
    "Harbor Clinics": "harborclinics.example",
    "Corvid Payroll": "corvidpayroll.example",
    "Tessellate": "tessellate.example",
    "Brightwater Unified": "brightwater.example",
    "Nordkap": "nordkap.example",
    "Voss & Sohn": "voss-sohn.example",
    "Pinecrest Hotels": "pinecrest.example",
    "Almeida Logistics": "almeida-log.example",
    "Ostrava Steel": "ostravasteel.example",
    "Kestrel Air": "kestrelair.example",
    "Maison Lefèvre": "maison-lefevre.example",
    "Green Valley Schools": "gvschools.example",
    "Quill & Harrow": "quillharrow.example",
    "Sanderling Foods": "sanderling.example",
}

CUSTOMERS = [
    Customer("Luis Almeida", "Harbor Clinics"),
    Customer("Hannah Wexler", "Harbor Clinics"),
    Customer("Joy Adeyemi", "Harbor Clinics"),
    Customer("Dana Whitfield", "Corvid Payroll"),
    Customer("Grace Kim", "Corvid Payroll"),
    Customer("Terrence Boyd", "Corvid Payroll"),
    Customer("Priya Raman", "Tessellate"),
    Customer("Viktor Dahl", "Tessellate"),
    Customer("Owen Clarke", "Brightwater Unified"),
    Customer("Marisol Vega", "Brightwater Unified"),
    Customer("Sofia Lindqvist", "Nordkap"),
    Customer("Erik Sandberg", "Nordkap"),
    Customer("Anneli Korhonen", "Nordkap"),
    Customer("Henrik Voss", "Voss & Sohn"),
    Customer("Beate Krüger", "Voss & Sohn"),
    Customer("Carmen Ruiz", "Pinecrest Hotels"),
    Customer("Desmond Price", "Pinecrest Hotels"),
    Customer("Rita Almeida", "Almeida Logistics"),
    Customer("João Teixeira", "Almeida Logistics"),
    Customer("Zdeněk Novotný", "Ostrava Steel"),
    Customer("Jana Horáková", "Ostrava Steel"),
    Customer("Freya McAllister", "Kestrel Air"),
    Customer("Colin Abara", "Kestrel Air"),
    Customer("Élodie Lefèvre", "Maison Lefèvre"),
    Customer("Mathieu Girard", "Maison Lefèvre"),
    Customer("Brenda Okafor", "Green Valley Schools"),
    Customer("Walt Jensen", "Green Valley Schools"),
    Customer("Imogen Harrow", "Quill & Harrow"),
    Customer("Ravi Menon", "Quill & Harrow"),
    Customer("Lars Petersen", "Sanderling Foods"),
    Customer("محمد الأحمد", "Sanderling Foods"),
    Customer("田中 美咲", "Kestrel Air"),
]


def address(name: str, domain: str, fallback: int) -> str:
    """luis.almeida@harborclinics.example; names that ASCII can't hold get a numbered address."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{'.'.join(plain.split()) or f'person{fallback}'}@{domain}"

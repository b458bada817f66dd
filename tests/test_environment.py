"""What an operator may set, and the one sentence that a wrong value gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from mainstay.environment import Environment, Refusal


def test_earlier_keys_are_read_from_the_variable_or_from_a_file(tmp_path: Path) -> None:
    assert Environment({}).earlier_secrets("SECRETS_KEY_FALLBACKS") == []
    keys = ["a" * 40, "b" * 64]
    assert Environment({"SECRETS_KEY_FALLBACKS": f" {keys[0]}, {keys[1]},"}).earlier_secrets("SECRETS_KEY_FALLBACKS") == keys
    (tmp_path / "old.key").write_text("\n".join(keys) + "\n")
    assert Environment({"SECRETS_KEY_FALLBACKS_FILE": str(tmp_path / "old.key")}).earlier_secrets("SECRETS_KEY_FALLBACKS") == keys


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"SECRETS_KEY_FALLBACKS": "canary"}, "SECRETS_KEY_FALLBACKS holds a key that is shorter than 32 characters."),
        ({"SECRETS_KEY_FALLBACKS": f"{'a' * 40},canary"}, "SECRETS_KEY_FALLBACKS holds a key that is shorter than 32 characters."),
        (
            {"SECRETS_KEY_FALLBACKS_FILE": "/nowhere/old.key"},
            "SECRETS_KEY_FALLBACKS_FILE names /nowhere/old.key, and that file can't be read.",
        ),
    ],
)
def test_a_wrong_earlier_key_stops_the_start_with_one_sentence_that_does_not_show_it(variables: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refusal) as refusal:
        Environment(variables).earlier_secrets("SECRETS_KEY_FALLBACKS")
    assert str(refusal.value) == f"Mainstay does not start: {sentence}"


@pytest.mark.parametrize("key", ["SECRET_KEY", "SECRETS_KEY"])
def test_a_key_that_can_not_be_read_or_is_too_short_stops_the_start(tmp_path: Path, key: str) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    wrong = [
        ({key: "canary"}, f"{key} is shorter than 32 characters."),
        ({f"{key}_FILE": "/nowhere/key"}, f"{key}_FILE names /nowhere/key, and there is no such file."),
        ({f"{key}_FILE": str(folder)}, f"{key}_FILE names {folder}, and there is no such file."),
    ]
    for variables, sentence in wrong:
        with pytest.raises(Refusal) as refusal:
            Environment(variables).secret(key, tmp_path / "made.key")
        assert str(refusal.value) == f"Mainstay does not start: {sentence}"
    (tmp_path / "binary.key").write_bytes(b"\xff\xfe" * 40)
    with pytest.raises(Refusal, match="can't be read"):
        Environment({f"{key}_FILE": str(tmp_path / "binary.key")}).secret(key, tmp_path / "made.key")


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("address", "somewhere"),
        ("address", "127.0.0.1:99999"),
        ("address", "127.0.0.1:٨٠"),
        ("url", "help.example.com"),
        ("url", "http://[half"),
        ("url", "http://help.example.com:port"),
        ("url", "https://help.example.com/desk"),
        ("networks", "10.0.0.0/40"),
        ("flag", "perhaps"),
        ("database", "mysql://root@127.0.0.1/mainstay"),
        ("database", "postgresql://root@127.0.0.1:port/mainstay"),
        ("database", "postgresql://root@127.0.0.1"),
        ("database", "postgresql://[half/mainstay"),
        ("database", "postgresql://root@127.0.0.1/mainstay?prepared=maybe"),
    ],
)
def test_every_wrong_value_is_refused_by_name(read: str, value: str, tmp_path: Path) -> None:
    environment = Environment({"NAME": value})
    more = {"address": ("127.0.0.1:80",), "url": ("http://127.0.0.1",), "database": (tmp_path / "x",)}.get(read, ())
    with pytest.raises(Refusal, match=r"^Mainstay does not start: NAME [^\n]+\.$"):
        getattr(environment, read)("NAME", *more)


def test_a_pooler_that_changes_connections_gets_no_prepared_statements(tmp_path: Path) -> None:
    def options(end: str) -> dict[str, object]:
        address = f"postgresql://mainstay@db.example/mainstay?{end}"
        return Environment({"DATABASE_URL": address}).database("DATABASE_URL", tmp_path / "x")["OPTIONS"]

    assert options("sslmode=require") == {"sslmode": "require", "server_side_binding": True, "prepare_threshold": 2}
    assert options("prepared=no") == {}


def test_the_hosts_are_the_one_of_the_address_those_named_and_this_machine() -> None:
    local = ["127.0.0.1", "localhost", "[::1]"]
    assert Environment({}).hosts("ALLOWED_HOSTS", "http://127.0.0.1:8000") == local
    named = Environment({"ALLOWED_HOSTS": "support.example.com, 10.0.0.7"})
    assert named.hosts("ALLOWED_HOSTS", "https://help.example.com") == ["help.example.com", "support.example.com", "10.0.0.7", *local]


def test_an_installation_without_a_name_is_taken_for_no_other_one() -> None:
    host = Environment({}).message_host
    assert host("https://help.harbor.example", "a" * 32) == "help.harbor.example"
    one, other = host("http://10.0.0.5:8000", "a" * 32), host("http://10.0.0.5:8000", "b" * 32)
    assert one != other
    assert one.endswith(".mainstay.invalid") and "a" * 32 not in one

"""Settings can't make us look into our own network."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from mainstay.kernel import net

INSIDE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0.0.0.0",
    "10.0.0.5",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.5",
    "2002:7f00:1::",
    "2002:a00:5::1",
    "64:ff9b::10.0.0.5",
    "localhost",
    "localhost.",
]


@pytest.mark.security("S-078")
@pytest.mark.parametrize("host", INSIDE)
def test_no_name_leads_inside(host):
    with pytest.raises(OSError):
        net.checked(host, 587)


@pytest.mark.security("S-078")
@pytest.mark.parametrize("host", ["user@192.0.2.1", "192.0.2.1:25", "a b", "http://example.com", "exa\nmple.com", "", "-" * 300, "[::1]"])
def test_a_host_is_a_name_or_an_address_and_nothing_else(host):
    with pytest.raises(net.Forbidden):
        net.checked(host, 587)


@pytest.mark.security("S-079")
@pytest.mark.parametrize("port", [22, 80, 443, 3306, 5432, 6379, 0, 70000])
def test_only_the_ports_of_mail_are_open(port):
    with pytest.raises(net.Forbidden):
        net.checked("1.1.1.1", port)


def test_a_public_address_may_be_used():
    assert net.checked("1.1.1.1", 587) == [ipaddress.ip_address("1.1.1.1")]


@pytest.mark.security("S-078")
def test_the_operator_can_open_a_network_of_their_own_and_only_that(settings):
    settings.ALLOWED_NETWORKS = [ipaddress.ip_network("10.1.0.0/16")]
    assert net.checked("10.1.2.3", 8025)
    with pytest.raises(net.Forbidden):
        net.checked("10.2.0.1", 587)


def test_the_demo_may_speak_to_this_machine(settings):
    settings.DEMO = True
    assert net.checked("127.0.0.1", 2525)


@pytest.mark.security("S-078")
def test_one_inside_address_among_several_closes_the_name(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolving("1.1.1.1", "10.0.0.5"))
    with pytest.raises(net.Forbidden):
        net.checked("two-faced.example", 587)


@pytest.mark.security("S-078")
def test_a_name_is_resolved_once_so_it_cannot_change_between_check_and_use(monkeypatch, settings):
    settings.ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.2/32")]
    with socket.create_server(("127.0.0.2", 0)) as server:
        answers = iter([["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1"]])
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: resolving(*next(answers))())
        with net.connect("rebinding.example", server.getsockname()[1], timeout=5) as line:
            assert line.getpeername()[0] == "127.0.0.2"


def test_a_refusal_tells_nothing_about_what_is_there():
    told = set()
    for host, port in (("10.0.0.5", 25), ("127.0.0.1", 5432), ("169.254.169.254", 587)):
        with pytest.raises(net.Forbidden) as refusal:
            net.checked(host, port)
        told.add(str(refusal.value))
    assert len(told) == 1


def resolving(*addresses: str):
    return lambda *a, **k: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 587)) for address in addresses]

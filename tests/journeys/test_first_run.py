"""A new installation, from the first page to a colleague who answers; everything by the settings pages."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Watch
from tests.desk.pictures import png
from tests.journeys.conftest import PATIENCE
from tests.journeys.letters import NUMBER, hand_in, mail
from tests.mail.peer import Peer

PASSWORD, BETTER = "a mast held by two stays", "two stays that hold a mast"
OURS, INGRID, MAYA = "help@northwind.example", "ingrid@northwind.example", "maya@northwind.example"


@pytest.fixture
def visitor(browser: Browser, fresh):
    """Opens browsers of people who have never been here; none of them complains."""
    expect.set_options(timeout=PATIENCE)
    opened = []

    def visit() -> Page:
        context = browser.new_context(base_url=fresh.address, timezone_id="Europe/Oslo", viewport={"width": 1440, "height": 900})
        context.set_default_timeout(PATIENCE)
        opened.append(Watch(context))
        # The browser notes the answers to a wrong form and to what one may not do.
        opened[-1].allow(403, 404, 422)
        return context.new_page()

    yield visit
    for watch in opened:
        watch.over()


def test_from_nothing_to_a_desk_with_two_people(fresh, visitor):
    ingrid = visitor()
    with Peer() as provider:
        _sets_up(ingrid)
        _connects_the_mailbox(ingrid, provider)
        _says_who_when_and_how(ingrid)
        link = _a_customer_is_told(fresh, ingrid, provider)
        maya = visitor()
        _a_colleague_joins(ingrid, maya, provider)
        _tells_about_herself(maya)
        _the_customer_follows(visitor(), link)
        _leaves_and_comes_back(ingrid, maya, visitor())


def _sets_up(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="Let's set sail")).to_be_visible()
    page.get_by_label("Your company, as customers know it").fill("Northwind Help")
    page.get_by_label("The address you answer").fill(INGRID)
    page.get_by_label("Your name").fill("Ingrid Solberg")
    page.get_by_label("Your own e-mail address").fill(INGRID)
    page.get_by_label("Password").fill(PASSWORD)
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Oslo")
    page.get_by_role("button", name="Set up Mainstay").click()
    expect(page.get_by_text("This is your own address.")).to_be_visible()
    expect(page.get_by_label("Your company, as customers know it")).to_have_value("Northwind Help")
    page.get_by_label("The address you answer").fill(OURS)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Set up Mainstay").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    expect(page.get_by_text("Welcome, Ingrid. Mainstay stands.")).to_be_visible()
    assert page.goto("/setup/").status == 404


def _connects_the_mailbox(page: Page, provider: Peer) -> None:
    page.goto("/settings/mailboxes/")
    page.get_by_role("link", name=re.compile(OURS)).click()
    page.get_by_label("Server").fill("127.0.0.1")
    page.get_by_label("Port").fill("1")
    page.get_by_label("Encryption").select_option("none")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Try it now").click()
    expect(page.locator(".banner.bad")).to_be_visible()
    page.get_by_label("Port").fill(str(provider.port))
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Try it now").click()
    expect(page.locator(".banner.good")).to_be_visible()
    assert provider.taken == []


def _says_who_when_and_how(page: Page) -> None:
    settings = page.get_by_role("navigation", name="Settings")
    settings.get_by_role("link", name="Teams").click()
    page.get_by_role("link", name=re.compile("Northwind Help")).click()
    page.get_by_label("Voice").fill("The people of Northwind")
    page.get_by_label("Telephones").fill("+47 555 0199")
    page.get_by_role("button", name="Save").click()

    settings.get_by_role("link", name="Hours").click()
    page.locator("a.thing").first.click()
    page.get_by_label("Monday").fill("around nine")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Monday")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Monday")).to_have_value("around nine")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        page.get_by_label(day).fill("7:00–16:00")
    page.get_by_label("Country").select_option("NO")
    page.get_by_role("button", name="Put these holidays in").click()
    expect(page.get_by_label("Holidays")).to_have_value(re.compile(r"-05-17 "))
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_be_visible()

    settings.get_by_role("link", name="Severities and targets").click()
    first = page.get_by_role("group", name=re.compile("Level 1"))
    first.get_by_label("Name").fill("Sinking")
    first.get_by_label("Read within").fill("10 min")
    page.get_by_role("button", name="Save").click()
    expect(first.get_by_label("Name")).to_have_value("Sinking")

    settings.get_by_role("link", name="Acknowledgement").click()
    text = page.get_by_label("Text")
    text.fill("{greeting},\n\nahoy. Yours is {number}; {oracle} knows.\n\n{team}")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("We don't know what to put for {oracle}")).to_be_visible()
    text.fill("{greeting},\n\nahoy. Yours is {number}. A person reads it {read_by}.\nWe are here {hours}.\nCall us: {phones}.\n\n{team}")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".letter-seen").first).to_contain_text("ahoy. Yours is 204 118 337.")
    expect(page.locator(".letter-seen").first).to_contain_text("every day 7:00–16:00 (Europe/Oslo)")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_be_visible()


def _a_customer_is_told(fresh, page: Page, provider: Peer) -> str:
    """Returns the link by which she follows her case."""
    page.goto("/desk/open/")
    expect(page.get_by_text("All quiet").or_(page.locator(".empty"))).to_be_visible()
    question = mail("Eva Holm <eva@holm.example>", "Is the ferry running?", "It is windy.")
    question.replace_header("To", OURS)
    hand_in(fresh, question)
    expect(page.get_by_role("link", name=re.compile("Is the ferry running"))).to_be_visible()
    text = _taken(page, provider, "eva@holm.example").get_body(("plain",)).get_content()
    assert NUMBER.search(text)
    assert "Call us: +47 555 0199." in text
    assert "The people of Northwind" in text
    return re.search(r"http://127\.0\.0\.1:\d+/help/case/\S+", text)[0]


def _a_colleague_joins(ingrid: Page, maya: Page, provider: Peer) -> None:
    ingrid.goto("/settings/agents/invite")
    ingrid.get_by_label("Name").fill("Maya Ortiz")
    ingrid.get_by_label("E-mail address").fill(MAYA)
    ingrid.get_by_role("button", name="Invite").click()
    link = ingrid.locator(".one-link code").inner_text()
    assert link in _taken(ingrid, provider, MAYA).get_body(("plain",)).get_content()

    maya.goto(link)
    expect(maya.get_by_role("heading", name="Welcome aboard, Maya")).to_be_visible()
    maya.get_by_label("Password").fill("maya")
    maya.get_by_role("button", name="Set password and start").click()
    expect(maya.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    maya.get_by_label("Password").fill(PASSWORD)
    maya.get_by_label("Time zone").select_option("Europe/Lisbon")
    maya.get_by_role("button", name="Set password and start").click()
    expect(maya.get_by_text("Your password is set. Welcome, Maya.")).to_be_visible()
    assert maya.goto(link).status == 404
    assert maya.goto("/settings/").status == 403


def _tells_about_herself(maya: Page) -> None:
    maya.goto("/profile/")
    expect(maya.get_by_label("Time zone")).to_have_value("Europe/Lisbon")
    maya.get_by_label("Photo").set_input_files([{"name": "maya.png", "mimeType": "image/png", "buffer": png(300, 200)}])
    maya.get_by_label("Signature").fill("Maya Ortiz\nNorthwind, on deck")
    maya.get_by_label("Time to undo a reply").fill("3")
    maya.get_by_label("Time zone").select_option("Asia/Tokyo")
    maya.get_by_role("button", name="Save").click()
    expect(maya.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    face = maya.locator(".profile-face img")
    assert face.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    maya.get_by_role("link", name="Change password").click()
    maya.get_by_label("Present password").fill("not this one at all")
    maya.get_by_label("New password").fill(BETTER)
    maya.get_by_role("button").filter(has_text=re.compile("password", re.I)).last.click()
    expect(maya.get_by_label("Present password")).to_have_attribute("aria-invalid", "true")
    maya.get_by_label("Present password").fill(PASSWORD)
    maya.get_by_label("New password").fill(BETTER)
    maya.get_by_role("button").filter(has_text=re.compile("password", re.I)).last.click()
    expect(maya.locator(".toast")).to_be_visible()

    maya.goto("/desk/open/")
    maya.get_by_role("link", name=re.compile("Is the ferry running")).click()
    expect(maya.locator(".composer-signature")).to_have_text("Maya Ortiz\nNorthwind, on deck")
    maya.get_by_label("Your words").fill("It is, until four.")
    maya.get_by_role("button", name="Send to Eva").click()
    expect(maya.locator(".message.ours:not(.held)")).to_contain_text("It is, until four.")


def _the_customer_follows(eva: Page, link: str) -> None:
    eva.goto(link)
    expect(eva.get_by_role("heading", name="Is the ferry running?")).to_be_visible()
    expect(eva.get_by_text("It is, until four.")).to_be_visible()
    eva.get_by_role("textbox").fill("Then we take the one at three.")
    eva.get_by_role("button", name="Send").click()
    expect(eva.get_by_text("Then we take the one at three.")).to_be_visible()
    expect(eva.get_by_role("textbox")).to_have_value("")


def _leaves_and_comes_back(ingrid: Page, maya: Page, elsewhere: Page) -> None:
    ingrid.goto("/settings/agents/")
    ingrid.get_by_role("link", name=re.compile("Maya Ortiz")).click()
    ingrid.get_by_role("button", name="Disable").click()
    ingrid.get_by_role("dialog").get_by_role("button", name="Disable").click()
    expect(ingrid.get_by_role("heading", name="Disabled")).to_be_visible()
    maya.goto("/desk/")
    expect(maya.get_by_role("heading", name="Sign in")).to_be_visible()
    _sign_in(elsewhere)
    expect(elsewhere.get_by_role("heading", name="My next")).to_have_count(0)
    ingrid.get_by_role("link", name=re.compile("Maya Ortiz")).click()
    ingrid.get_by_role("button", name="Let them sign in again").click()
    expect(ingrid.locator(".toast")).to_be_visible()
    _sign_in(elsewhere)
    expect(elsewhere.get_by_role("heading", name="My next")).to_be_visible()


def _sign_in(page: Page) -> None:
    page.goto("/account/sign-in")
    page.get_by_label("E-mail").fill(MAYA)
    page.get_by_label("Password").fill(BETTER)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


def _taken(page: Page, provider: Peer, recipient: str):
    """What the provider's server took for this reader, once it is there."""
    for _ in range(60):
        found = [one for one in provider.taken if one.recipient == recipient]
        if found:
            return message_from_bytes(found[-1].data, policy=policy.default)
        page.wait_for_timeout(250)
    raise AssertionError(f"nothing left for {recipient}")

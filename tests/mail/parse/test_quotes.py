"""Where a reply ends: our own marker, what mail programs write, and when to leave everything as it is."""

from __future__ import annotations

import pytest

from mainstay.mail.parse import parse
from mainstay.mail.parse.quotes import cut
from tests.mail.parse.letters import html, mail, plain

REPLY = "It opens now, many thanks to the whole crew."


def visible(text: str) -> str:
    return text[: cut(text)[0]]


@pytest.mark.parametrize(
    "announcement",
    [
        "On Mon, Mar 2, 2026 at 9:42 AM, Maya Ortiz <maya@journeyware.example> wrote:",
        "On Mon, Mar 2, 2026 at 9:42 AM Maya Ortiz\n<maya@journeyware.example> wrote:",
        "On 2 Mar 2026, at 09:42, Maya Ortiz wrote:",
        "Am Mo., 2. März 2026 um 09:42 Uhr schrieb Maya Ortiz <maya@journeyware.example>:",
        "Am 02.03.2026 um 09:42 schrieb Maya Ortiz:",
        "Le lun. 2 mars 2026 à 09:42, Maya Ortiz <maya@journeyware.example> a écrit :",
        "El lun, 2 mar 2026 a las 9:42, Maya Ortiz (<maya@journeyware.example>) escribió:",
        "Il giorno lun 2 mar 2026 alle ore 09:42 Maya Ortiz <maya@journeyware.example> ha scritto:",
        "Em seg., 2 de mar. de 2026 às 09:42, Maya Ortiz <maya@journeyware.example> escreveu:",
        "Op ma 2 mrt 2026 om 09:42 schreef Maya Ortiz <maya@journeyware.example>:",
        "Den mån 2 mars 2026 kl 09:42 skrev Maya Ortiz <maya@journeyware.example>:",
        "Den man. 2. mar. 2026 kl. 09.42 skrev Maya Ortiz <maya@journeyware.example>:",
        "man. 2. mars 2026 kl. 09:42 skrev Maya Ortiz <maya@journeyware.example>:",
        "ma 2. maalisk. 2026 klo 9.42 Maya Ortiz (maya@journeyware.example) kirjoitti:",
        "pon., 2 mar 2026 o 09:42 Maya Ortiz <maya@journeyware.example> napisał(a):",
        "W dniu 2.03.2026 o 09:42, Maya Ortiz pisze:",
        "po 2. 3. 2026 v 9:42 odesílatel Maya Ortiz <maya@journeyware.example> napsal:",
        "пн, 2 мар. 2026 г. в 09:42, Maya Ortiz <maya@journeyware.example>:",
        "2 марта 2026 г., 09:42, Maya Ortiz написала:",
        "пн, 2 бер. 2026 р. о 09:42 Maya Ortiz <maya@journeyware.example> пише:",
        "Maya Ortiz <maya@journeyware.example> ezt írta (időpont: 2026. márc. 2., H, 9:42):",
        "În lun., 2 mar. 2026 la 09:42, Maya Ortiz <maya@journeyware.example> a scris:",
        "Maya Ortiz <maya@journeyware.example>, 2 Mar 2026 Pzt, 09:42 tarihinde şunu yazdı:",
        "Vào Th 2, 2 thg 3, 2026 vào lúc 09:42 Maya Ortiz <maya@journeyware.example> đã viết:",
        "Στις Δευ 2 Μαρ 2026 στις 9:42 π.μ., ο χρήστης Maya Ortiz <maya@journeyware.example> έγραψε:",
        "2026年3月2日(月) 9:42 Maya Ortiz <maya@journeyware.example>:",
        "2026년 3월 2일 (월) 오전 9:42, Maya Ortiz <maya@journeyware.example>님이 작성:",
        "Maya Ortiz <maya@journeyware.example> 于2026年3月2日周一 09:42写道：",
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "----- Mensaje original -----",
        "From: Maya Ortiz <maya@journeyware.example>\nSent: Monday, March 2, 2026 9:42 AM\nTo: Luis Almeida\nSubject: The log",
        "________________________________\nFrom: Maya Ortiz\nSent: Monday\nTo: Luis\nSubject: The log",
        "*From:* Maya Ortiz\n*Date:* Monday, March 2, 2026\n*To:* Luis\n*Subject:* The log",
        "Von: Maya Ortiz <maya@journeyware.example>\nGesendet: Montag, 2. März 2026 09:42\nAn: Luis\nBetreff: Das Log",
        "De : Maya Ortiz\nEnvoyé : lundi 2 mars 2026 09:42\nÀ : Luis\nObjet : Le journal",
        "De: Maya Ortiz\nEnviado: lunes, 2 de marzo de 2026 9:42\nPara: Luis\nAsunto: El registro",
        "Da: Maya Ortiz\nInviato: lunedì 2 marzo 2026 09:42\nA: Luis\nOggetto: Il registro",
        "Van: Maya Ortiz\nVerzonden: maandag 2 maart 2026 09:42\nAan: Luis\nOnderwerp: Het log",
        "Från: Maya Ortiz\nSkickat: den 2 mars 2026 09:42\nTill: Luis\nÄmne: Loggen",
        "Fra: Maya Ortiz\nSendt: 2. marts 2026 09:42\nTil: Luis\nEmne: Loggen",
        "Lähettäjä: Maya Ortiz\nLähetetty: maanantai 2. maaliskuuta 2026\nVastaanottaja: Luis\nAihe: Loki",
        "Od: Maya Ortiz\nWysłano: poniedziałek, 2 marca 2026\nDo: Luis\nTemat: Dziennik",
        "От: Maya Ortiz\nОтправлено: 2 марта 2026 г.\nКому: Luis\nТема: Журнал",
        "发件人: Maya Ortiz\n发送时间: 2026年3月2日\n收件人: Luis\n主题: 日志",
        "差出人: Maya Ortiz\n送信日時: 2026年3月2日\n宛先: Luis\n件名: ログ",
        "보낸 사람: Maya Ortiz\n보낸 날짜: 2026년 3월 2일\n받는 사람: Luis\n제목: 로그",
        "---- Maya Ortiz wrote ----",
    ],
)
def test_what_programs_write_above_a_quote_ends_the_reply(announcement):
    assert visible(f"{REPLY}\n\n{announcement}\n\n> Please try again.\n> Maya\n") == REPLY
    assert visible(f"{REPLY}\n\n{announcement}\n\nPlease try again.\n\nMaya\n") == REPLY


def test_quoted_lines_at_the_end_need_no_announcement():
    assert visible(f"{REPLY}\n\n> Please try again.\n> Maya\n") == REPLY


@pytest.mark.parametrize(
    "text",
    [
        "On Mon, Mar 2, 2026 at 9:42 AM, Maya Ortiz <maya@journeyware.example> wrote:\n> Does it open?\n\nIt does.\n\n> And "
        "the chart?\n\nThat too.\n",
        "On Mon, Mar 2, 2026 at 9:42 AM, Maya Ortiz wrote:\n> Does it open?\n\nIt does.\n",
        "I want to answer your points:\n\n> Does it open?\n\nIt does.\n\n> And the chart?\n\nThat too.\n",
        "See below.\n\n---------- Forwarded message ---------\nFrom: Dana <dana@corvid.example>\nDate: Mon, Mar 2, 2026\n"
        "Subject: The log\nTo: Luis\n\nIt won't open.\n",
        "From: Dana <dana@corvid.example>\nSent: Monday, March 2, 2026\nTo: Luis\nSubject: The log\n\nIt won't open.\n",
        "Meeting:\n\nDate: Wednesday 3 March 2026\nTime: 7:00\nAddress: Pier 4\n\nBring the chart.\n",
        "The times were\n\n2026-03-02 09:42:25\n02.03.2026 09:42\nMar 2, 2026 at 09:42\n\nand then it stopped.",
        "As Conrad wrote:\nthe sea never changes.\nNothing in the log says so.",
        "Here is the code:\n```\nOn Mon, Mar 2, 2026 at 9:42 AM, Maya Ortiz wrote:\n-- \nsig\n```\nCan you see why?",
        "Steps\n----\n1. Open\n2. Close\n----\nThat is all of it.",
        ">>> import log\n>>> log.open()\nand then it hangs",
    ],
)
def test_when_unsure_nothing_is_cut(text):
    assert cut(text) == (len(text), len(text))


def test_a_forward_stays_whole_by_its_subject():
    body = f"{REPLY}\n\nFrom: Dana <dana@corvid.example>\nSent: Monday, March 2, 2026\nTo: Luis\nSubject: The log\n\nIt won't open.\n"
    letter = parse(mail("Subject: Fwd: The log", "Content-Type: text/plain; charset=utf-8", body=body))
    assert letter.reply == letter.text


@pytest.mark.parametrize(
    ("text", "reply", "unquoted"),
    [
        (f"{REPLY}\n\n-- \nLuis Almeida\nHarbor Clinics\n", REPLY, f"{REPLY}\n\n-- \nLuis Almeida\nHarbor Clinics\n"),
        (f"{REPLY}\n\nSent from my iPhone\n\n> Try again\n", REPLY, f"{REPLY}\n\nSent from my iPhone"),
        (f"{REPLY}\n\nKind regards,\nLuis\n+351 555 0142\n\n> Try again\n", REPLY, f"{REPLY}\n\nKind regards,\nLuis\n+351 555 0142"),
        (f"{REPLY}\n\nMit freundlichen Grüßen\nLuis\n", REPLY, f"{REPLY}\n\nMit freundlichen Grüßen\nLuis\n"),
        (f"{REPLY}\n\nGesendet von meinem Telefon\n", REPLY, f"{REPLY}\n\nGesendet von meinem Telefon\n"),
    ],
)
def test_a_signature_is_told_from_the_words_and_from_the_quote(text, reply, unquoted):
    signed, quoted = cut(text)
    assert (text[:signed], text[:quoted]) == (reply, unquoted)


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sent from Outlook for iOS",
        "Get Outlook for Android<https://aka.ms/x>",
        "Sent with Proton Mail secure email.",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Skickat från min iPhone",
        "Sendt fra min iPhone",
        "Lähetetty iPhonesta",
        "Verzonden vanaf mijn iPhone",
        "Wysłane z iPhone'a",
        "Отправлено с iPhone",
        "发自我的iPhone",
        "iPhoneから送信",
        "*Sent from my BlackBerry*",
    ],
)
def test_a_telephone_signs_in_many_languages(line):
    assert visible(f"{REPLY}\n\n{line}\n") == REPLY
    assert visible(f"{REPLY}\n\n{line}\n\nOn Mon, Mar 2, 2026 at 9:42 AM, Maya Ortiz wrote:\n> Try again\n") == REPLY


@pytest.mark.parametrize(
    "text",
    [
        "Sent from my desk, which is easier than my telephone.",
        "I write with regards to the payment.\nAs regards the time, we are done by Friday.",
        "Thanks\nCould you look at the chart too?",
        "Kind regards,\nLuis",
    ],
)
def test_sentences_that_look_like_signatures_stay(text):
    assert visible(text) == text


def test_our_own_marker_goes_before_any_guess():
    announced = "Am 02.03.2026 um 09:42 schrieb Journeyware Support:"
    quoted = f"{announced}\n> ##- Bitte über dieser Zeile antworten -##\n>\n> Guten Tag\n\nNachsatz ohne Zeichen"
    assert visible(f"{REPLY}\n\n{quoted}") == REPLY
    assert visible(f"{REPLY}\n\n##- Reply above this line -##\n\nHello") == REPLY
    assert visible(f"{REPLY}\n\nGanz eigene Worte:\n> ##- Bitte über dieser\n> Zeile antworten -##\n> Guten Tag").startswith(REPLY)
    assert "antworten" not in visible(f"{REPLY}\n\nGanz eigene Worte:\n> ##- Bitte über dieser\n> Zeile antworten -##\n\nNachsatz")


@pytest.mark.parametrize(
    "quote",
    [
        '<div data-mainstay-reply-above="1">Hello Luis</div>',
        '<div class="gmail_quote"><div class="gmail_attr">Somebody, some day:</div><blockquote class="gmail_quote">Try '
        "again</blockquote></div>",
        '<blockquote type="cite"><div>Try again</div></blockquote>',
        '<div class="moz-cite-prefix">Ein Satz:</div><blockquote type="cite">Try again</blockquote>',
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>X:</b> Maya</div><div>Try again</div>',
        '<div class="yahoo_quoted"><div>Try again</div></div>',
        '<div class="protonmail_quote">Try again</div>',
        '<hr id="zwchr"><div>Try again</div>',
        '<hr id="stopSpelling">Try again',
    ],
)
def test_the_elements_in_which_programs_quote(quote):
    letter = parse(html(f"<html><body><p>{REPLY}</p>{quote}</body></html>"))
    assert letter.reply == REPLY
    assert "Try again" in letter.text or "Hello Luis" in letter.text


def test_words_below_a_quoted_element_keep_everything():
    letter = parse(html(f'<blockquote type="cite">Does it open?</blockquote><p>{REPLY}</p>'))
    assert letter.cut == len(letter.text)


def test_an_answer_below_a_quote_without_marks_keeps_everything_but_a_signature_there_does_not():
    quote = '<div class="gmail_quote">On Mon, Mar 2, 2026, 9:42, Maya Ortiz wrote:<div>Does it open?</div></div>'
    answered = parse(html(f"<p>{REPLY}</p>{quote}<p>And the chart opens too.</p>"))
    assert answered.cut == len(answered.text)
    assert parse(html(f"<p>{REPLY}</p>{quote}<div>-- <br>Luis Almeida</div>")).reply == REPLY


def test_nothing_is_ever_lost_by_a_cut():
    text = f"{REPLY}\n\nOn Mon, Mar 2, 2026 at 9:42 AM, Maya Ortiz wrote:\n> Try again\n"
    letter = parse(plain(text))
    assert letter.text == text and letter.reply == REPLY and 0 < letter.cut <= letter.quoted_from < len(text)


def test_a_mail_of_quotes_alone_is_shown_whole():
    text = "> Try again\n> Maya\n"
    assert visible(text) == text


@pytest.mark.security("S-088")
@pytest.mark.parametrize(
    "hostile",
    [
        " " * 500_000,
        "> " * 250_000,
        ">\n" * 250_000,
        "On " * 160_000,
        "From: a\n" * 60_000,
        "-" * 500_000,
        "--\n" * 160_000,
        "wrote:\n" * 70_000,
        "http://a.b/c " * 40_000,
        "##- " * 120_000,
        "a@b <c@d>\n" * 50_000,
        "On 1 at 1:11\n" * 40_000,
        "Sent from my\n" * 40_000,
        "regards,\n" * 55_000,
    ],
)
def test_cutting_takes_linear_time(hostile, quickly):
    with quickly(1.0):
        cut(hostile)

"""The words of delivery failures: who couldn't be reached, for how long, and whether the address itself is dead."""

from __future__ import annotations

import re

BODY_CAP = 20_000
RECIPIENTS_CAP = 100
_ADDRESS = r"[^\s<>@\"',;:()\[\]]{1,64}@[^\s<>@\"',;:()\[\]]{1,200}"
SENDER = re.compile(r"^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mail\.delivery\.system|mdaemon|bounce[sd]?(?:[-+].*)?)(?:@|$)", re.I)
POSTMASTER = re.compile(r"^po+st[-_.]?master\b|^no-?reply\b|^double-bounce\b|^mailadmin\b|^system\b|^symantec_antivirus", re.I)
SENDER_NAME = re.compile(
    r"mail(?:er)?[\s-]*(?:delivery|daemon)|delivery\s+(?:sub)?system|system\s+administrator|e-mail interconnect|postmaster", re.I
)
SUBJECT = re.compile(
    r"undeliver|returned mail|returned to sender|returning (?:message|mail)? ?to sender|mail system error|"
    r"delivery (?:status )?(?:notification|failure|"
    r"problem|report|status|has failed|error|warning)|deliver(?:y|ed)? (?:has )?failed|failure (?:notice|delivery|notification)|"
    r"mail (?:delivery )?fail(?:ed|ure)"
    r"|(?:could not|couldn't|cannot|can't|not) be(?:en)? (?:yet )?delivered|not delivered|message (?:delivery )?(?:delayed|failed|"
    r"rejected)|error sending your mail|"
    r"delivery delayed|warning: (?:could not send|message)|automatically rejected|delivery incomplete|"
    r"unzustellbar|zustellung fehlgeschlagen|nicht zugestellt|nicht zustellbar|échec de la remise|non remis|non distribu|"
    r"no se ha podido entregar|no entregado|"
    r"entrega fallida|mancata consegna|não (?:foi )?entregue|falha na entrega|niet bezorgd|onbestelbaar|kunde inte levereras|"
    r"kunne ikke leveres|"
    r"nie dostarczono|niedoręczon|nedoručiteln|не доставлен|недоставлен|teslim edilemedi|配信不能|送信できません|メールエラー|"
    r"投递失败|退信|退信通知|"
    r"배달되지 않음|전송 실패",
    re.I,
)
CERTAIN_SUBJECT = re.compile(
    r"^(?:undeliverable: |undelivered mail returned to sender|delivery status notification(?: \(failure\)|$)|"
    r"returned mail: see transcript)",
    re.I,
)
BODY = re.compile(
    r"(?:could not|couldn't|cannot|can't|unable to|not able to|wasn't able to|failed to|was not|were unable to|did not|"
    r"trouble) (?:be )?(?:successfully )?(?:deliver|reach|"
    r"send)|undeliverable|delivery (?:to|of|attempt|failed|has failed|error)|permanent (?:fatal )?error|fatal errors|"
    r"following (?:address|recipient)|"
    r"user unknown|unknown user|no such user|mailbox (?:is )?(?:full|unavailable)|over quota|disk quota|exceeds allowed size|"
    r"failure reasons?|transcript of session|"
    r"error (?:has occurred|occurred) while|automatically rejected|(?:returned|undelivered) mail|final delivery userid|"
    r"invalid user address|"
    r"has been (?:delayed|postponed)|送信できませんでした|не может быть доставлено|konnte nicht zugestellt|n'a pas pu être (?:remis|"
    r"distribu|"
    r"envoy)|no se pudo entregar|"
    r"nie mogła zostać dostarczona|kon niet worden bezorgd|non è stato possibile|não pôde ser entregue",
    re.I,
)
DELAYED = re.compile(
    r"warning message only|do not need to resend|do not resend your|will be (?:retried|made for|kept)|has not yet been delivered|"
    r"will continue to (?:try|be made)|"
    r"delivery attempts will continue|still (?:being )?(?:trying|attempted)|(?:has been|is) (?:delayed|postponed|deferred)|"
    r"noch nicht zugestellt|retry (?:for|until)|\(delay\)",
    re.I,
)
GIVEN_UP = re.compile(
    r"given up|giving up|permanent(?:ly)? (?:error|failure|failed|fatal)|no further (?:delivery )?attempts|retry timeout exceeded|"
    r"returned to you",
    re.I,
)
_ORIGINAL = re.compile(
    r"^[^\S\n]*(?:[-=*_]{2,}.{0,100}(?:original|returned|unsent|copy of|message header|header of|below this line|body).{0,100}"
    r"|(?:the )?original message(?: headers?)? (?:follows|attached|details).*|message (?:headers?|text) follow.*|old message:.*"
    r"|.{0,40}(?:below|this|included) is (?:a|the) copy of the (?:original )?message.*|Received:\s?(?:from|by|\().*|Return-Path:.*|"
    r".*lines of your original message.*)$",
    re.I | re.M,
)
_ALONE = re.compile(rf"^[\s*>\"'•-]{{0,12}}<?({_ADDRESS})>?[\"']?\s*(?:[:.]|\(.*|<.*)?\s*$")
_FIRST = re.compile(rf"^\s{{0,12}}<?({_ADDRESS})>?\s*(?:[:,(\s.]|$)")
_EXPANDED = re.compile(rf"\((?:expanded from|originally to):\s*<?({_ADDRESS})>?\)", re.I)
_LABELLED = re.compile(
    r"(?:(?:final|original|failed|intended|x-actual)[- ]recipient|recipient(?: address)?|original address|rcpt to|"
    r"delivered to(?: the following.{0,40})?|deliver(?:y of)? (?:message|email|"
    r"your mail|(?:the )?mail)?(?: has failed)? ?to(?: this address)?|your message to|undeliverable address|userid|error-for|address|"
    r"mailbox is full|allowed size|addressed to|permanent errors|"
    rf"for|to|user)\s*:?\s*(?:rfc822\s*;\s*)?[<\"'\[(]{{0,3}}(?:SMTP:)?({_ADDRESS})",
    re.I,
)
_ANYWHERE = re.compile(f"({_ADDRESS})")
_HEADER_LINE = re.compile(
    r"^\s*(?:from|reply-to|message-id|mail from|return-path|references|in-reply-to|sender|subject|list-\S+|x-\S+|system contact)\s*:", re.I
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,2}\.\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.:/-])([45]\d\d)(?=[ -]|$)")
_HARD_STATUS = {"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4"}
_SOFT = re.compile(
    r"quota|mailbox (?:is )?full|too (?:large|big|many)|spam|blocked|blacklist|block ?list|policy|relay(?:ing)? (?:denied|not)|"
    r"reputation|dmarc|\bspf\b|dkim|sender address|"
    r"not authori[sz]ed|rate limit|disabled|suspended|inactive|system error|timed? ?out|expired|loop|hop count|virus|greylist|insecure|"
    r"tempora|try again|multiple auth|mailer error|on hold",
    re.I,
)
_DEAD = re.compile(
    r"user(?:name)?[ '\"]*(?:is )?(?:unknown|not found|doesn't exist|does not exist)|unknown (?:user|recipient|address|local|account|"
    r"mailbox)|no such (?:user|mailbox|recipient|address|person|"
    r"domain|host)|does(?: not|n't) exist|not (?:a )?(?:valid|known) (?:user|mailbox|recipient)|invalid (?:recipient|user|mailbox|"
    r"address|final delivery)|no mailbox (?:here )?by|mailbox not "
    r"(?:found|available)|mailbox unavailable|not listed in|recipient (?:name is )?not (?:recognized|found)|"
    r"recipient.{0,20}not recognized|no recipient|host (?:unknown|not found|.{1,80} not found)|"
    r"unknown host|domain (?:.{1,60} )?not found|nxdomain|recipient (?:address )?rejected: (?:user|unknown|no such|undeliverable|access)|"
    r"does not accept mail|not exist\b|doesn't have|not our (?:customer|user)|has moved|moved to|"
    r"account (?:.{1,40} )?(?:has been )?(?:closed|deleted)|"
    r"bad destination|unrouteable|could not be found|address (?:couldn't|could not|wasn't) be? ?found|wasn't found|isn't found|見つから|"
    r"アドレス.{0,20}(?:存在|ません)|no longer (?:valid|with|works|exist)|addressee unknown",
    re.I,
)


def told_by(text: str) -> str:
    """The words before the returned original."""
    words = text[:BODY_CAP]
    found = _ORIGINAL.search(words)
    return words[: found.start()] if found and found.start() > 20 else words


def recipients(words: str, own: set[str]) -> tuple[str, ...]:
    """Who couldn't be reached: addresses alone on their line, else at its beginning, else behind a label, else any."""
    lines = [line[:400] for line in words.split("\n")[:400] if not _HEADER_LINE.match(line)]
    for pattern in (_ALONE, _FIRST, _LABELLED, _ANYWHERE):
        found: list[str] = []
        for line in lines:
            expanded = _EXPANDED.search(line)
            if expanded:
                found.append(expanded[1])
            elif match := (pattern.match(line) if pattern in (_ALONE, _FIRST) else pattern.search(line)):
                found.append(match[1])
        clean = [
            address
            for address in (one.rstrip(".>:\"'") for one in found)
            if "." in address.rpartition("@")[2] and address.lower() not in own
        ]
        clean = [address for address in clean if not SENDER.match(address)]
        if clean:
            unique = {address.lower(): address for address in reversed(clean)}
            return tuple(reversed(unique.values()))[:RECIPIENTS_CAP]
    return ()


def status(words: str) -> str:
    """The enhanced status code of RFC 3463 that the words name: the first that isn't about success, or an empty string."""
    codes = [code for code in _STATUS.findall(words[:BODY_CAP]) if code[0] in "45"]
    exact = [code for code in codes if not code.endswith(".0")] or [code for code in codes if not code.endswith(".0.0")]
    return str((exact or codes or [""])[0])


def reply_code(words: str) -> str:
    """The first SMTP reply code (RFC 5321 section 4.2) that tells of a failure, or an empty string."""
    found = _REPLY.search(words)
    return found[1] if found else ""


def is_hard(words: str, code: str) -> bool:
    """Whether the address or its domain doesn't exist, as against a full mailbox, a refusal or a broken way there."""
    if code.startswith("4"):
        return False
    if _DEAD.search(words) and not _SOFT.search(words):
        return True
    return code in _HARD_STATUS and not _SOFT.search(words)

"""The words by which mail programs mark a quote, a forward or a signature, in some thirty languages."""

from __future__ import annotations

import re


def _any(words: str) -> str:
    """An alternation of the lines' words, longest first."""
    found = [re.escape(word.strip()).replace(r"\ ", r"\s+") for word in words.replace("\n", "|").split("|") if word.strip()]
    return "|".join(sorted(found, key=len, reverse=True))


WROTE = re.compile(
    r"(?<![^\W_])(?:"
    + _any(
        """wrote|writes|said|schrieb|schreibt|hat geschrieben|geschrieben|a écrit|écrit|écrivait|ecrit|a ecrit|escribió
        escribio|ha escrito|escribe
        ha scritto|scritto|scrive|escreveu|escrevi|schreef|het volgende geschreven|skrev|skreiv|kirjoitti|napisał(a)|napisał|napisala
        napisała|pisze|napsal(a)|napsal|napsala|napísal(a)|napísal|napísala|написал|написала|написав|пише|пишет|писал(а)|писал|писала
        írta|irta|ezt írta|a scris|yazdı|şunu yazdı|đã viết|έγραψε|כתב|כתבה|כתב/ה|كتب|كتبت|je napisao|napisao|napisao je|je napisal(a)
        je napisal|rašė|parašė|rakstīja|kirjutas|menulis|написа|เขียนว่า"""
    )
    + r")(?![^\W_])|님이\s*작성|작성:|さんは書きました|のメッセージ|wrote|写道|寫道|написал"
)
STARTS = re.compile(
    r"^[*_\s]*(?:(?:"
    + _any(
        """On|Am|Le|El|Il|Il giorno|Em|Op|Den|Dne|Dňa|Dnia|W dniu|Vào|Pe|În|La|Στις|Στις:|On:|Dana|Dňa|Date|Le jeu.|At
        In message|Den|Tarihinde
        Pada|Sunnuntai|mån|tis|ons|tor|fre|lör|sön|man|tir|lør|søn|ma|ti|ke|to|pe|la|su|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Mo|Di|Mi|Do|Fr|Sa|So
        пн|вт|ср|чт|пт|сб|вс|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|sáb|dom|gio|sab|pon|wt|śr|czw|pt|sob|niedz|po|út|st|čt|pá|ne
        понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|lundi|mardi
        mercredi|jeudi|vendredi|samedi|dimanche|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|Montag|Dienstag|Mittwoch
        Donnerstag|Freitag|Samstag|Sonntag|From|بتاريخ|في|בתאריך|ב|Tue|Dne"""
    )
    + r")(?=[\s.,:]|$)|\d{1,4}(?:[./:年년-]|\s|\.\s|-\w)|[\"'<]?[^\s@<>]{1,64}@[^\s@<>]{1,100})",
    re.I,
)
_ORIGINAL = _any(
    """Original Message|Original Email|Originalmeddelelse|Oprindelig meddelelse|Original message|Originalnachricht|Ursprüngliche Nachricht
    Urspruengliche Nachricht|Ursprüngliche E-Mail|Ursprungliche Nachricht|Original-Nachricht|Message d'origine|Message original
    Message d’origine|Message initial|Courriel original|Mensaje original|Mensagem original|Messaggio originale|Messaggio originario
    Oorspronkelijk bericht|Origineel bericht|Ursprungligt meddelande|Originalmeddelande|Opprinnelig melding|Opprinnelig meddelelse
    Original meddelelse|Alkuperäinen viesti|Wiadomość oryginalna|Oryginalna wiadomość|Původní zpráva|Pôvodná správa|Eredeti üzenet
    Mesaj original|Mesajul original|Orijinal İleti|Orijinal Mesaj|Özgün İleti|Исходное сообщение|Оригинальное сообщение
    Первоначальное сообщение|Вихідне повідомлення|Оригінальне повідомлення|Αρχικό μήνυμα|原始邮件|原始郵件|原邮件|元のメッセージ
    オリジナルメッセージ|원본 메일|원본 메시지|Thư gốc|Tin nhắn gốc|ההודעה המקורית|הודעה מקורית|الرسالة الأصلية|Pesan asli|Izvorna poruka
    Izvirno sporočilo|Algne kiri|Message transféré de|Reply message|Previous Replies|Previous message|Reply Separator|Antwort|Quoted text"""
)
ORIGINAL = re.compile(
    rf"^[\s>]*(?:[-_=*]{{2,}}\s*(?:{_ORIGINAL})\s*[-_=*:]*|\*?(?:{_ORIGINAL})\s*[-_=*]{{2,}}|\*Previous Replies\*)\s*$", re.I
)
FORWARD = re.compile(
    r"^[\s>]*[-_=*]*\s*(?:"
    + _any(
        """Begin forwarded message|Forwarded message|Forwarded Message|Forwarded by|Start of forwarded message|Weitergeleitete Nachricht
        Anfang der weitergeleiteten Nachricht|Anfang der weitergeleiteten E-Mail|Message transféré|Message transmis
        Début du message réexpédié
        Début du message transféré|Mensaje reenviado|Inicio del mensaje reenviado|Mensagem encaminhada|Início da mensagem reencaminhada
        Messaggio inoltrato|Inizio messaggio inoltrato|Doorgestuurd bericht|Begin doorgestuurd bericht|Vidarebefordrat meddelande
        Vidarebefordrat brev|Videresendt meddelelse|Videresendt melding|Start på videresendt besked|Välitetty viesti|Wiadomość przekazana
        Przekazana wiadomość|Przeposlaná zpráva|Přeposlaná zpráva|Preposlaná správa|Továbbított üzenet|Mesaj redirecționat|İletilen mesaj
        Yönlendirilen ileti|Пересылаемое сообщение|Пересланное сообщение|Переслане повідомлення|Начало переадресованного сообщения
        Προωθημένο μήνυμα|转发的邮件|轉寄的郵件|転送されたメッセージ|転送メッセージ|전달된 메시지|הודעה שהועברה|رسالة معاد توجيهها"""
    )
    + r")",
    re.I,
)
_ROLES = {
    "from": """From|Von|De|Da|Van|Från|Fra|Lähettäjä|Od|Od:|Feladó|De la|Expeditor|Kimden|Gönderen|От|Від|От кого|Από|发件人|寄件者
        寄件人|差出人
        送信者|보낸 사람|보낸사람|Từ|מאת|من|Dari|Saatja|No|Nuo|Pošiljatelj|Šalje|Expéditeur|Remitente|Mittente|Afzender|Avsändare
        Absender|Отправитель""",
    "sent": """Sent|Date|Gesendet|Datum|Envoyé|Envoyé le|Date d'envoi|Enviado|Enviado el|Enviada em|Enviado em|Fecha|Data|Data invio|Inviato
        Verzonden|Skickat|Sendt|Dato|Lähetetty|Päivämäärä|Päiväys|Wysłano|Wysłane|Odesláno|Odoslané|Dátum|Elküldve|Küldve
        Trimis|Gönderildi|Gönderme|Tarih
        Отправлено|Дата|Надіслано|Στάλθηκε|Ημερομηνία|发送时间|发送日期|日期
        寄件日期|時間|时间|送信日時|日時|日付|보낸 날짜|날짜|Đã gửi|Ngày|נשלח
        תאריך
        تاريخ الإرسال|التاريخ|Tanggal|Dikirim|Message du|Poslano|Saadetud""",
    "to": """To|An|À|A|Para|Aan|Till|Til|Vastaanottaja|Do|Komu|Címzett|Către|Kime|Alıcı|Кому|Προς|收件人|收件者|宛先|받는 사람|받는사람|Tới
        Đến|אל|إلى
        Kepada|Za|Prima|Kam|Destinataire|Destinatario|Kellele|Pour""",
    "subject": """Subject|Betreff|Objet|Asunto|Assunto|Oggetto|Onderwerp|Ämne|Emne|Aihe|Temat|Předmět|Predmet|Tárgy|Subiect
        Konu|Тема|Θέμα|主题|主題|標題
        件名|제목|Chủ đề|Tiêu đề|נושא|الموضوع|Subjek|Teema|Tēma|Tema|Sujet|Zadeva""",
    "cc": """Cc|Kopie|Copie|Copie à|Copia|CC|Kopia|Kopi|Kopio|DW|Kopie (CC)|Másolat|Bilgi|Копия|Копія|Κοιν.|抄送|副本|참조|עותק
        نسخة|Bcc|Reply-To|Reply to
        Répondre à|Antwort an|Odpowiedź do|Organization|Organisation|Importance|Wichtigkeit|Priority|Attachments|Anlagen
        Responder a|Rispondi a""",
}
HEADER = re.compile(
    r"^[\s>|]*[*_]{0,2}(?:"
    + "|".join(f"(?P<{role}>{_any(words)})" for role, words in _ROLES.items())
    + r")[*_]{0,2}\s{0,3}[:：][*_]{0,2}(?P<value>.*)$",
    re.I,
)
SUBJECT_FORWARD = re.compile(r"^\s*(?:fwd?|wg|tr|rv|enc|i|doorst|vs|vb|vl|pd|továbbítás|転送|转发|轉寄|전달|ilt|пересл|fs)\s*[:：]", re.I)
DEVICE = re.compile(
    r"^[\s*_]*(?:"
    + _any(
        """Sent from my|Sent from|Sent via|Sent with|Sent by|Sent using|Get Outlook for|Gesendet von|Gesendet mit
        Gesendet mit der|Von meinem|Von meiner
        Diese Nachricht wurde von|Envoyé de|Envoyé depuis|Envoyé à partir de|Obtenir Outlook|Télécharger Outlook|Enviado desde|Enviado de mi
        Enviado do meu|Enviado a partir do|Obtener Outlook|Obter o Outlook|Inviato da|Inviato dal|Scarica Outlook
        Verzonden vanaf|Verstuurd vanaf
        Verzonden met|Outlook voor|Skickat från|Hämta Outlook|Sendt fra|Sendt via|Hent Outlook|Lähetetty|Hanki Outlook|Wysłane z|Wysłano z
        Pobierz program Outlook|Odesláno z|Odoslané z|Poslano iz|Trimis de pe|Küldve|iPhone'umdan gönderildi|Отправлено с|Отправлено из
        Надіслано з|Στάλθηκε από|Gửi từ|Được gửi từ|发自我的|从我的|從我的|傳送自|iPhoneから送信|내 iPhone에서 보냄|나의|נשלח מ|أُرسلت من
        Dikirim dari"""
    )
    + r")",
    re.I,
)
PROGRAM = re.compile(
    r"\b(?:outlook|proton ?mail|secure e?mail|yahoo mail|gmail|iphone|ipad|"
    r"android|samsung|blackberry|thunderbird|mailbox|mailspring|windows|huawei|xiaomi)\b",
    re.I,
)
SIGN_OFF = re.compile(
    r"^[\s*_]*(?:"
    + _any(
        """Best regards|Kind regards|Warm regards|With kind regards|Regards|Best wishes|Best|Many thanks|Thanks|Thank you|Thanks and regards
        Thanks in advance|Cheers|Sincerely|Yours sincerely|Yours faithfully|Yours truly|All the best|Kindest regards|Warmly
        Cordially|Respectfully
        Mit freundlichen Grüßen|Mit freundlichem Gruß|Mit freundlichen Gruessen|Mit besten Grüßen|Freundliche Grüße
        Freundliche Grüsse|Viele Grüße
        Viele Grüsse|Beste Grüße|Liebe Grüße|Herzliche Grüße|Schöne Grüße|Gruß|Grüße|MfG|LG|VG|Danke|Vielen Dank|Cordialement
        Bien cordialement
        Très cordialement|Bien à vous|Sincères salutations|Salutations|Merci|Merci d'avance|Saludos|Saludos cordiales
        Un saludo|Atentamente|Cordialmente
        Gracias|Muchas gracias|Atenciosamente|Abraços|Obrigado|Obrigada|Cumprimentos|Com os melhores cumprimentos
        Cordiali saluti|Distinti saluti|Saluti|Grazie
        Met vriendelijke groet|Met vriendelijke groeten|Vriendelijke groet|Hartelijke groet|Groeten|Groet|Bedankt|Dank u|Mvh
        Med vänlig hälsning
        Med vänliga hälsningar|Vänliga hälsningar|Hälsningar|Bästa hälsningar|Med venlig hilsen|Venlig hilsen
        De bedste hilsner|Vennlig hilsen
        Med vennlig hilsen|Hilsen|Bedste hilsner|Ystävällisin terveisin|Terveisin|Terveiset|Z poważaniem|Pozdrawiam
        S pozdravem|S pozdravom|Děkuji|Ďakujem
        Üdvözlettel|Cu stimă|Saygılarımla|İyi çalışmalar|Teşekkürler|С уважением|С наилучшими пожеланиями|Спасибо|З повагою
        Με εκτίμηση|Trân trọng
        此致|谢谢|祝好|よろしくお願いいたします|以上、よろしくお願いいたします|감사합니다|Salam|Hormat saya|Lep pozdrav|Lugupidamisega"""
    )
    + r")[\s*_]*[,.!，。]*[\s*_]*$",
    re.I,
)

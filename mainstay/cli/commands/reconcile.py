"""`mainstay reconcile`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

help = "prove that every accepted mail is in a case, in quarantine, set aside, discarded or a copy"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="print only what does not balance")


def run(options: Namespace) -> int:
    from mainstay.cli import boot

    boot.boot()

    from mainstay.mail.models import RawMail
    from mainstay.mail.reconcile import accounts

    found = accounts()
    for account in found:
        if options.quiet and account.balances:
            continue
        told = ", ".join(f"{account.states[state]} {state.replace('_', ' ')}" for state in RawMail.State.values if account.states[state])
        verdict = "ok   " if account.balances else "WRONG"
        print(f"{verdict}  {account.day}  {account.mailbox}: {account.accepted} accepted = {told or 'nothing'}")
        for receipt, gap in account.gaps:
            print(f"       mail {receipt}: {gap}")
    if all(account.balances for account in found):
        print(f"Everything balances: {sum(account.accepted for account in found)} mails.")
        return 0
    print(f"{sum(len(account.gaps) for account in found)} mails are not accounted for.")
    return 1

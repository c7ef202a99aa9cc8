"""Sends money, and a notice about it. This file is given: test it as it is."""

import json
import urllib.request
from decimal import Decimal

from banking import AccountManager

SERVER = "http://localhost:8025/notices"


def post(recipient: str, text: str) -> None:  # pragma: no cover
    """Delivers a notice over the network; an OSError when that fails. Tests replace it."""
    body = json.dumps({"to": recipient, "text": text}).encode()
    urllib.request.urlopen(SERVER, body, timeout=5).close()


def send_money(manager: AccountManager, source: str, target: str, amount: Decimal | int) -> bool:
    """Transfers the amount, tells the receiver, and returns whether the notice was delivered."""
    manager.transfer(source, target, amount)
    sender, receiver = manager.get(source), manager.get(target)
    try:
        post(receiver.owner, f"{sender.owner} has sent you {amount:.2f}")
    except OSError:
        return False
    return True

"""Checks webhooks as a receiver in Python does, by PyPI's `standardwebhooks`: calls come in by stdin, verdicts go out."""

import binascii
import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


def verdict(call):
    secret = call["secret"].encode() if call["isRaw"] else call["secret"]
    try:
        Webhook(secret).verify(call["body"], call["headers"], json_parse=False)
    except (WebhookVerificationError, binascii.Error):
        # The library lets it be known by another error where a changed code is no base64 any more.
        return False
    return True


print(json.dumps([verdict(call) for call in json.load(sys.stdin)]))

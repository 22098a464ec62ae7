"""A mail server that keeps nothing and tells everything, for tests.

    sink.py [--tls none|starttls|tls] [--name N] [--user U --password P] [--close-after-mail] [--ascii]
    sink.py --parse FILE

Listens on a free port of 127.0.0.1 and writes JSON lines to standard output: first {"port", "roots"} (the certificates
to trust, PEM), then {"mail": …} for each mail that it took and {"ended": …} for each connection that ended. How it
answers to a recipient follows from what stands before the @; see RECIPIENTS and handle_DATA. Hangs up on everybody for
each line of its standard input, and ends when that does. --parse writes the same about the mail in a file.
"""

import argparse
import asyncio
import json
import logging
import ssl
import sys
import warnings
from email import message_from_bytes, policy
from itertools import count

from aiosmtpd.smtp import SMTP, AuthResult

RECIPIENTS = {
    "full": "452 4.2.2 Mailbox full",
    "over": "552 5.2.2 Mailbox full, for good",
    "nobody": "550 5.1.1 No such user here",
    "gone": "550 gone",
    "busy": "421 4.3.2 Too busy",
}
CONNECTIONS = count(1)


def tell(**what):
    text = json.dumps(what, ensure_ascii=False)
    # What is no ASCII in a header is kept by Python as bytes in disguise.
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape") + b"\n")
    sys.stdout.buffer.flush()


def defects(message):
    found = [repr(defect) for part in message.walk() for defect in part.defects]
    return found + [f"{name}: {defect!r}" for name, value in message.items() for defect in value.defects]


def parsed(raw):
    message = message_from_bytes(raw, policy=policy.default)
    return {
        "raw": raw.decode("latin-1"),
        "headers": [[name, str(value)] for name, value in message.items()],
        "people": {
            name: [[person.display_name, person.addr_spec] for person in value.addresses]
            for name, value in message.items()
            if hasattr(value, "addresses")
        },
        "type": message.get_content_type(),
        "defects": defects(message),
        "parts": [
            {
                "type": part.get_content_type(),
                "charset": part.get_content_charset(),
                "text": part.get_content().replace("\r\n", "\n"),
            }
            for part in message.iter_parts()
        ],
    }


class Server(SMTP):
    """One connection, with what was said in it."""

    def __init__(self, handler, arguments, **options):
        super().__init__(handler, **options)
        self.arguments = arguments
        self.number = next(CONNECTIONS)
        self.verbs = []

    @property
    def is_encrypted(self):
        return self.transport is not None and self.transport.get_extra_info("sslcontext") is not None

    def note(self, verb):
        self.verbs.append(verb if self.is_encrypted else f"{verb} in plain")

    async def smtp_DATA(self, arg):
        await super().smtp_DATA(arg)
        if self.arguments.close_after_mail and self.transport is not None:
            self.transport.close()

    def connection_made(self, transport):
        super().connection_made(transport)
        self.event_handler.connections.add(self)

    def connection_lost(self, error):
        self.event_handler.connections.discard(self)
        if self.transport is not None:
            tell(ended={"connection": self.number, "verbs": self.verbs})
        super().connection_lost(error)


class Handler:
    """Answers by recipient."""

    def __init__(self):
        self.dropped = set()
        self.connections = set()

    async def handle_MAIL(self, server, session, envelope, address, options):
        server.note("MAIL")
        if address.startswith("stranger@"):
            return "553 5.7.1 Not your address"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Sender taken"

    async def handle_RCPT(self, server, session, envelope, address, options):
        server.note("RCPT")
        refusal = RECIPIENTS.get(address.split("@")[0])
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient taken"

    async def handle_RSET(self, server, session, envelope):
        server.note("RSET")
        return "250 2.0.0 Forgotten"

    async def handle_QUIT(self, server, session, envelope):
        server.note("QUIT")
        return "221 2.0.0 Bye"

    async def handle_DATA(self, server, session, envelope):
        server.note("DATA")
        user = envelope.rcpt_tos[0].split("@")[0]
        if user == "policy":
            return "554-5.7.1 Looks like spam\r\n554 5.7.1 or worse"
        if user == "filtered":
            return "550 We do not like this mail"
        tell(
            mail={
                "connection": server.number,
                "encrypted": server.is_encrypted,
                "signed_in": session.authenticated,
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "options": envelope.mail_options,
                **parsed(envelope.original_content),
            }
        )
        if user == "slow":
            # Longer than any test waits for it.
            await asyncio.sleep(3600)
        if user == "drop" and envelope.original_content not in self.dropped:
            self.dropped.add(envelope.original_content)
            server.transport.abort()
        return "250 2.0.0 Mail taken"


def authenticator(arguments):
    def check(server, session, envelope, mechanism, data):
        server.note("AUTH")
        wanted = (arguments.user.encode(), arguments.password.encode())
        return AuthResult(success=(data.login, data.password) == wanted, handled=False)

    return check


def certificates(name):
    """An authority of its own, and a server's certificate by it."""
    import trustme

    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context, authority.cert_pem.bytes().decode()


async def serve(arguments):
    context, roots = certificates(arguments.name) if arguments.tls != "none" else (None, None)
    handler = Handler()

    def connected():
        return Server(
            handler,
            arguments,
            hostname="sink.example",
            enable_SMTPUTF8=not arguments.ascii,
            tls_context=context if arguments.tls == "starttls" else None,
            require_starttls=arguments.tls == "starttls",
            auth_required=arguments.user is not None,
            auth_require_tls=False,
            auth_exclude_mechanism=None if arguments.user is not None else ["LOGIN", "PLAIN"],
            authenticator=authenticator(arguments) if arguments.user is not None else None,
        )

    loop = asyncio.get_running_loop()
    wrapper = context if arguments.tls == "tls" else None
    server = await loop.create_server(connected, "127.0.0.1", 0, ssl=wrapper)
    tell(port=server.sockets[0].getsockname()[1], roots=roots)
    while await loop.run_in_executor(None, sys.stdin.readline):
        for connection in list(handler.connections):
            connection.transport.close()


def main():
    # It warns of what the tests want: sign-in without TLS, and clients that hang up.
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", choices=["none", "starttls", "tls"], default="none")
    parser.add_argument("--name", default="127.0.0.1", help="whom the certificate is for")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--close-after-mail", action="store_true")
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--parse")
    arguments = parser.parse_args()
    if arguments.parse:
        with open(arguments.parse, "rb") as file:
            tell(mail=parsed(file.read()))
    else:
        asyncio.run(serve(arguments))


if __name__ == "__main__":
    main()

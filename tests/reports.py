"""Mails of the kind that arrive in a mailbox for what came back, written for tests.

Each as the server it is named for lays it out; every address is a sample.
"""

from textwrap import dedent

ADDRESS = "ada@example.org"
OURS = "0123456789abcdef0123456789abcdef"
RETURNED = """\
Received: from events.example.org by mx.example.org
Message-ID: <{message_id}@csd.test>
From: Sample Association <events@csd.test>
To: {address}
Subject: You are registered
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_ours"

--=_ours
Content-Type: text/plain

See you there.
--=_ours--
"""


def _mail(text: str, **given: str) -> bytes:
    returned = RETURNED.format(**given)
    headers = returned.partition("\n\n")[0]
    filled = dedent(text).format(returned=returned, headers=headers, **given)
    return filled.replace("\n", "\r\n").encode()


def postfix(
    message_id: str = OURS,
    address: str = ADDRESS,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    words: str = "smtp; 550 5.1.1 <ada@example.org>: no such user",
) -> bytes:
    """Returns the headers alone; says of which mail in the report itself, too."""
    return _mail(
        """\
        Return-Path: <>
        From: MAILER-DAEMON@mail.example.org (Mail Delivery System)
        To: events@csd.test
        Subject: Undelivered Mail Returned to Sender
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        \tboundary="4F1.1700000000/mail.example.org"
        Message-Id: <20300501120000.4F1@mail.example.org>

        This is a MIME-encapsulated message.

        --4F1.1700000000/mail.example.org
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not
        be delivered to one or more recipients.

        --4F1.1700000000/mail.example.org
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mail.example.org
        X-Postfix-Queue-ID: 4F1
        Arrival-Date: Wed,  1 May 2030 12:00:00 +0000 (UTC)

        Final-Recipient: rfc822; {address}
        Original-Recipient: rfc822;{address}
        Action: {action}
        Status: {status}
        Remote-MTA: dns; mx.example.org
        Diagnostic-Code: {words}

        --4F1.1700000000/mail.example.org
        Content-Description: Undelivered Message Headers
        Content-Type: text/rfc822-headers

        {headers}

        --4F1.1700000000/mail.example.org--
        """,
        message_id=message_id,
        address=address,
        action=action,
        status=status,
        words=words,
    )


def exim(message_id: str = OURS, address: str = ADDRESS) -> bytes:
    """Says 5.0.0 whatever it was; the code is in the words."""
    return _mail(
        """\
        Return-path: <>
        X-Failed-Recipients: {address}
        Auto-Submitted: auto-replied
        From: Mail Delivery System <Mailer-Daemon@mail.example.org>
        To: events@csd.test
        References: <{message_id}@csd.test>
        Content-Type: multipart/report; report-type=delivery-status;
         boundary=1700000000-eximdsn-1
        MIME-Version: 1.0
        Subject: Mail delivery failed: returning message to sender

        --1700000000-eximdsn-1
        Content-type: text/plain; charset=us-ascii

        This message was created automatically by mail delivery software.

        --1700000000-eximdsn-1
        Content-type: message/delivery-status

        Reporting-MTA: dns; mail.example.org

        Action: failed
        Final-Recipient: rfc822;{address}
        Status: 5.0.0
        Remote-MTA: dns; mx.example.org
        Diagnostic-Code: smtp; 552 5.2.2 mailbox is over its quota

        --1700000000-eximdsn-1
        Content-type: message/rfc822

        {returned}
        --1700000000-eximdsn-1--
        """,
        message_id=message_id,
        address=address,
    )


def exchange(message_id: str = OURS, address: str = ADDRESS) -> bytes:
    """Words in two forms come first; headers are folded and long."""
    return _mail(
        """\
        From: Microsoft Outlook <postmaster@example.org>
        To: events@csd.test
        Subject: Undeliverable: You are registered
        In-Reply-To: <{message_id}@csd.test>
        References: <{message_id}@csd.test>
        X-MS-Exchange-Message-Is-Ndr:
        MIME-Version: 1.0
        Content-Type: multipart/report;
         report-type="delivery-status";
         boundary="0f1e2d3c-0001-0002-0003-000405060708"

        --0f1e2d3c-0001-0002-0003-000405060708
        Content-Type: multipart/alternative; differences=Content-Type;
         boundary="9a8b7c6d-0001-0002-0003-000405060708"

        --9a8b7c6d-0001-0002-0003-000405060708
        Content-Type: text/plain; charset="us-ascii"

        Your message to {address} couldn't be delivered.

        --9a8b7c6d-0001-0002-0003-000405060708
        Content-Type: text/html; charset="us-ascii"

        <html><body><p>Your message couldn't be delivered.</p></body></html>

        --9a8b7c6d-0001-0002-0003-000405060708--

        --0f1e2d3c-0001-0002-0003-000405060708
        Content-Type: message/delivery-status

        Reporting-MTA: dns;SAMPLE0001.example.org
        Received-From-MTA: dns;events.example.org
        Arrival-Date: Wed, 1 May 2030 12:00:00 +0000

        Final-Recipient: rfc822;{address}
        Action: failed
        Status: 5.4.1
        Diagnostic-Code: smtp;550 5.4.1 Recipient address rejected: Access denied.
         [SAMPLE0002.example.org 2030-05-01T12:00:00.000Z]

        --0f1e2d3c-0001-0002-0003-000405060708
        Content-Type: message/rfc822

        {returned}
        --0f1e2d3c-0001-0002-0003-000405060708--
        """,
        message_id=message_id,
        address=address,
    )


def gmail(message_id: str = OURS, address: str = ADDRESS) -> bytes:
    """Its first part is related to a picture; the mail is returned whole."""
    return _mail(
        """\
        From: Mail Delivery Subsystem <mailer-daemon@mail.example.org>
        To: events@csd.test
        Auto-Submitted: auto-replied
        Subject: Delivery Status Notification (Failure)
        References: <{message_id}@csd.test>
        In-Reply-To: <{message_id}@csd.test>
        X-Failed-Recipients: {address}
        Content-Type: multipart/report; boundary="000000000000a1b2c305";
         report-type=delivery-status

        --000000000000a1b2c305
        Content-Type: multipart/related; boundary="000000000000a1b2c306"

        --000000000000a1b2c306
        Content-Type: multipart/alternative; boundary="000000000000a1b2c307"

        --000000000000a1b2c307
        Content-Type: text/plain; charset="UTF-8"

        ** Address not found **

        --000000000000a1b2c307--
        --000000000000a1b2c306
        Content-Type: image/png; name="icon.png"
        Content-Transfer-Encoding: base64

        iVBORw0KGgo=
        --000000000000a1b2c306--
        --000000000000a1b2c305
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mail.example.org
        Received-From-MTA: dns; events@csd.test
        Arrival-Date: Wed, 01 May 2030 05:00:00 -0700 (PDT)
        X-Original-Message-ID: <{message_id}@csd.test>

        Final-Recipient: rfc822; {address}
        Action: failed
        Status: 5.1.2
        Diagnostic-Code: smtp; The domain was not found.
        Last-Attempt-Date: Wed, 01 May 2030 05:00:01 -0700 (PDT)

        --000000000000a1b2c305
        Content-Type: message/rfc822

        {returned}
        --000000000000a1b2c305--
        """,
        message_id=message_id,
        address=address,
    )


def auto_reply(message_id: str = OURS, address: str = ADDRESS) -> bytes:
    """What somebody's mail program answers while they are away."""
    return _mail(
        """\
        From: {address}
        To: events@csd.test
        Subject: Out of office: You are registered
        In-Reply-To: <{message_id}@csd.test>
        Auto-Submitted: auto-replied
        Content-Type: text/plain

        I am back on Monday.
        """,
        message_id=message_id,
        address=address,
    )


def receipt(message_id: str = OURS, address: str = ADDRESS) -> bytes:
    """Says that a mail was displayed (RFC 8098): a report of another type."""
    return _mail(
        """\
        From: {address}
        To: events@csd.test
        Subject: Read: You are registered
        Content-Type: multipart/report; report-type=disposition-notification;
         boundary="r1"

        --r1
        Content-Type: text/plain

        It was displayed.
        --r1
        Content-Type: message/disposition-notification

        Final-Recipient: rfc822;{address}
        Original-Message-ID: <{message_id}@csd.test>
        Disposition: manual-action/MDN-sent-manually; displayed
        --r1--
        """,
        message_id=message_id,
        address=address,
    )

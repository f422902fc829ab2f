"""Mail composed the plain way, one by one on a kept connection: the baseline.

python -m benchmarks.program.composing PORT COUNT prints messages a second and
milliseconds of processor time for each.
"""

import smtplib
import sys
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import icalendar
from jinja2 import Environment

WORDS = Environment(autoescape=False).from_string(  # noqa: S701 - the text side
    "You are registered.\n\n{{ title }}\n{{ when }}\n\nYour page: {{ link }}\n"
    "{% for line in lines %}- {{ line }}\n{% endfor %}"
)
PAGE = Environment(autoescape=True).from_string(
    "<!doctype html><html><body><h1>You are registered.</h1><p>{{ title }}</p>"
    '<p>{{ when }}</p><p><a href="{{ link }}">Your page</a></p><ul>'
    "{% for line in lines %}<li>{{ line }}</li>{% endfor %}</ul></body></html>"
)


def main(port: int, count: int) -> None:
    began, used = time.perf_counter(), time.process_time()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(count):
            server.send_message(compose(number))
    wall, processor = time.perf_counter() - began, time.process_time() - used
    print(f"{count / wall:.1f} {processor / count * 1000:.3f}")


def compose(number: int) -> EmailMessage:
    starts_at = datetime(2030, 5, 1, 18, tzinfo=UTC)
    words = {
        "title": "Introduction to soil sampling",
        "when": "Wednesday, May 1, 2030, 2:00 pm Eastern",
        "link": f"https://events.example.org/registrations/{number:032}",
        "lines": [f"What happens next, part {part}" for part in range(8)],
    }
    mail = EmailMessage()
    mail["From"] = "Sample Association <events@bench-mail.org>"
    mail["To"] = f"Visitor {number} <visitor{number}@bench-mail.org>"
    mail["Subject"] = f"You are registered: {words['title']}"
    mail.set_content(WORDS.render(words))
    mail.add_alternative(PAGE.render(words), subtype="html")
    mail.add_alternative(
        invitation(number, starts_at).decode(),
        subtype="calendar",
        params={"method": "REQUEST"},
    )
    return mail


def invitation(number: int, starts_at: datetime) -> bytes:
    entry = icalendar.Event()
    entry.add("uid", f"{number}@bench-mail.org")
    entry.add("summary", "Introduction to soil sampling")
    entry.add("dtstart", starts_at)
    entry.add("dtend", starts_at + timedelta(hours=1))
    entry.add("dtstamp", starts_at)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//bench//")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    calendar.add_component(entry)
    return calendar.to_ical()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

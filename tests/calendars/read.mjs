// Read calendar files as ical.js does: a JSON list of texts comes in, and what each says
// goes out, as tests/calendars/reading.py puts it for vobject.
import { readFileSync } from "node:fs";

import ICAL from "ical.js";

const texts = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map(read)));

function read(text) {
  const document = new ICAL.Component(ICAL.parse(text));
  return {
    method: document.getFirstPropertyValue("method"),
    zones: document
      .getAllSubcomponents("vtimezone")
      .map((zone) => zone.getFirstPropertyValue("tzid")),
    entries: document.getAllSubcomponents("vevent").map(entry),
  };
}

function entry(event) {
  const said = (name) => event.getFirstPropertyValue(name);
  const starts = said("dtstart");
  return {
    uid: said("uid"),
    sequence: said("sequence"),
    stamp: said("dtstamp").toUnixTime(),
    starts: starts.toUnixTime(),
    ends: said("dtend").toUnixTime(),
    zone: starts.zone.tzid,
    wall: starts.toString().replace("Z", ""),
    summary: said("summary"),
    description: said("description"),
    location: said("location"),
    url: said("url"),
    status: said("status"),
    organizer: party(event.getFirstProperty("organizer")),
    attendees: event.getAllProperties("attendee").map(party),
    alarms: event.getAllSubcomponents("valarm").length,
  };
}

function party(property) {
  return [property.getParameter("cn"), property.getFirstValue()];
}

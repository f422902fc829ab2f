/** Beside a time in the event's zone, the same instant on the reader's clock, where it differs. */
export function showYourTime(page) {
  const { lang: language, dataset } = page.documentElement;
  for (const time of page.querySelectorAll("time[data-zone]")) {
    const instant = new Date(time.dateTime);
    const here = faces(instant, language);
    const there = faces(instant, language, time.dataset.zone);
    if (here.full === there.full) continue;
    const words = here.day === there.day ? here.clock : here.full;
    const note = page.createElement("span");
    note.className = "your-time";
    note.textContent = dataset.yourTime.replace("{time}", words);
    const moment = time.closest(".moment");
    if (moment) moment.append(" ", note);
    else time.after(" ", note);
  }
}

/** How the clock and the calendar of a zone (or of this device) read at an instant. */
function faces(instant, language, timeZone) {
  const read = (options) => new Intl.DateTimeFormat(language, { timeZone, ...options }).format(instant);
  const clock = read({ hour: "numeric", minute: "2-digit" }).replace(" AM", " am").replace(" PM", " pm");
  const day = read({ weekday: "short", month: "short", day: "numeric" });
  return { clock, day, full: `${day}, ${clock}` };
}

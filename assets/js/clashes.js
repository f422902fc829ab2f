const CONCERNED = /^(starts_on|start_time|end_time|zone|place|conference_id|program_id|main_area|areas|sessions|presenters)/;

/** While a time is chosen, what clashes with it is looked for; without this, by its button. */
export function lookForClashes(page) {
  const region = page.querySelector("[data-clashes]");
  if (!region) return;
  const form = region.closest("form");
  let timer;
  let asked = 0;

  form.addEventListener("input", (event) => {
    if (!CONCERNED.test(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(look, 500);
  });

  // Whoever saves is told with the answer.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    asked++; // and for no answer that is on its way
  });

  async function look() {
    const mine = ++asked;
    const typed = new URLSearchParams(new FormData(form));
    typed.set("action", "clashes");
    typed.set("part", "clashes");
    const words = await ask(typed);
    if (words !== null && mine === asked) region.innerHTML = words;
  }
}

/** What clashes, as it is to be shown; nothing where it cannot be asked: typing goes on. */
async function ask(typed) {
  try {
    const answer = await fetch(location.href, { method: "POST", body: typed });
    return answer.ok && !answer.redirected ? await answer.text() : null;
  } catch {
    return null;
  }
}

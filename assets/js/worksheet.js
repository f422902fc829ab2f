const REFUSED = 409;

/** Save each answer of a worksheet as it is given. What could not be sent goes with the next one. */
export function saveAsYouGo(page) {
  const sheet = page.querySelector("form[data-saves]");
  if (!sheet) return;
  const state = sheet.querySelector("[data-state]");
  const count = sheet.querySelector("[data-answered]");
  const waiting = new Map();

  async function send() {
    const sent = new Map(waiting);
    state.textContent = sheet.dataset.saving;
    const saved = await save(sheet.action, sent);
    if (saved) {
      for (const [item, answer] of sent) if (waiting.get(item) === answer) waiting.delete(item);
    }
    state.textContent = saved ? sheet.dataset.saved : sheet.dataset.notSaved;
  }

  sheet.addEventListener("change", (event) => {
    if (event.target.type !== "radio") return;
    waiting.set(event.target.name, event.target.value);
    // What was answered here is sent with the form again, also where it is what the page showed.
    sheet.elements.shown.value = sheet.elements.shown.value.replace(`${event.target.name}=`, "=");
    count.textContent = new Set([...sheet.querySelectorAll("input:checked")].map((input) => input.name)).size;
    send();
  });
  addEventListener("online", () => waiting.size && send());
}

/** The answer leads to another page, which nobody needs here: that it came is enough. */
async function save(address, answers) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams([...answers]),
      redirect: "manual",
    });
    if (answer.status === REFUSED) location.reload(); // which says why
    return answer.ok || answer.type === "opaqueredirect";
  } catch {
    return false;
  }
}

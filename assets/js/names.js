/** Offers names while one is typed. Any other may be typed as well, and nothing waits for them. */
export function offerNames(page) {
  for (const field of page.querySelectorAll("[data-names]")) {
    const list = page.createElement("datalist");
    list.id = `${field.id}-names`;
    field.after(list);
    field.setAttribute("list", list.id);
    let timer;
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => offer(field, list), 150);
    });
  }
}

async function offer(field, list) {
  const typed = field.value.trim();
  const names = typed.length < 2 ? [] : await ask(`${field.dataset.names}?q=${encodeURIComponent(typed)}`);
  if (names && typed === field.value.trim()) list.replaceChildren(...names.map((name) => new Option(name, name)));
}

/** The names; nothing where none can be had: then typing goes on without. */
async function ask(address) {
  try {
    const answer = await fetch(address, { credentials: "omit" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

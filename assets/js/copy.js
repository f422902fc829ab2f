/** Beside words to be copied, a button that copies them and says so. Without it they can be selected. */
export function offerCopies(page) {
  if (!navigator.clipboard) return;
  for (const words of page.querySelectorAll("[data-copy]")) {
    const button = page.createElement("button");
    button.type = "button";
    button.className = "button button-small button-plain";
    button.textContent = words.dataset.copy;
    const note = page.createElement("span");
    note.className = "quiet";
    note.setAttribute("role", "status");
    note.setAttribute("aria-live", "polite");
    const line = page.createElement("p");
    line.className = "actions section-tight";
    line.append(button, note);
    words.after(line);
    button.addEventListener("click", async () => {
      note.textContent = "";
      note.textContent = (await copied(words)) ? words.dataset.copied : words.dataset.notCopied;
    });
  }
}

/** Copy the words; where a browser forbids it, select them for the reader's own keys. */
async function copied(words) {
  try {
    await navigator.clipboard.writeText(words.textContent.trim());
    return true;
  } catch {
    getSelection().selectAllChildren(words);
    return false;
  }
}

/** One press, one request: a pressed button says so and rests until the page is shown again. */
export function guardForms(page) {
  page.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.dataset.sending) return;
    button.dataset.words = button.textContent;
    // After this turn, so that the button's own name and value are still sent.
    setTimeout(() => {
      button.disabled = true;
      button.textContent = button.dataset.sending;
    });
  });

  // Back and forward show the page as it was left: let its button be pressed again.
  addEventListener("pageshow", () => {
    for (const button of page.querySelectorAll("[data-words]")) {
      button.disabled = false;
      button.textContent = button.dataset.words;
      delete button.dataset.words;
    }
  });

  page.querySelector("[data-said], [data-errors]")?.focus();
}

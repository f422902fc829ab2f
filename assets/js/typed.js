const EVERY = 20_000; // milliseconds
const SMALL = 60_000; // characters: more than a browser sends after its page is gone

/** Keep what is typed into a form, so that closing the page or a crash loses nothing. */
export function keepTyped(page) {
  const form = page.querySelector("form[data-keep]");
  if (!form) return;
  const state = page.querySelector("[data-kept]");
  let kept = form.dataset.keepNow === undefined ? words(form) : "";
  let leaving = false;

  async function keep() {
    const now = words(form);
    if (leaving || now === kept) return;
    kept = now;
    try {
      const answer = await fetch(form.dataset.keep, {
        method: "POST",
        body: new URLSearchParams(now),
        keepalive: now.length < SMALL,
      });
      if (!answer.ok) throw answer;
      if (state) state.textContent = await answer.text();
    } catch {
      kept = ""; // with the next look
    }
  }

  setInterval(keep, EVERY);
  page.addEventListener("visibilitychange", () => page.hidden && keep());
  addEventListener("pagehide", keep);
  // What is sent is saved, or comes back with the page.
  form.addEventListener("submit", () => (leaving = true));
  addEventListener("pageshow", () => (leaving = false));
}

function words(form) {
  return new URLSearchParams(new FormData(form)).toString();
}

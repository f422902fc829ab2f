const SECONDS = 3;
const WHILE_HIDDEN = 30; // nobody looks at it
const SINCE_LOST = 10;
const GONE = [404, 410];

/** Let the part of a page that others change follow them: asked for again and again, and
 *  drawn only where something has changed. Nothing is held open. */
export function follow(page) {
  const region = page.querySelector("[data-follow]");
  if (!region) return;
  const state = page.querySelector("[data-follow-state]");
  page.querySelector("[data-without-script]").hidden = true;
  const address = new URL(location.href);
  address.searchParams.set("part", "now");
  let tag = `"${region.dataset.follow}"`;
  let timer;

  async function look() {
    clearTimeout(timer);
    const pause = await ask();
    state.textContent = pause === SINCE_LOST ? region.dataset.lost : "";
    timer = setTimeout(look, 1000 * (page.hidden ? WHILE_HIDDEN : pause));
  }

  async function ask() {
    try {
      const answer = await fetch(address, { headers: { "If-None-Match": tag }, cache: "no-store" });
      if (answer.redirected || GONE.includes(answer.status)) {
        location.reload(); // to where it leads now, or to why there is nothing
      } else if (answer.ok) {
        draw(region, await answer.text());
        tag = answer.headers.get("ETag");
      } else if (answer.status !== 304) {
        return SINCE_LOST;
      }
      return SECONDS;
    } catch {
      return SINCE_LOST;
    }
  }

  page.addEventListener("visibilitychange", () => page.hidden || look());
  timer = setTimeout(look, 1000 * SECONDS * (0.5 + Math.random())); // not all at once
}

/** Whoever stands on something by keyboard still stands on it afterwards. */
function draw(region, words) {
  const stood = region.contains(document.activeElement) ? document.activeElement.id : "";
  region.innerHTML = words;
  if (stood) document.getElementById(stood)?.focus();
}

/**
 * Opens a person of a list beside it. Without this, or with a key held, the link leads to the page itself.
 * The address is that page's as long as the drawer is open, to pass on; going back closes it.
 */
export function openDrawers(page) {
  giveWay();
  const links = page.querySelectorAll("a[data-drawer]");
  if (!links.length || !("HTMLDialogElement" in window)) return;
  const drawer = page.createElement("dialog");
  drawer.className = "drawer";
  page.body.append(drawer);
  let from;
  let named = false; // whether the address is that of whom it shows
  drawer.addEventListener("close", () => {
    if (named) history.back();
    from?.focus();
  });
  drawer.addEventListener("click", (event) => event.target === drawer && drawer.close());
  // A browser says that it closed later, when somebody may have gone forward again.
  window.addEventListener("popstate", () => {
    named = false;
    if (history.state?.drawn) location.reload();
    else drawer.close();
  });
  for (const link of links) {
    link.addEventListener("click", async (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      const story = await read(link.href);
      if (!story) return location.assign(link.href);
      if (drawer.open) return;
      from = link;
      const close = page.createElement("button");
      close.type = "button";
      close.className = "button button-small button-plain";
      close.textContent = link.dataset.drawer;
      close.addEventListener("click", () => drawer.close());
      drawer.setAttribute("aria-label", link.textContent.trim());
      drawer.replaceChildren(close, story);
      drawer.showModal();
      drawer.scrollTop = 0;
      history.pushState({ drawn: true }, "", link.href);
      named = true;
    });
  }
}

/** A person's page, loaded where the drawer was, has one history with the list: it goes where the address goes. */
function giveWay() {
  const shown = location.pathname;
  if (!history.state?.drawn) return;
  window.addEventListener("popstate", () => location.pathname !== shown && location.reload());
}

/** The part of a page that a drawer shows; nothing where it cannot be had. */
async function read(address) {
  try {
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-drawn]");
  } catch {
    return null;
  }
}

/** The account menu opens without script; with it, Escape or a press elsewhere closes it. */
export function closeMenu(page) {
  const menu = page.querySelector("details.account");
  if (!menu) return;
  page.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

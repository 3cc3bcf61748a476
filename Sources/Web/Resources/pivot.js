// Fields of a pivot are dragged between its zones. Every step is a link without this module, too; what it does is to work out the
// address that the drop leads to.

const zones = document.querySelector("[data-pivot]");

function kind(zone) {
  return zone.dataset.zone;
}

/** Where in the zone the pointer is: before which chip. */
function place(zone, x) {
  const chips = [...zone.querySelectorAll("[data-field]")];
  const next = chips.findIndex((chip) => {
    const box = chip.getBoundingClientRect();
    return x < box.left + box.width / 2;
  });
  return next < 0 ? chips.length : next;
}

function drop(field, from, to, at) {
  const pivot = JSON.parse(zones.dataset.pivot);
  const isValue = from === "values";
  // A value among rows, or a dimension among values, says nothing.
  if (isValue !== (to === "values") || to === "filters") return;
  const before = (pivot[to] ?? []).indexOf(field);
  for (const side of isValue ? ["values"] : ["rows", "columns"]) pivot[side] = (pivot[side] ?? []).filter((name) => name !== field);
  const index = before >= 0 && before < at ? at - 1 : at;
  pivot[to].splice(index, 0, field);
  if (pivot.rows?.length === 0) delete pivot.top;
  const address = new URL(zones.dataset.path, location.href);
  address.searchParams.set("q", JSON.stringify(pivot));
  if (address.href !== location.href) location.assign(address);
}

if (zones) {
  let dragged = null;
  zones.addEventListener("dragstart", (event) => {
    const chip = event.target.closest?.("[data-field]");
    if (!chip) return;
    dragged = { field: chip.dataset.field, from: kind(chip.closest("[data-zone]")) };
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", chip.textContent);
  });
  zones.addEventListener("dragover", (event) => {
    const zone = event.target.closest("[data-zone]");
    if (!dragged || !zone || (dragged.from === "values") !== (kind(zone) === "values") || kind(zone) === "filters") return;
    event.preventDefault();
    zone.classList.add("over");
  });
  zones.addEventListener("dragleave", (event) => event.target.closest("[data-zone]")?.classList.remove("over"));
  zones.addEventListener("drop", (event) => {
    const zone = event.target.closest("[data-zone]");
    if (!dragged || !zone) return;
    event.preventDefault();
    zone.classList.remove("over");
    drop(dragged.field, dragged.from, kind(zone), place(zone, event.clientX));
    dragged = null;
  });
}

// One menu at a time; Escape and a click elsewhere close it.
const menus = [...document.querySelectorAll("details.pick")];
function closeAll(but) {
  for (const menu of menus) if (menu !== but) menu.open = false;
}
for (const menu of menus) menu.addEventListener("toggle", () => menu.open && closeAll(menu));
document.addEventListener("click", (event) => closeAll(event.target.closest("details.pick")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = menus.find((menu) => menu.open);
  closeAll(null);
  open?.querySelector("summary").focus();
});

// Fields of a pivot are dragged between its zones, and from the list beside its table. Every step is a link or a form without this module,
// too; what it does is to work out the address that the drop leads to.

const zones = document.querySelector("[data-pivot]");

/** The zone that something lies in: rows, columns, values, filters, or fields for the list of all of them. */
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

/** True for a field of which one line can have several; only one of those is shown. */
function isMany(field) {
  return zones.dataset.many.split(" ").includes(field) || field.endsWith("[]");
}

/** A value among rows, or a dimension among values, says nothing; what is in the list is there already. */
function takes(zone, dragged) {
  const to = kind(zone);
  if (to === "fields") return dragged.from !== "fields" && dragged.from !== "filters";
  return dragged.isValue === (to === "values");
}

/** Leads to another question. */
function lead(pivot, filter) {
  const address = new URL(zones.dataset.path, location.href);
  address.searchParams.set("q", JSON.stringify(pivot));
  if (filter) {
    address.searchParams.set("filter", filter);
    address.hash = "filter";
  }
  if (address.href !== location.href) location.assign(address);
}

function drop({ field, from, isValue }, to, at) {
  const pivot = JSON.parse(zones.dataset.pivot);
  const before = (pivot[to] ?? []).indexOf(field);
  // From the list, or from a filter to the filters, a field is only named; from among rows, columns and values it leaves.
  const stays = to === "filters" && (from === "fields" || from === "filters");
  for (const side of isValue ? ["values"] : ["rows", "columns"]) {
    const others = (name) => name !== field && !(isMany(field) && isMany(name) && (to === "rows" || to === "columns"));
    if (!stays) pivot[side] = (pivot[side] ?? []).filter(others);
  }
  if (isValue && to === "fields" && pivot.values.length === 0) return;
  if (to === "rows" || to === "columns" || to === "values") {
    const index = before >= 0 && before < at ? at - 1 : at;
    pivot[to].splice(index, 0, field);
    if (to === "values" && pivot.values.length > 8) return;
  }
  if (isValue && pivot.sort && !pivot.values.includes(pivot.sort.by)) delete pivot.sort;
  if (pivot.rows?.length === 0) delete pivot.top;
  lead(pivot, to === "filters" ? field : null);
}

if (zones) {
  let dragged = null;
  const zoneOf = (event) => event.target.closest?.("[data-zone]");
  document.addEventListener("dragstart", (event) => {
    const chip = event.target.closest?.("[data-field]");
    if (!chip) return;
    const from = kind(chip.closest("[data-zone]"));
    dragged = { field: chip.dataset.field, from, isValue: from === "values" || chip.dataset.kind === "measure" };
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", chip.textContent);
  });
  document.addEventListener("dragend", () => (dragged = null));
  document.addEventListener("dragover", (event) => {
    const zone = zoneOf(event);
    if (!dragged || !zone || !takes(zone, dragged)) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => zoneOf(event)?.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    const zone = zoneOf(event);
    if (!dragged || !zone || !takes(zone, dragged)) return;
    event.preventDefault();
    zone.classList.remove("over");
    drop(dragged, kind(zone), place(zone, event.clientX));
    dragged = null;
  });
}

// The list of fields is long: a part of a name finds one.
const search = document.querySelector("[data-field-search]");
if (search) {
  search.hidden = false;
  search.querySelector("input").addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    for (const family of document.querySelectorAll("[data-family]")) {
      let isAny = false;
      for (const field of family.querySelectorAll("[data-field]")) {
        field.hidden = !field.textContent.toLowerCase().includes(wanted);
        isAny ||= !field.hidden;
      }
      family.hidden = !isAny;
    }
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

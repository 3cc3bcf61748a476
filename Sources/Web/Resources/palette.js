// The command palette: Ctrl K, ⌘ K, or whatever leads to the search page. It asks the console what it finds, and shows it as one list
// in which the arrow keys move (the combobox pattern of the ARIA Authoring Practices). Without this file those links open that page.

const palette = document.getElementById("palette");
const input = palette?.querySelector("input");
const list = palette?.querySelector("[role=listbox]");
const told = palette?.querySelector("[role=status]");
const drawing = "http://www.w3.org/2000/svg";
const pause = 120;

let options = [];
let current = -1;
let asked = null;
let timer = 0;
let request = null;

function open() {
  if (palette.matches(":popover-open")) return;
  palette.showPopover();
  input.focus();
  input.select();
  if (asked !== input.value.trim()) ask();
}

/** Marks one option as the one that Enter opens. */
function choose(place) {
  options[current]?.setAttribute("aria-selected", "false");
  current = options.length === 0 ? -1 : (place + options.length) % options.length;
  const option = options[current];
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function follow(option, isElsewhere) {
  if (!option) return;
  if (isElsewhere) window.open(option.dataset.path, "_blank", "noopener");
  else location.assign(option.dataset.path);
}

function element(name, text, kind) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function icon(path) {
  const picture = document.createElementNS(drawing, "svg");
  const use = document.createElementNS(drawing, "use");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  use.setAttribute("href", path);
  picture.append(use);
  return picture;
}

/** The text with what was typed marked in it. */
function marked(text, typed) {
  const line = element("span");
  const place = typed ? text.toLocaleLowerCase().indexOf(typed.toLocaleLowerCase()) : -1;
  if (place < 0) line.append(text);
  else line.append(text.slice(0, place), element("mark", text.slice(place, place + typed.length)), text.slice(place + typed.length));
  return line;
}

function option(found, typed, number) {
  const line = element("li");
  line.id = `palette-${number}`;
  line.dataset.path = found.path;
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", "false");
  line.append(icon(found.icon), marked(found.title, typed), element("small", found.note));
  line.addEventListener("click", (event) => follow(line, event.ctrlKey || event.metaKey));
  line.addEventListener("pointermove", () => options.indexOf(line) !== current && choose(options.indexOf(line)));
  return line;
}

function show(answer) {
  const sections = answer.groups.map((group) => {
    const section = element("ul");
    section.setAttribute("role", "group");
    section.setAttribute("aria-label", group.name);
    const name = element("li", group.name, "group-name");
    name.setAttribute("role", "presentation");
    section.append(name, ...group.items.map((item, place) => option(item, answer.query, `${group.kind}-${place}`)));
    return section;
  });
  list.replaceChildren(...sections);
  options = [...list.querySelectorAll("[role=option]")];
  input.setAttribute("aria-expanded", String(options.length > 0));
  told.textContent = answer.told;
  told.hidden = options.length > 0;
  current = -1;
  choose(0);
}

async function ask() {
  const typed = input.value.trim();
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  palette.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${palette.dataset.from}?q=${encodeURIComponent(typed)}`, { signal });
    // The session is over: the page itself leads to the sign-in.
    if (answer.redirected) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
    asked = typed;
  } catch (error) {
    if (error.name === "AbortError") return;
    show({ query: typed, groups: [], told: palette.dataset.broken });
    asked = null;
  }
  palette.removeAttribute("aria-busy");
}

function press(event) {
  const moves = { ArrowDown: current + 1, ArrowUp: current - 1, PageDown: current + 5, PageUp: current - 5 };
  if (event.isComposing) return;
  if (event.key in moves) {
    event.preventDefault();
    const isFar = event.key.startsWith("Page");
    choose(isFar ? Math.min(Math.max(moves[event.key], 0), options.length - 1) : moves[event.key]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    enter(event.ctrlKey || event.metaKey);
  }
}

/** Who types and presses Enter at once waits for what belongs to their text, not for what stood there before. */
async function enter(isElsewhere) {
  clearTimeout(timer);
  if (asked !== input.value.trim()) await ask();
  if (asked !== input.value.trim()) return;
  if (options[current]) follow(options[current], isElsewhere);
  else input.form.submit();
}

if (palette && "showPopover" in palette) {
  const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
  for (const hint of document.querySelectorAll("[data-palette-key]")) {
    hint.textContent = isApple ? "⌘ K" : "Ctrl K";
    hint.hidden = false;
  }
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.code !== "KeyK") return;
    event.preventDefault();
    if (palette.matches(":popover-open")) palette.hidePopover();
    else open();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-palette]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    open();
  });
  input.addEventListener("keydown", press);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, pause);
  });
}

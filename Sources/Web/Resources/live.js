// What moves by itself: parts of a page that the server sends anew while something happens. A tab that nobody looks at listens to
// nothing. Where the stream is refused – too many listen – the page asks again every half minute instead.

const root = document.querySelector("[data-live]");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const slow = 30_000;

let source = null;
let version = root?.dataset.version ?? "";
let timer = 0;

function rows(part) {
  return new Set([...part.querySelectorAll("[data-row]")].map((row) => row.dataset.row));
}

/** The server's own markup, whose texts it escaped. What is new in it shows itself for a moment. */
function put(name, html) {
  const part = document.querySelector(`[data-part="${name}"]`);
  if (!part) return true;
  if (part.contains(document.activeElement)) return false;
  const known = rows(part);
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  part.replaceChildren(fresh.content);
  if (still.matches || known.size === 0) return true;
  for (const row of part.querySelectorAll("[data-row]")) if (!known.has(row.dataset.row)) row.classList.add("fresh");
  return true;
}

function take(event) {
  version = event.lastEventId;
  show(JSON.parse(event.data));
  state(true);
}

/** The same once, where nobody may listen any more. */
async function ask() {
  try {
    const answer = await fetch(root.dataset.live);
    if (answer.ok && !answer.redirected) show(await answer.json());
  } catch {
    state(false);
  }
}

function show(parts) {
  // Somebody's keyboard is in a part: it stays until they are out, and what came meanwhile comes with the next.
  for (const [name, html] of Object.entries(parts)) if (!put(name, html)) later(name, html);
}

function later(name, html) {
  const part = document.querySelector(`[data-part="${name}"]`);
  part.addEventListener("focusout", () => setTimeout(() => put(name, html)), { once: true });
}

function state(isLive) {
  for (const mark of document.querySelectorAll("[data-live-mark]")) mark.hidden = !isLive;
}

function listen() {
  clearTimeout(timer);
  if (source || document.hidden) return;
  source = new EventSource(`${root.dataset.live}?since=${encodeURIComponent(version)}`);
  source.addEventListener("parts", take);
  source.addEventListener("open", () => state(true));
  // The session is over: the page as it is may stay, but it is told that it is not live.
  source.addEventListener("over", rest);
  source.addEventListener("error", () => {
    state(false);
    if (source?.readyState !== EventSource.CLOSED) return;
    rest();
    ask();
    timer = setTimeout(listen, slow);
  });
}

function rest() {
  clearTimeout(timer);
  source?.close();
  source = null;
  state(false);
}

if (root && "EventSource" in window) {
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", listen);
  listen();
}

// While a condition of a segment is typed, the figures beside it follow. The server counts and answers with the page it would show; this
// module takes the figures out of it. Without it the button that counts does the same.

const form = document.querySelector("form[data-count]");
let timer = 0;
let asked = null;

/** The parts of the answer that are figures, in the places of those on the page. */
function take(page) {
  const figures = document.getElementById("figures");
  const fresh = page.getElementById("figures");
  if (figures && fresh) figures.replaceChildren(...fresh.childNodes);
  for (const place of document.querySelectorAll("[data-effect]")) {
    const other = page.querySelector(`[data-effect="${place.dataset.effect}"]`);
    if (other) place.textContent = other.textContent;
  }
}

async function count() {
  asked?.abort();
  asked = new AbortController();
  const body = new URLSearchParams(new FormData(form));
  body.set("act", "try");
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal: asked.signal, credentials: "same-origin" });
    if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch (error) {
    // The next key asks again.
    if (error.name !== "AbortError") console.warn(error);
  }
}

if (form) {
  for (const button of form.querySelectorAll("[data-quiet]")) button.hidden = true;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(count, 400);
  });
  count();
}

// Buttons that copy what is shown once: secrets, tokens, codes. Hidden until this file runs.

function select(source) {
  const range = document.createRange();
  range.selectNodeContents(source);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  // Browsers let only secure pages write to the clipboard; elsewhere there is nothing that the button could do.
  if (!source || !navigator.clipboard) continue;
  const label = button.querySelector("[data-label]");
  const name = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.dataset.plain ?? source.textContent.trim());
      label.textContent = button.dataset.done;
    } catch {
      select(source);
      label.textContent = button.dataset.failed;
    }
    setTimeout(() => (label.textContent = name), 2500);
  });
}

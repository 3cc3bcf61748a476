// The pointer on a line chart: the day under it, or under the arrow keys, with its values. They are read from the table that stands
// beside the chart, so nothing is sent twice.

const drawing = "http://www.w3.org/2000/svg";

/** The points of a path over a square of a hundred. */
function points(path) {
  return [...path.getAttribute("d").matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].map((found) => [Number(found[1]), Number(found[2])]);
}

function ink(plot, kind) {
  const path = document.createElementNS(drawing, "path");
  path.setAttribute("class", kind);
  plot.querySelector("svg").append(path);
  return path;
}

class Pointer {
  constructor(plot, table) {
    this.plot = plot;
    this.rows = [...table.tBodies[0].rows].reverse();
    this.heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    this.line = points(plot.querySelector(".line:not(.before)"));
    this.hasBefore = plot.querySelector(".line.before")?.getAttribute("d") !== "";
    this.place = this.line.length - 1;
    this.inks = [ink(plot, "mark"), ink(plot, "halo"), ink(plot, "pt")];
    this.tip = document.createElement("div");
    this.tip.className = "tip";
    this.tip.hidden = true;
    plot.append(this.tip);
    this.listen();
  }

  listen() {
    const plot = this.plot;
    plot.tabIndex = 0;
    plot.setAttribute("role", "slider");
    plot.setAttribute("aria-label", plot.dataset.label);
    plot.setAttribute("aria-valuemin", "1");
    plot.setAttribute("aria-valuemax", String(this.line.length));
    this.tell();
    plot.addEventListener("pointermove", (event) => this.go(this.near(event)));
    plot.addEventListener("pointerdown", (event) => this.go(this.near(event)));
    plot.addEventListener("pointerleave", () => document.activeElement !== plot && this.hide());
    plot.addEventListener("focus", () => plot.matches(":focus-visible") && this.go(this.place));
    plot.addEventListener("blur", () => this.hide());
    plot.addEventListener("keydown", (event) => this.press(event));
  }

  near(event) {
    const box = this.plot.getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    return Math.round(share * (this.line.length - 1));
  }

  press(event) {
    const last = this.line.length - 1;
    const moves = {
      ArrowLeft: this.place - 1, ArrowDown: this.place - 1, ArrowRight: this.place + 1, ArrowUp: this.place + 1,
      PageUp: this.place + 7, PageDown: this.place - 7, Home: 0, End: last,
    };
    if (event.key === "Escape") return this.hide();
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.go(Math.min(Math.max(moves[event.key], 0), last));
  }

  go(place) {
    this.place = place;
    const [x, y] = this.line[place];
    const [mark, halo, point] = this.inks;
    mark.setAttribute("d", `M${x} 0V100`);
    halo.setAttribute("d", `M${x} ${y}h0`);
    point.setAttribute("d", `M${x} ${y}h0`);
    this.tell();
    this.tip.hidden = false;
    const box = this.plot.getBoundingClientRect();
    const left = (x / 100) * box.width;
    const isLate = left > box.width / 2;
    // Where the line is high the tip stands low, so that it does not cover it.
    this.tip.style.insetInlineStart = `${isLate ? Math.max(left - this.tip.offsetWidth - 12, 0) : left + 12}px`;
    this.tip.style.insetBlockStart = y < 45 ? "auto" : "4px";
    this.tip.style.insetBlockEnd = y < 45 ? "4px" : "auto";
  }

  tell() {
    const cells = [...this.rows[this.place].cells].map((cell) => cell.textContent);
    const name = document.createElement("b");
    name.textContent = cells[0];
    const lines = cells.slice(1).map((text, number) => {
      const line = document.createElement("div");
      const what = document.createElement("span");
      if (number < 2 && (number === 0 || this.hasBefore)) {
        const key = document.createElement("i");
        key.className = number === 0 ? "key" : "key dash";
        what.append(key);
      }
      what.append(this.heads[number + 1]);
      const value = document.createElement(number === 0 ? "b" : "span");
      value.textContent = text;
      line.append(what, value);
      return line;
    });
    this.tip.replaceChildren(name, ...lines);
    this.plot.setAttribute("aria-valuenow", String(this.place + 1));
    const words = cells.slice(1).map((text, number) => `${this.heads[number + 1]} ${text}`);
    this.plot.setAttribute("aria-valuetext", `${cells[0]}: ${words.join("; ")}`);
  }

  hide() {
    this.tip.hidden = true;
    for (const path of this.inks) path.removeAttribute("d");
  }
}

for (const plot of document.querySelectorAll(".plot[data-table]")) {
  const table = document.getElementById(plot.dataset.table);
  const line = plot.querySelector(".line:not(.before)");
  if (table?.tBodies[0].rows.length > 1 && points(line).length === table.tBodies[0].rows.length) new Pointer(plot, table);
}

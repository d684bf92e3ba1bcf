// The settings at the side: a slider with a box for the exact number and a dot that puts it back. Elements outlive redrawing, so that
// focus stays where it is.
"use strict";

class Controls {
  constructor(host, moved) {
    this.host = host;
    this.moved = moved;
    this.rows = new Map();
  }

  /** Shows groups of controls: { id, group, label, stops, value, base, show, by, least, most, whole }. */
  show(controls) {
    const groups = [...new Set(controls.map((control) => control.group))];
    const wanted = JSON.stringify(controls.map((control) => [control.group, control.id, control.label]));
    if (wanted !== this.wanted) {
      this.wanted = wanted;
      this.rows.clear();
      this.host.replaceChildren(...groups.map((group) => this.group(group, controls.filter((control) => control.group === group))));
    }
    for (const control of controls) this.update(control);
  }

  group(name, controls) {
    const set = document.createElement("fieldset");
    set.className = "group";
    const legend = document.createElement("legend");
    legend.textContent = word(`groups.${name}`);
    set.append(legend, ...controls.map((control) => this.row(control)));
    return set;
  }

  row(control) {
    const id = `control-${control.id.replace(/[^a-z0-9]/gi, "-")}`;
    const row = document.createElement("div");
    row.className = "control";
    const label = Object.assign(document.createElement("label"), { htmlFor: `${id}-box`, textContent: control.label });
    const box = Object.assign(document.createElement("input"), { type: "text", id: `${id}-box`, className: "box", autocomplete: "off", spellcheck: false });
    const dot = Object.assign(document.createElement("button"), { type: "button", className: "dot on-screen" });
    const slider = Object.assign(document.createElement("input"), { type: "range", id, min: 0, step: 1 });
    slider.setAttribute("aria-label", control.label);
    const note = Object.assign(document.createElement("p"), { className: "note small quiet", id: `${id}-note` });
    slider.setAttribute("aria-describedby", note.id);
    row.append(label, box, dot, slider, note);
    const parts = { row, box, dot, slider, note, control };
    this.rows.set(control.id, parts);
    slider.addEventListener("input", () => this.moved(parts.control.id, parts.control.stops[Number(slider.value)]));
    slider.addEventListener("keydown", (event) => this.page(event, parts));
    box.addEventListener("change", () => this.typed(parts));
    box.addEventListener("focus", () => box.select());
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { this.typed(parts); box.select(); }
      if (event.key === "Escape") { this.update(parts.control); box.select(); }
      if (event.key === "ArrowUp" || event.key === "ArrowDown") { event.preventDefault(); this.step(parts, event.key === "ArrowUp" ? 1 : -1); }
    });
    dot.addEventListener("click", () => this.moved(parts.control.id, undefined));
    return row;
  }

  /** Page keys go a fifth of the way, as browsers do not agree on. */
  page(event, parts) {
    const way = { PageUp: 1, PageDown: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    this.step(parts, way * Math.max(2, Math.round(parts.control.stops.length / 5)));
  }

  step(parts, by) {
    const { stops } = parts.control;
    const next = Math.max(0, Math.min(stops.length - 1, nearest(stops, parts.control.value) + by));
    this.moved(parts.control.id, stops[next]);
  }

  /** A number that was typed, in the unit that is shown; words for never stand for endless. */
  typed({ box, control }) {
    const text = box.value.trim().toLowerCase().replace(",", ".").replace("\u2212", "-");
    const by = control.by ?? 1;
    const endless = control.stops.includes(Infinity) && /^(never|inf|\u221e)/.test(text);
    const number = endless ? Infinity : Number.parseFloat(text) / by;
    const [least, most] = [control.least ?? -Infinity, control.most ?? Infinity];
    const right = !Number.isNaN(number) && (endless || (number >= least && number <= most)) && (!control.whole || Number.isInteger(number));
    box.setAttribute("aria-invalid", String(!right));
    if (right && number !== control.value) this.moved(control.id, Number(number.toPrecision(12)));
    else if (right) this.update(control);
  }

  update(control) {
    const parts = this.rows.get(control.id);
    const { row, box, dot, slider, note } = parts;
    note.textContent = control.note ?? "";
    parts.control = control;
    slider.max = control.stops.length - 1;
    slider.value = nearest(control.stops, control.value);
    const text = control.show(control.value);
    slider.setAttribute("aria-valuetext", text);
    box.value = text;
    box.setAttribute("aria-invalid", "false");
    const is = control.value !== control.base;
    row.classList.toggle("moved", is);
    dot.disabled = !is;
    const back = word("buttons.reset", { value: control.show(control.base) });
    dot.title = back;
    dot.setAttribute("aria-label", `${control.label}: ${back}`);
  }
}

/** The stop that is nearest to a value. */
function nearest(stops, value) {
  if (value === Infinity) return stops.length - 1;
  let best = 0;
  stops.forEach((stop, n) => {
    if (Math.abs(stop - value) < Math.abs(stops[best] - value)) best = n;
  });
  return best;
}

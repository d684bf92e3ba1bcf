// Charts in plain SVG: axes, shades, bands and layers laid out for the width at hand. Needs marks.js, labels.js, layers.js and handles.js
// before it in the same script.
//
//   const chart = new Chart(element, spec);   chart.update(spec);   chart.update(spec, { tween: true });
//
// spec = {
//   title, desc,                                       the text alternative
//   width,                                             in pixels; without it, that of the element, which it then follows
//   height,                                            in pixels; without it, from the width
//   x: { from, to, log, ticks, label, format },
//   y: { from, to, ticks, label, better, format },     better: { words, up }: an arrow that says which way is better; or { rows: [names] }
//   shades: [{ from, to, label }],                     along x, as the treatment period
//   bands: [{ from, to, label }],                      along y, as differences too small to matter
//   rules: [{ x | y, label, strong }],                 lines across
//   layers: [{ type, ... }],                           see layers.js; `grow: true` draws a layer from left to right when it first appears
//   handles: [{ id, ... }],                            see handles.js
//   sketch,                                            see sketch.js
// }
// A style is { colour, words, marker, dash, hollow }, any colour of CSS. Colours of the chart itself are the properties --chart-ground,
// --chart-ink, --chart-quiet, --chart-grid, --chart-line, --chart-shade and --chart-band.
"use strict";

const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");

class Chart {
  constructor(host, spec) {
    this.host = host;
    this.id = `chart-${(Chart.count = (Chart.count || 0) + 1)}`;
    this.svg = mark("svg", { class: "chart", role: "group", "aria-labelledby": `${this.id}-title`, "aria-describedby": `${this.id}-desc` });
    this.title = mark("title", { id: `${this.id}-title` });
    this.desc = mark("desc", { id: `${this.id}-desc` });
    this.still = mark("g", { "aria-hidden": "true" });
    this.moving = mark("g", {});
    this.svg.append(this.title, this.desc, this.still, this.moving);
    host.replaceChildren(this.svg);
    this.handles = new Map();
    this.grown = new Set();
    this.update(spec);
    this.watch = new ResizeObserver(() => { if (!this.shown.width && Math.abs(host.clientWidth - this.width) > 1) this.draw(); });
    this.watch.observe(host);
  }

  /** Shows another spec; with `tween`, numbers move there in a quarter of a second. */
  update(spec, { tween = false } = {}) {
    cancelAnimationFrame(this.frameRequest);
    const from = this.shown;
    this.spec = spec;
    if (!tween || !from || STILL.matches) return this.show(spec);
    const start = performance.now();
    const step = (now) => {
      const share = Math.min(1, (now - start) / 260);
      this.show(share < 1 ? between(from, spec, 1 - (1 - share) ** 3) : spec);
      if (share < 1) this.frameRequest = requestAnimationFrame(step);
    };
    this.frameRequest = requestAnimationFrame(step);
    return undefined;
  }

  show(spec) {
    this.shown = spec;
    this.draw();
  }

  draw() {
    const width = this.shown.width || this.host.clientWidth;
    if (!width) return;
    this.width = width;
    const spec = this.shown;
    this.title.textContent = spec.title || "";
    this.desc.textContent = spec.desc || "";
    const frame = new Frame(this, spec, width);
    this.frame = frame;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${frame.height}`);
    this.svg.setAttribute("width", width);
    this.svg.setAttribute("height", frame.height);
    this.svg.style.fontSize = `${frame.size}px`;
    this.still.replaceChildren(...frame.drawn());
    this.keepHandles(spec.handles || []);
    if (spec.sketch) this.keepSketch(spec.sketch);
  }

  keepHandles(specs) {
    const ids = new Set(specs.map((spec) => spec.id));
    for (const [id, handle] of this.handles) {
      if (!ids.has(id)) { handle.element.remove(); this.handles.delete(id); }
    }
    for (const spec of specs) {
      const kept = this.handles.get(spec.id);
      if (kept) kept.update(spec);
      else {
        const handle = new Handle(this, spec);
        this.handles.set(spec.id, handle);
        this.moving.append(handle.element);
      }
    }
  }

  keepSketch(spec) {
    if (this.sketch) this.sketch.update(spec);
    else this.sketch = new Sketch(this, spec);
  }

  place([x, y]) { return [this.frame.x(x), this.frame.y(y)]; }

  /** The values under a pointer. */
  valuesAt(event) {
    const box = this.svg.getBoundingClientRect();
    return [this.frame.x.value(event.clientX - box.left), this.frame.y.value(event.clientY - box.top)];
  }

  destroy() {
    cancelAnimationFrame(this.frameRequest);
    this.watch.disconnect();
    this.svg.remove();
  }
}

/** Numbers part of the way between two structures of one shape; anything else is taken from the second. */
function between(from, to, share) {
  if (typeof to === "number") return typeof from === "number" && Number.isFinite(from) && Number.isFinite(to) ? from + (to - from) * share : to;
  if (Array.isArray(to)) return Array.isArray(from) && from.length === to.length ? to.map((part, n) => between(from[n], part, share)) : to;
  if (!to || typeof to !== "object" || !from || typeof from !== "object") return to;
  return Object.fromEntries(Object.entries(to).map(([key, part]) => [key, key === "handles" ? part : between(from[key], part, share)]));
}

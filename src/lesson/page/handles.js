// Handles: points of a chart that are moved by pointer, touch or arrow keys, and are sliders to a screen reader.
"use strict";

/**
 * A handle is `{ id, label, axis: "x" | "y", at: [x, y], value, min, max, step, text(value), fromPlace?(x, y), input(value, done) }`.
 * Its element outlives redrawing, so that focus and the pointer stay on it. `chart` gives the places of values.
 */
class Handle {
  constructor(chart, spec) {
    this.chart = chart;
    this.circle = mark("circle", { r: 9, class: "handle-dot" });
    this.arrows = mark("path", { class: "handle-arrows" });
    this.element = mark("g", { class: "handle", role: "slider", tabindex: 0 }, mark("circle", { r: 24, class: "handle-reach" }), this.circle, this.arrows);
    this.element.addEventListener("pointerdown", (event) => this.grasp(event));
    this.element.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) this.element.addEventListener(end, (event) => this.release(event));
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.update(spec);
  }

  update(spec) {
    this.spec = spec;
    const [x, y] = this.chart.place(spec.at);
    const across = spec.axis === "x";
    this.arrows.setAttribute("d", across ? "M-14 -4l-5 4l5 4M14 -4l5 4l-5 4" : "M-4 -14l4 -5l4 5M-4 14l4 5l4 -5");
    this.element.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    this.element.style.setProperty("--handle", spec.colour || "var(--chart-ink)");
    const { label, min, max, value } = spec;
    const facts = {
      "aria-label": label, "aria-valuemin": min, "aria-valuemax": max, "aria-valuenow": value,
      "aria-valuetext": spec.text ? spec.text(value) : shown(value), "aria-orientation": across ? "horizontal" : "vertical",
    };
    for (const [key, fact] of Object.entries(facts)) this.element.setAttribute(key, fact);
  }

  set(value, done) {
    const { min, max, step = (max - min) / 100 } = this.spec;
    const stepped = min + Math.round((value - min) / step) * step;
    const within = Number(Math.max(min, Math.min(max, stepped)).toPrecision(12));
    if (within !== this.spec.value || done) this.spec.input(within, done);
  }

  grasp(event) {
    event.preventDefault();
    this.element.focus();
    this.element.setPointerCapture(event.pointerId);
    this.held = true;
  }

  move(event) {
    if (!this.held) return;
    const [x, y] = this.chart.valuesAt(event);
    const from = this.spec.fromPlace;
    this.set(from ? from(x, y) : this.spec.axis === "x" ? x : y, false);
  }

  release(event) {
    if (!this.held) return;
    this.held = false;
    if (this.element.hasPointerCapture(event.pointerId)) this.element.releasePointerCapture(event.pointerId);
    this.set(this.spec.value, true);
  }

  key(event) {
    const { min, max, value, step = (max - min) / 100 } = this.spec;
    const leap = Math.max(step, Math.round((max - min) / 10 / step) * step);
    const to = {
      ArrowRight: value + step, ArrowUp: value + step, ArrowLeft: value - step, ArrowDown: value - step,
      PageUp: value + leap, PageDown: value - leap, Home: min, End: max,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.set(to, true);
  }
}

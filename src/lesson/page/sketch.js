// A line that the reader draws into a chart, with a pointer or, knot by knot, with the arrow keys.
"use strict";

/**
 * `{ from: [x, y], to, step, knots: [x], low, high, label(x), text(y), colour, locked, draw(points, done) }`: the line starts at `from`,
 * has a point every `step` until `to`, and can be moved by keys at the knots.
 */
class Sketch {
  constructor(chart, spec) {
    this.chart = chart;
    this.area = mark("rect", { class: "sketch-area" });
    this.path = mark("path", { class: "sketch-line", fill: "none" });
    this.hint = mark("path", { class: "sketch-hint", fill: "none" });
    this.group = mark("g", { class: "sketch" }, this.area, this.hint, this.path);
    chart.moving.prepend(this.group);
    this.knots = [];
    this.points = [];
    this.area.addEventListener("pointerdown", (event) => this.start(event));
    this.area.addEventListener("pointermove", (event) => this.follow(event));
    for (const end of ["pointerup", "pointercancel"]) this.area.addEventListener(end, () => this.stop());
    this.update(spec);
  }

  update(spec) {
    this.spec = spec;
    const { frame } = this.chart;
    const [x] = this.chart.place(spec.from);
    const box = { x: x - 12, y: frame.top, width: Math.max(0, frame.right - x + 24), height: frame.bottom - frame.top };
    for (const [key, value] of Object.entries(box)) this.area.setAttribute(key, value);
    this.group.classList.toggle("locked", Boolean(spec.locked));
    this.show();
  }

  weeks() {
    const { from, to, step } = this.spec;
    const weeks = [];
    for (let week = from[0]; week < to - step / 2; week += step) weeks.push(week);
    return [...weeks, to];
  }

  show() {
    const { spec, chart } = this;
    const points = [spec.from, ...this.points.filter((point) => point)];
    this.path.setAttribute("d", points.length > 1 ? smooth(points.map((point) => chart.place(point))) : "");
    this.hint.setAttribute("d", points.length > 1 || spec.locked ? "" : pathThrough([spec.from, [spec.to, spec.from[1]]].map((point) => chart.place(point))));
    if (spec.locked) { for (const { element } of this.knots.splice(0)) element.remove(); return; }
    spec.knots.forEach((week, n) => {
      const value = this.at(week) ?? spec.from[1];
      const facts = {
        id: `knot-${n}`, label: spec.label(week), axis: "y", at: [week, value], value, min: spec.low, max: spec.high, step: (spec.high - spec.low) / 50,
        text: spec.text, colour: spec.colour, input: (to, done) => this.moveKnot(week, to, done),
      };
      if (this.knots[n]) this.knots[n].update(facts);
      else {
        this.knots[n] = new Handle(chart, facts);
        this.knots[n].element.classList.add("small");
        this.group.append(this.knots[n].element);
      }
    });
  }

  at(week) {
    const weeks = this.weeks();
    const n = weeks.findIndex((one) => one >= week - 1e-9);
    return this.points[n]?.[1];
  }

  /** Moves one knot; the line runs straight between knots. */
  moveKnot(week, value, done) {
    const { spec } = this;
    const heights = spec.knots.map((knot) => (knot === week ? value : this.at(knot) ?? spec.from[1]));
    const knots = [spec.from, ...spec.knots.map((knot, n) => [knot, heights[n]])];
    this.points = this.weeks().map((at) => [at, straight(knots, at)]);
    this.tell(done);
  }

  start(event) {
    if (this.spec.locked) return;
    event.preventDefault();
    this.area.setPointerCapture(event.pointerId);
    this.last = this.spec.from;
    this.drawing = true;
    this.follow(event);
  }

  follow(event) {
    if (!this.drawing) return;
    const [x, y] = this.chart.valuesAt(event);
    const { from, to, low, high } = this.spec;
    const now = [Math.max(from[0], Math.min(to, x)), Math.max(low, Math.min(high, y))];
    const [left, right] = [this.last, now].sort((a, b) => a[0] - b[0]);
    this.weeks().forEach((week, n) => {
      if (n > 0 && week >= left[0] - 1e-9 && week <= right[0] + 1e-9) this.points[n] = [week, straight([left, right], week)];
    });
    this.points[0] = [...from];
    this.last = now;
    this.tell(false);
  }

  stop() {
    if (!this.drawing) return;
    this.drawing = false;
    const known = [this.spec.from, ...this.points.filter((point, n) => n > 0 && point)];
    this.points = this.weeks().map((week) => [week, straight(known, week)]);
    this.tell(true);
  }

  tell(done) {
    this.show();
    this.spec.draw(this.points.filter((point) => point), done);
  }
}

/** The height at a place of straight lines through points in order, the last of several at one place; both ends go on. */
function straight(points, at) {
  let n = points.length - 1;
  while (n > 0 && points[n][0] > at) n -= 1;
  const [[x0, y0], [x1, y1]] = [points[n], points[Math.min(n + 1, points.length - 1)]];
  return at > x0 && x1 > x0 ? y0 + ((at - x0) / (x1 - x0)) * (y1 - y0) : y0;
}

/** A smooth path through places. */
function smooth(places) {
  let d = `M${places[0][0].toFixed(1)} ${places[0][1].toFixed(1)}`;
  for (let n = 1; n < places.length - 1; n += 1) {
    const [[x0, y0], [x1, y1]] = [places[n], places[n + 1]];
    d += `Q${x0.toFixed(1)} ${y0.toFixed(1)} ${((x0 + x1) / 2).toFixed(1)} ${((y0 + y1) / 2).toFixed(1)}`;
  }
  const last = places[places.length - 1];
  return `${d}L${last[0].toFixed(1)} ${last[1].toFixed(1)}`;
}

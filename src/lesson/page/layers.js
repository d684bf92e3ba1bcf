// The layers of a chart: each function draws one kind of layer into the plot, from values to places.
"use strict";

/** Everything that can stand in `layers`, by its `type`. Each takes the frame that `chart.js` lays out, and the layer. */
const LAYERS = {
  /** `points: [[x, low, high]]`, `colour`, `opacity`, `pattern`. */
  area(frame, { points, colour, opacity = 1, pattern }) {
    const places = (which) => points.map((point) => [frame.x(point[0]), frame.y(point[which])]);
    const d = `${pathThrough([...places(1), ...places(2).reverse()])}Z`;
    frame.places.takeArea(places(1), places(2));
    const area = mark("path", { d, fill: colour, "fill-opacity": opacity, class: "area" });
    return pattern ? mark("g", {}, area, mark("path", { d, fill: frame.pattern(pattern, colour), "fill-opacity": opacity })) : area;
  },

  /** `points: [[x, y]]`, `style`, `width`, `label` at its end or, with `legend`, above the plot, `faint`. */
  line(frame, { points, style, width = 2.75, faint, label, legend }) {
    const places = points.map(([x, y]) => [frame.x(x), frame.y(y)]);
    const stroke = width * frame.unit;
    if (!faint) frame.places.takeLine(places.filter(([x]) => Number.isFinite(x)));
    if (label && !legend) frame.ends.push({ label, style, end: places.filter((place) => place.every(Number.isFinite)).pop() });
    return mark("path", {
      d: pathThrough(places), fill: "none", stroke: style.colour, "stroke-width": stroke.toFixed(2), "stroke-dasharray": dashes(style.dash, stroke),
      "stroke-linejoin": "round", "stroke-linecap": style.dash === "solid" ? "round" : "butt", opacity: faint ? 0.35 : null, class: "line",
    });
  },

  /** `points: [{ x, y, text, prefer }]`, `style`, `radius`. */
  points(frame, { points, style, radius = 5.5, faint }) {
    return mark("g", { opacity: faint ? 0.35 : null }, ...points.map((point) => {
      const [x, y] = [frame.x(point.x), frame.y(point.y)];
      frame.note({ ...point, style, at: [x, y] }, radius);
      return marker(style, x, y, radius * frame.unit);
    }));
  },

  /** `points: [{ x, y, lower, upper, text, prefer }]`, `style`, `dodge` in pixels, `faint`. */
  intervals(frame, { points, style, dodge = 0, faint, radius = 6 }) {
    return mark("g", { opacity: faint ? 0.38 : null }, ...points.flatMap((point) => {
      const x = frame.x(point.x) + dodge * frame.unit;
      const [y, lower, upper] = [point.y, point.lower, point.upper].map(frame.y);
      const cap = faint ? 0 : 5 * frame.unit;
      const d = `M${x} ${lower}V${upper}` + (cap ? `M${x - cap} ${lower}h${2 * cap}M${x - cap} ${upper}h${2 * cap}` : "");
      const parts = [mark("path", { d, stroke: style.colour, "stroke-width": (faint ? 1.5 : 2.25) * frame.unit, fill: "none", "stroke-linecap": "round" })];
      if (!faint) {
        frame.places.take({ left: x - 7, right: x + 7, top: Math.min(lower, upper) - 2, bottom: Math.max(lower, upper) + 2 });
        frame.note({ ...point, style, at: [x, y] }, radius);
      }
      return [...parts, marker(style, x, y, (faint ? radius * 0.6 : radius) * frame.unit)];
    }));
  },

  /** `parts: [{ row, from, to, colour, pattern, text, ink }]` in a chart whose y axis has rows. */
  bars(frame, { parts }) {
    return mark("g", {}, ...parts.flatMap(({ row, from, to, colour, pattern, text, ink }) => {
      const [left, right] = [frame.x(from), frame.x(to)].sort((a, b) => a - b);
      const { top, thick } = frame.row(row);
      const box = { x: left.toFixed(1), y: top.toFixed(1), width: Math.max(0, right - left).toFixed(1), height: thick.toFixed(1) };
      const bar = [mark("rect", { ...box, fill: colour, class: "part" })];
      if (pattern) bar.push(mark("rect", { ...box, fill: frame.pattern(pattern, "var(--chart-ground)") }));
      if (text && textWidth(text, frame.size, 600, frame.family) + 10 <= right - left) {
        const words = pattern ? "var(--chart-ink)" : ink || "var(--chart-ground)";
        const at = { x: ((left + right) / 2).toFixed(1), y: (top + thick / 2).toFixed(1), "text-anchor": "middle", "dominant-baseline": "central" };
        bar.push(mark("text", { ...at, fill: words, "font-weight": 600, class: pattern ? "on-pattern" : null }, text));
      }
      return bar;
    }));
  },

  /** `weeks: [{ week, booster }]`: ticks of sessions along the lower edge, hollow for boosters. */
  sessions(frame, { weeks, style }) {
    return mark("g", {}, ...weeks.map(({ week, booster }) => {
      const x = frame.x(week);
      const [w, h] = [4.5 * frame.unit, 11 * frame.unit];
      const look = booster ? { fill: "var(--chart-ground)", stroke: style.colour, "stroke-width": 1.5 } : { fill: style.colour };
      return mark("rect", { x: (x - w / 2).toFixed(1), y: (frame.bottom - h - 2).toFixed(1), width: w.toFixed(1), height: h.toFixed(1), rx: 1, ...look });
    }));
  },

  /** `label`, `colour`, `pattern`: an entry of the legend for something that other layers draw. */
  key() {
    return null;
  },

  /** `x`, `y`, `text`, `style`, `prefer`: words beside a point. */
  note(frame, note) {
    frame.note({ ...note, at: [frame.x(note.x), frame.y(note.y)] }, 2);
    return null;
  },
};

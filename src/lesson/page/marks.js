// What charts are made of: SVG elements, numbers as readers see them, scales, markers and dashes. No chart is drawn here.
"use strict";

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element with attributes (those that are null are left out) and children (elements or text). */
function mark(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A number with so many decimals: U+2212 for minus, no negative zero, a comma between thousands. */
function shown(value, decimals = 1, sign = false) {
  if (!Number.isFinite(value)) return "–";
  const digits = Math.abs(value).toFixed(decimals);
  const zero = Number(digits) === 0;
  const [whole, part] = digits.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (zero ? "" : value < 0 ? "\u2212" : sign ? "+" : "") + grouped + (part ? "." + part : "");
}

/** A straight or logarithmic mapping of values to places; equal ends are moved apart, so that it always exists. */
function scale([low, high], [start, end], logarithmic = false) {
  const bend = logarithmic ? Math.log : (value) => value;
  let [from, to] = [bend(low), bend(high)];
  if (!(to > from)) [from, to] = [from - 0.5, from + 0.5];
  const place = (value) => start + ((bend(value) - from) / (to - from)) * (end - start);
  place.value = (at) => {
    const straight = from + ((at - start) / (end - start)) * (to - from);
    return logarithmic ? Math.exp(straight) : straight;
  };
  return place;
}

/** Round values between two ends, about so many. */
function roundTicks(low, high, about = 5) {
  const rough = (high - low) / Math.max(about, 1);
  if (!(rough > 0) || !Number.isFinite(rough)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((by) => by * power).find((by) => by >= rough * 0.999);
  const ticks = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n += 1) ticks.push(Number((n * step).toPrecision(12)));
  return ticks;
}

/** Powers of ten with 2 and 5 between two ends. */
function logTicks(low, high) {
  const ticks = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) {
    for (const by of [1, 2, 5]) if (by * power >= low * 0.999 && by * power <= high * 1.001) ticks.push(by * power);
  }
  return ticks;
}

/** How many decimals tell these ticks apart. */
function decimalsOf(ticks) {
  for (let decimals = 0; decimals < 6; decimals += 1) {
    if (ticks.every((tick) => Math.abs(tick - Number(tick.toFixed(decimals))) < 1e-9)) return decimals;
  }
  return 6;
}

/** Dash patterns of the house style, in units of the stroke. */
const DASHES = {
  solid: null, long: "8 4", dotted: "1.2 3.2", dash_dot: "7 3 1.2 3", dash_dot_dot: "7 3 1.2 3 1.2 3", short: "3.5 3",
};

function dashes(name, width) {
  const pattern = DASHES[name];
  return pattern ? pattern.split(" ").map((part) => (Number(part) * width).toFixed(1)).join(" ") : null;
}

/** Outlines of markers about the origin, for a radius of 1. */
const OUTLINES = {
  triangle: [[0, -1.15], [1.1, 0.85], [-1.1, 0.85]],
  wedge: [[0, 1.15], [1.1, -0.85], [-1.1, -0.85]],
  diamond: [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]],
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  cross: [[-0.4, -1.2], [0.4, -1.2], [0.4, -0.4], [1.2, -0.4], [1.2, 0.4], [0.4, 0.4],
    [0.4, 1.2], [-0.4, 1.2], [-0.4, 0.4], [-1.2, 0.4], [-1.2, -0.4], [-0.4, -0.4]],
};

/** The marker of a style at a place. */
function marker(style, x, y, radius) {
  const look = {
    fill: style.hollow ? "var(--chart-ground)" : style.colour, stroke: style.hollow ? style.colour : "var(--chart-ground)",
    "stroke-width": style.hollow ? radius * 0.45 : 1, class: "marker",
  };
  const outline = OUTLINES[style.marker];
  if (!outline) return mark("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: radius.toFixed(1), ...look });
  const points = outline.map(([dx, dy]) => `${(x + dx * radius).toFixed(1)},${(y + dy * radius).toFixed(1)}`).join(" ");
  return mark("polygon", { points, "stroke-linejoin": "round", ...look });
}

/** The path through places, broken where one is missing. */
function pathThrough(places) {
  let open = false;
  let text = "";
  for (const [x, y] of places) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) { open = false; continue; }
    text += `${open ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    open = true;
  }
  return text;
}

// The frame of a chart: how big, where the plot stands, its axes, and the order in which everything is drawn.
"use strict";

class Frame {
  constructor(chart, spec, width) {
    this.spec = spec;
    this.chart = chart;
    this.width = width;
    this.size = Math.max(13, Math.min(17, width / 48));
    this.unit = this.size / 15;
    this.family = getComputedStyle(chart.host).fontFamily;
    this.narrow = width < 560;
    this.defs = mark("defs");
    this.ends = [];
    this.notes = [];
    this.layOut();
  }

  measure(text, weight = 400) { return textWidth(text, this.size, weight, this.family); }

  layOut() {
    const { x, y, layers = [] } = this.spec;
    const line = this.size * 1.35;
    this.line = line;
    const named = layers.filter((layer) => layer.label);
    const atEnd = (layer) => layer.type === "line" && !this.narrow && !y.rows && !layer.legend;
    this.legend = named.filter((layer) => !atEnd(layer));
    const widest = Math.min(this.width * 0.25, 210);
    const endWidth = Math.max(0, ...named.filter(atEnd).map((layer) => {
      layer.lines = inLines(layer.label, widest, this.size, this.family, 600);
      return Math.max(...layer.lines.map((text) => this.measure(text, 600)));
    }));
    this.layOutRows(y, line);
    this.headLines = inLines(y.label || "", this.width - (y.better ? this.measure(y.better.words, 600) + 50 : 0) - 8, this.size, this.family);
    const head = y.label || y.better ? this.headLines.length * line + 10 : 6;
    this.legendLines = legendRows(this.legend, this.width, this);
    this.yTicks = y.rows ? [] : y.ticks || roundTicks(y.from, y.to, this.narrow ? 4 : 5);
    this.yText = labeller(y, this.yTicks);
    this.left = y.rows ? 2 : Math.ceil(Math.max(0, ...this.yTicks.map((tick) => this.measure(this.yText(tick))))) + 10;
    const lastTick = this.measure(labeller(x, [x.to])(x.to)) / 2;
    this.right = this.width - Math.max(endWidth ? endWidth + 18 : 0, this.narrow ? 14 : 22, x.ticks?.length === 0 ? 0 : Math.min(lastTick, 40));
    this.top = head + this.legendLines.length * line + (this.legendLines.length ? 8 : 0) + (this.spec.shades?.some((shade) => shade.label) ? line * 0.4 : 0);
    const foot = line * (x.label ? 2 : 1) + 14;
    const plot = y.rows ? this.rowsHeight : null;
    this.height = Math.round(plot !== null ? this.top + plot + foot : this.spec.height || Math.max(300, Math.min(480, this.width * 0.52)) + this.legendLines.length * line);
    this.bottom = this.height - foot;
    this.x = scale([x.from, x.to], [this.left, this.right], x.log);
    this.y = y.rows ? scale([0, y.rows.length], [this.top, this.bottom]) : scale([y.from, y.to], [this.bottom, this.top]);
    this.places = new Places(this.left + 2, this.top, this.width - 2, this.bottom - 2);
  }

  layOutRows(y, line) {
    if (!y.rows) return;
    this.thick = this.size * 1.75;
    this.rowLines = y.rows.map((name) => inLines(name, this.width - 10, this.size, this.family, 600));
    this.rowTops = [];
    this.rowsHeight = 0;
    for (const lines of this.rowLines) {
      this.rowTops.push(this.rowsHeight);
      this.rowsHeight += lines.length * line + this.thick + this.size * 0.8;
    }
  }

  /** Where the bar of a row stands. */
  row(index) {
    return { top: this.top + this.rowTops[index] + this.rowLines[index].length * this.line + 2, thick: this.thick };
  }

  text(content, attributes, weight) {
    return mark("text", { "font-weight": weight, ...attributes }, content);
  }

  note(note, radius) {
    if (note.text) this.notes.push({ ...note, radius });
  }

  /** A fill of stripes or dots; one definition for each look. */
  pattern(kind, colour) {
    const id = `${this.chart.id}-${kind}-${String(colour).replace(/[^a-z0-9]/gi, "")}`;
    if (!this.defs.querySelector(`[id="${id}"]`)) {
      const shape = kind === "dots"
        ? mark("circle", { cx: 3, cy: 3, r: 1.3, fill: colour })
        : mark("path", { d: "M0 7L7 0M-1 1L1 -1M6 8L8 6", stroke: colour, "stroke-width": 1.6 });
      const size = kind === "dots" ? 6 : 7;
      this.defs.append(mark("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse" }, shape));
    }
    return `url(#${id})`;
  }

  /** All elements, in the order of painting. */
  drawn() {
    const layers = (this.spec.layers || []).map((layer, n) => this.layer(layer, n));
    return [this.defs, ...this.ground(), ...this.axes(), ...layers, ...this.labels()];
  }

  layer(layer, n) {
    const element = LAYERS[layer.type](this, layer);
    if (!element || !layer.grow || STILL.matches || this.chart.grown.has(layer.grow)) return element || mark("g");
    this.chart.grown.add(layer.grow);
    const id = `${this.chart.id}-grow-${n}`;
    const curtain = mark("rect", { x: 0, y: 0, width: this.width, height: this.height, class: "curtain", style: `transform-origin:${this.left}px 0` });
    this.defs.append(mark("clipPath", { id }, curtain));
    return mark("g", { "clip-path": `url(#${id})` }, element);
  }

  ground() {
    const { shades = [], bands = [] } = this.spec;
    const between = (value, low, high) => Math.max(Math.min(low, high), Math.min(Math.max(low, high), value));
    const marks = [];
    for (const { from, to } of shades) {
      const [a, b] = [this.x(from), this.x(to)].map((place) => between(place, this.left, this.right));
      marks.push(mark("rect", { x: a, y: this.top, width: Math.max(0, b - a), height: this.bottom - this.top, fill: "var(--chart-shade)" }));
    }
    for (const { from, to, label } of bands) {
      const [a, b] = [this.y(to), this.y(from)].map((place) => between(place, this.top, this.bottom));
      marks.push(mark("rect", { x: this.left, y: a, width: Math.max(0, this.right - this.left), height: Math.max(0, b - a), fill: "var(--chart-band)", "fill-opacity": 0.8 }));
      if (label) this.notes.push({ text: label, band: [a, b] });
    }
    for (const shade of shades) if (shade.label) this.notes.push({ text: shade.label, shade: [this.x(shade.from), this.x(shade.to)] });
    return marks;
  }

  axes() {
    const { x, y, rules = [] } = this.spec;
    const marks = [];
    for (const tick of this.yTicks) {
      const at = this.y(tick);
      marks.push(mark("path", { d: `M${this.left} ${at.toFixed(1)}H${this.right}`, stroke: "var(--chart-grid)" }));
      marks.push(this.text(this.yText(tick), { x: this.left - 8, y: at, "text-anchor": "end", "dominant-baseline": "central", class: "quiet" }));
    }
    marks.push(...this.weeks(x), ...this.head(y), ...this.rowNames(y));
    for (const rule of rules) marks.push(...this.rule(rule));
    return marks;
  }

  weeks(x) {
    const ticks = x.ticks || (x.log ? logTicks(x.from, x.to) : roundTicks(x.from, x.to, this.width / 90));
    const text = labeller(x, ticks);
    const room = ticks.reduce((sum, tick) => sum + this.measure(text(tick)) + 12, 0) <= this.right - this.left;
    const written = (tick) => room || !x.log || Number.isInteger(Math.round(Math.log10(tick) * 1e9) / 1e9);
    const marks = [mark("path", { d: `M${this.left} ${this.bottom}H${this.right}`, stroke: "var(--chart-line)", "stroke-width": 1.5 })];
    let free = -Infinity;
    for (const tick of ticks) {
      const at = this.x(tick);
      const half = this.measure(text(tick)) / 2;
      marks.push(mark("path", { d: `M${at.toFixed(1)} ${this.bottom}v6`, stroke: "var(--chart-line)", "stroke-width": 1.5 }));
      if (!written(tick) || at - half < free || at + half > this.width + 4) continue;
      free = at + half + 8;
      marks.push(this.text(text(tick), { x: at.toFixed(1), y: this.bottom + 10 + this.size * 0.8, "text-anchor": "middle", class: "quiet" }));
    }
    if (x.label) {
      const at = { x: ((this.left + this.right) / 2).toFixed(1), y: this.bottom + 12 + this.size * 0.8 + this.line, "text-anchor": "middle", class: "quiet" };
      marks.push(this.text(x.label, at));
    }
    return marks;
  }

  /** The name of the y axis above it, which way is better, and the legend where labels have no room at line ends. */
  head(y) {
    const marks = this.headLines.map((text, n) => this.text(text, { x: 0, y: this.size + n * this.line, class: "quiet" }));
    if (y.better) {
      const words = y.better.bare ? y.better.words : `${y.better.words} ${y.rows ? "\u2192" : y.better.up ? "\u2191" : "\u2193"}`;
      marks.push(this.text(words, { x: this.width - 2, y: this.size, "text-anchor": "end" }, 600));
    }
    const top = this.headLines.length * this.line + (y.label ? 8 : 0);
    this.legendLines.forEach((row, n) => row.forEach(({ layer, x }) => {
      const at = top + n * this.line + this.size * 0.6;
      marks.push(sample(layer, x, at, this));
      marks.push(this.text(layer.label, { x: x + sampleWidth(layer, this.unit), y: at, "dominant-baseline": "central", fill: layer.style?.words }, 600));
    }));
    return marks;
  }

  rowNames(y) {
    return (y.rows || []).flatMap((_, row) => this.rowLines[row].map((text, n) =>
      this.text(text, { x: 0, y: this.top + this.rowTops[row] + this.size + n * this.line }, 600)));
  }

  rule({ x, y, label, strong, low }) {
    const look = { stroke: strong ? "var(--chart-ink)" : "var(--chart-line)", "stroke-width": 1.5, "stroke-dasharray": strong ? null : "5 4" };
    if (x !== undefined && this.spec.y.rows) {
      // Between the names of the rows.
      const at = this.x(x).toFixed(1);
      return this.spec.y.rows.map((_, row) => mark("path", { d: `M${at} ${this.row(row).top - 3}v${this.thick + 6}`, ...look }));
    }
    if (x !== undefined) {
      const at = this.x(x).toFixed(1);
      if (label) this.notes.push({ text: label, at: [Number(at), low ? this.bottom - this.line * 0.7 : this.top + this.line * 0.6], prefer: ["right", "left"], radius: 0, quiet: true });
      this.places.takeLine([[Number(at), this.top], [Number(at), this.bottom]]);
      return [mark("path", { d: `M${at} ${this.top}V${this.bottom}`, ...look })];
    }
    const at = this.y(y).toFixed(1);
    if (label) this.notes.push({ text: label, rule: Number(at) });
    this.places.takeLine([[this.left, Number(at)], [this.right, Number(at)]]);
    return [mark("path", { d: `M${this.left} ${at}H${this.right}`, ...look })];
  }

  labels() {
    return [...this.endLabels(), ...this.notes.sort((a, b) => (a.last || 0) - (b.last || 0)).map((note) => this.placed(note))];
  }

  endLabels() {
    if (this.narrow || this.spec.y.rows) return [];
    const labels = this.ends.filter(({ end }) => end).map(({ label, style, end }) => {
      const { lines } = this.spec.layers.find((layer) => layer.label === label);
      return { lines, style, end, want: end[1], size: lines.length * this.line + 4 };
    });
    spread(labels, this.top - this.line / 2, this.bottom);
    for (const { at, size } of labels) this.places.take({ left: this.right + 10, right: this.width, top: at - size / 2, bottom: at + size / 2 });
    return labels.flatMap(({ lines, style, end, at }) => lines.map((text, n) =>
      this.text(text, {
        x: this.right + 12, y: (at + (n - (lines.length - 1) / 2) * this.line).toFixed(1), "dominant-baseline": "central", fill: style.words,
      }, 600)).concat(Math.abs(at - end[1]) > this.line * 0.6
      ? mark("path", { d: `M${(end[0] + 4).toFixed(1)} ${end[1].toFixed(1)}L${this.right + 9} ${at.toFixed(1)}`, stroke: style.colour, "stroke-width": 1, opacity: 0.6 }) : []));
  }

  /** Words at the best free place; without one they are left out, and the text alternative still has them. */
  placed(note) {
    const words = note.style?.words || "var(--chart-quiet)";
    const grow = note.big ? 2.2 : 1;
    const [width, height] = [this.measure(note.text, 600) * grow + 4, this.size * 1.2 * grow];
    let box;
    if (note.at) box = this.places.beside(note.at[0], note.at[1], width, height, note.prefer, (note.radius || 0) * this.unit + 6);
    else {
      const y = note.band ? Math.max(note.band[0], this.top) : note.shade ? this.top : note.rule - height;
      const lefts = note.shade ? [note.shade[0] + 6] : [this.right - width - 4, this.left + 6, (this.left + this.right - width) / 2];
      const tops = note.band ? [note.band[1] - height - 3, y + 3] : note.shade ? [y + 3] : [y - 3, y + height + 3];
      const boxes = tops.flatMap((top) => lefts.map((left) => ({ left, top, right: left + width, bottom: top + height })));
      box = boxes.map((one) => ({ ...one, cost: this.places.cost(one) })).sort((a, b) => a.cost - b.cost)[0];
      if (box.cost === Infinity) box = null;
      else this.places.take(box);
    }
    if (!box) return mark("g");
    const at = { x: (box.left + 2).toFixed(1), y: ((box.top + box.bottom) / 2).toFixed(1), "dominant-baseline": "central", fill: words, class: "note", "font-size": note.big ? this.size * grow : null };
    return this.text(note.text, at, note.style ? 600 : 400);
  }
}

/** Legend entries in rows that fit the width. */
function legendRows(layers, width, frame) {
  const rows = [];
  let x = Infinity;
  for (const layer of layers) {
    const wide = sampleWidth(layer, frame.unit) + frame.measure(layer.label, 600) + 18;
    if (x + wide > width && x > 0) { rows.push([]); x = 0; }
    rows[rows.length - 1].push({ layer, x });
    x += wide;
  }
  return rows;
}

/** Room for what stands for a layer in the legend: a line by its dashes alone needs some of them. */
const sampleWidth = (layer, unit) => (layer.type === "line" && layer.unmarked ? 58 : 34) * unit;

/** What stands for a layer in the legend. */
function sample(layer, x, y, frame) {
  const { unit } = frame;
  const wide = sampleWidth(layer, unit) - 8 * unit;
  if (layer.type === "line") {
    const stroke = 2.75 * unit;
    const line = mark("path", { d: `M${x} ${y}h${wide}`, stroke: layer.style.colour, "stroke-width": stroke, "stroke-dasharray": dashes(layer.style.dash, stroke) });
    return layer.unmarked ? line : mark("g", {}, line, marker(layer.style, x + wide / 2, y, 5 * unit));
  }
  if (layer.style) return marker(layer.style, x + wide / 2, y, 6 * unit);
  const box = { x, y: y - 7 * unit, width: wide, height: 14 * unit };
  const swatch = mark("rect", { ...box, fill: layer.colour });
  return layer.pattern ? mark("g", {}, swatch, mark("rect", { ...box, fill: frame.pattern(layer.pattern, "var(--chart-ground)") })) : swatch;
}

/** How the ticks of an axis are written. */
function labeller(axis, ticks) {
  const by = axis.scale || 1;
  if (axis.format === "percent") return (value) => `${shown(value * 100, 0)}%`;
  const decimals = decimalsOf(ticks.map((tick) => tick * by));
  return (value) => shown(value * by, decimals, axis.format === "signed");
}

// Words in a chart: their widths, their lines, and places for them where nothing is covered.
"use strict";

const pen = document.createElement("canvas").getContext("2d");

/** Width of a text in pixels. */
function textWidth(text, size, weight = 400, family = "sans-serif") {
  pen.font = `${weight} ${size}px ${family}`;
  return pen.measureText(text).width;
}

/** A text in lines no wider than this; a word that is longer stands alone. */
function inLines(text, width, size, family, weight = 400) {
  const lines = [];
  for (const word of String(text).split(/ +/)) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && textWidth(longer, size, weight, family) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Moves centres of labels apart along one axis until none overlaps, as little as may be; keeps them between two ends. */
function spread(labels, low, high) {
  const sorted = [...labels].sort((a, b) => a.want - b.want);
  const groups = [];
  for (const label of sorted) {
    groups.push({ labels: [label], size: label.size, centre: label.want });
    while (groups.length > 1) {
      const [above, below] = groups.slice(-2);
      if (above.centre + above.size / 2 <= below.centre - below.size / 2) break;
      groups.splice(-2, 2, joined(above, below));
    }
    const last = groups[groups.length - 1];
    last.centre = Math.max(low + last.size / 2, Math.min(high - last.size / 2, last.centre));
  }
  for (let n = groups.length - 2; n >= 0; n -= 1) {
    const limit = groups[n + 1].centre - groups[n + 1].size / 2 - groups[n].size / 2;
    groups[n].centre = Math.min(groups[n].centre, limit);
  }
  for (const group of groups) {
    let top = group.centre - group.size / 2;
    for (const label of group.labels) {
      label.at = top + label.size / 2;
      top += label.size;
    }
  }
}

function joined(above, below) {
  const labels = [...above.labels, ...below.labels];
  const size = above.size + below.size;
  let offset = 0;
  let sum = 0;
  for (const label of labels) {
    sum += label.want - (offset + label.size / 2 - size / 2);
    offset += label.size;
  }
  return { labels, size, centre: sum / labels.length };
}

/** Keeps boxes that are taken, and finds free places beside a point. */
class Places {
  constructor(left, top, right, bottom) {
    Object.assign(this, { left, top, right, bottom });
    this.taken = [];
  }

  take(box) { this.taken.push(box); }

  /** Takes a small box round each point of a line, so that words keep off it. */
  takeLine(places, reach = 2) {
    for (let n = 1; n < places.length; n += 1) {
      const [[x0, y0], [x1, y1]] = [places[n - 1], places[n]];
      if (![x0, y0, x1, y1].every(Number.isFinite)) continue;
      const pieces = Math.min(40, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / 8));
      for (let k = 0; k <= pieces; k += 1) {
        const [x, y] = [x0 + ((x1 - x0) * k) / pieces, y0 + ((y1 - y0) * k) / pieces];
        this.taken.push({ left: x - reach, right: x + reach, top: y - reach, bottom: y + reach, soft: 1 });
      }
    }
  }

  /** Takes what lies between two lines with the same places across. */
  takeArea(low, high) {
    const every = Math.max(1, Math.floor(low.length / 40));
    for (let n = 0; n + every < low.length; n += every) {
      const edges = [low[n][1], high[n][1]].sort((a, b) => a - b);
      if (edges[1] - edges[0] > 3) this.taken.push({ left: low[n][0], right: low[n + every][0], top: edges[0], bottom: edges[1], soft: 0.04 });
    }
  }

  cost(box) {
    if (box.left < this.left || box.right > this.right || box.top < this.top || box.bottom > this.bottom) return Infinity;
    let cost = 0;
    for (const other of this.taken) {
      if (box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top) {
        if (!other.soft) return Infinity;
        cost += other.soft;
      }
    }
    return cost;
  }

  /** The best free box of this size beside a point, or null where every place is taken. `prefer` names sides in order. */
  beside(x, y, width, height, prefer = ["above", "right", "below", "left"], gap = 9) {
    const sides = {
      above: [x - width / 2, y - gap - height], below: [x - width / 2, y + gap], right: [x + gap, y - height / 2], left: [x - gap - width, y - height / 2],
      above_right: [x + gap * 0.5, y - gap * 0.6 - height], above_left: [x - gap * 0.5 - width, y - gap * 0.6 - height],
      below_right: [x + gap * 0.5, y + gap * 0.6], below_left: [x - gap * 0.5 - width, y + gap * 0.6],
    };
    const order = [...prefer, ...Object.keys(sides).filter((side) => !prefer.includes(side))];
    let best = null;
    order.forEach((side, rank) => {
      for (const further of [0, height * 0.7, height * 1.5]) {
        let [left, top] = sides[side];
        if (side.startsWith("above")) top -= further;
        if (side.startsWith("below")) top += further;
        if (side === "right") left += further;
        if (side === "left") left -= further;
        if (side === "above" || side === "below") left = Math.max(this.left, Math.min(this.right - width, left));
        const box = { left, top, right: left + width, bottom: top + height };
        const cost = this.cost(box) + rank * 0.35 + further / height;
        if (cost < (best ? best.cost : Infinity)) best = { ...box, cost };
      }
    });
    if (best) this.take(best);
    return best;
  }
}

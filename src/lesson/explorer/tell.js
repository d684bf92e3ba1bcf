// How the explorer writes numbers and sentences: places filled, units, lists.
"use strict";

const WORDS = EXPLORER.words;

/** A text with its places filled. */
function fill(text, values = {}) {
  return text.replace(/\{([a-z_]+)\}/g, (place, name) => (name in values ? values[name] : place));
}

const word = (key, values) => fill(key.split(".").reduce((table, name) => table[name], WORDS), values);

/** A number as short as it can be, with at most so many decimals. */
function brief(value, decimals = 2) {
  return shown(value, decimals).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

const percent = (share, decimals = 0) => `${shown(100 * share, decimals)}%`;
const weeksOf = (number) => (number === 1 ? word("controls.week") : word("controls.weeks", { number: brief(number) }));
const half = (number) => (Number.isFinite(number) ? weeksOf(number) : word("controls.never"));

/** A label inside a sentence: a capital that only opens it becomes small. */
function inside(label) {
  return label.length > 1 && label[1] === label[1].toLowerCase() && label[1] !== label[1].toUpperCase() ? label[0].toLowerCase() + label.slice(1) : label;
}

const opened = (text) => text[0].toUpperCase() + text.slice(1);

function listed(parts) {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} ${word("say.and")} ${parts[parts.length - 1]}`;
}

/** Amounts of an outcome: shares as percentage points, everything else in its unit. */
class Amounts {
  constructor(outcome) {
    this.share = outcome.kind === "binary" || outcome.responders;
    this.by = this.share ? 100 : 1;
    this.unit = this.share ? "percentage points" : outcome.unit;
    const wide = outcome.range ? outcome.range[1] - outcome.range[0] : 10;
    this.decimals = this.share || wide > 200 ? 1 : wide > 5 ? 1 : 2;
  }

  plain(value, sign = false) { return shown(value * this.by, this.decimals, sign); }

  of(value) {
    const text = this.plain(Math.abs(value));
    const unit = text === "1" || Number(text) === 1 ? this.unit.replace(/s$/, "") : this.unit;
    return unit ? `${text} ${unit}` : text;
  }

  /** The same as somebody would type it: without a zero behind the point. */
  short(value) {
    const text = brief(Math.abs(value) * this.by);
    return this.unit ? `${text} ${text === "1" ? this.unit.replace(/s$/, "") : this.unit}` : text;
  }

  /** Whether a value is written as zero. */
  isNone(value) { return Number(shown(Math.abs(value) * this.by, this.decimals)) === 0; }
}

/** Power as a percentage that never rounds to a certainty. */
function chance(power) {
  if (power > 0.995) return "over 99%";
  if (power < 0.005) return "under 1%";
  return percent(power);
}

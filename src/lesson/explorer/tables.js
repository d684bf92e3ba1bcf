// The numbers of a figure as a table, for who reads rather than looks.
"use strict";

function table(heading, rows, caption) {
  const cell = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const own = document.createElement("table");
  own.append(Object.assign(document.createElement("caption"), { textContent: caption, className: "unseen" }));
  const head = document.createElement("tr");
  head.append(...heading.map((text) => Object.assign(cell("th", text), { scope: "col" })));
  own.append(head, ...rows.map((cells) => {
    const row = document.createElement("tr");
    row.append(...cells.map((text, n) => (n ? cell("td", text) : Object.assign(cell("th", text), { scope: "row" }))));
    return row;
  }));
  return own;
}

/** By figure: the heading and the rows of its table. */
const TABLES = {
  difference(pictures) {
    const heading = [word("figures.week_column"), word("figures.arm_column"), word("figures.gap_column"), word("figures.interval_column")];
    const { weeks } = pictures.courses;
    const rows = pictures.about.visits.flatMap(({ week, label }) => pictures.compared().map((own) => {
      const value = own.difference[weeks.indexOf(week)];
      const width = pictures.rowsOf(own.arm).find((row) => row.week === week)?.formula?.own.half_width;
      return [label, pictures.label(own.arm), value === null || value === undefined ? "–" : pictures.amounts.plain(value), width ? pictures.amounts.plain(width) : "–"];
    }));
    return [heading, rows];
  },

  scores(pictures) {
    const arms = pictures.courses.arms.map((own) => pictures.label(own.arm));
    const rows = pictures.courses.visits.map((visit, n) => [pictures.about.visits[n].label, ...visit.mean.map((mean) => (mean === null ? "–" : pictures.amounts.plain(mean)))]);
    return [[word("figures.week_column"), ...arms], rows];
  },

  sessions(pictures, arm) {
    const built = pictures.built?.arms?.find((own) => own.arm === arm);
    const rows = pictures.about.visits.flatMap(({ week, label }) => {
      const n = built ? built.weeks.indexOf(week) : -1;
      return n < 0 ? [] : [[label, pictures.amounts.plain(built.difference[n])]];
    });
    return [[word("figures.week_column"), word("figures.gap_column")], rows];
  },

  change(pictures) {
    const sources = [["regression", "regression"], ["natural_course", "natural"], ["sessions", "of_sessions"], ["other", "other"]];
    const rows = pictures.parts.arms.map((own) => [pictures.label(own.arm), ...sources.map(([source]) => pictures.amounts.plain(own.change[source]))]);
    return [[word("figures.arm_column"), ...sources.map(([, name]) => word(`figures.${name}`))], rows];
  },

  power(pictures, arm) {
    const heading = [word("figures.week_column"), word("figures.gap_column"), word("figures.power_column"), word("figures.needed_column")];
    const rows = pictures.rowsOf(arm).filter((row) => row.formula).map(({ week, formula }) =>
      [pictures.visit(week), pictures.amounts.plain(formula.difference), percent(formula.own.power, 1), formula.smallest === null ? word("say.needed_none") : brief(formula.smallest, 0)]);
    return [heading, rows];
  },
};

// The handout: what is printed. Bets with boxes to tick, figures to draw into, room for answers; what the model says comes at the end.
"use strict";

/** Width of a figure on paper, in pixels of the screen. It is given, since what is not shown on the screen has no width of its own. */
const PAPER = 640;

/** A copy without identifiers, each of which a document has once. */
function copied(node) {
  const copy = node.cloneNode(true);
  for (const own of [copy, ...queryAll("[id], [aria-labelledby]", copy)]) {
    own.removeAttribute("id");
    own.removeAttribute("aria-labelledby");
  }
  return copy;
}

function handout() {
  const place = document.getElementById("handout");
  const views = LESSON.steps.map((own) => player.views[own.key]);
  place.replaceChildren(
    element("h1", {}, WORDS.handout_title),
    element("p", {}, LESSON.about),
    ...views.map(question),
    element("h1", { class: "answers" }, WORDS.handout_answers),
    ...views.map(answer),
    element("p", { class: "small" }, LESSON.made_by),
  );
  // Figures are laid out for the paper's width, whatever is on the screen.
  for (const [host, spec] of handout.figures.splice(0)) new Chart(host, spec);
}

handout.figures = [];

function onPaper(view, open) {
  const { step, key } = view;
  const host = element("div", { class: "paper-figure", style: `width:${PAPER}px` });
  const start = startOf(key);
  if (!start) return host;
  const spec = step.figure(start, step.start, open, () => {}, start);
  delete spec.handles;
  if (spec.sketch) spec.sketch = { ...spec.sketch, locked: true };
  for (const layer of spec.layers) delete layer.grow;
  handout.figures.push([host, { title: "", desc: "", ...spec, width: PAPER, height: spec.y.rows ? undefined : open ? 250 : 280 }]);
  return host;
}

function question(view, n) {
  const { section } = view;
  const choices = queryAll(".says", section).map((own) => element("li", {}, own.textContent));
  return element("section", { class: "paper-step" },
    element("h2", {}, `${n + 1}  ${query("h2", section).textContent}`),
    copied(query(".bet", section)),
    choices.length ? element("ul", { class: "boxes" }, ...choices) : "",
    onPaper(view, false),
    element("p", { class: "lines" }, WORDS.notes_room));
}

function answer(view, n) {
  const card = query(".card", view.section);
  const own = element("section", { class: "paper-step paper-answer" }, element("h2", {}, `${n + 1}  ${query("h2", view.section).textContent}`), copied(view.truth), onPaper(view, true),
    copied(query(".footnote", view.section)));
  if (card) own.append(copied(card));
  return own;
}

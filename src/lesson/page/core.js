// The way from the page to the library's own core: what was answered natively for the page as it opens, and WebAssembly for everything else.
"use strict";

const core = {
  /** Answers of the library to questions about the lesson's scenario with some settings changed: a promise of a list. */
  async ask(set, questions, { beside = false } = {}) {
    core.started ??= lingerCore();
    const program = await core.started;
    const request = { scenario: LESSON.scenario, name: LESSON.file, set: [...LESSON.set, ...set], ask: questions };
    const reply = beside ? await program.later(request) : program.ask(request);
    if (reply.problems) throw new Error(reply.problems.map((problem) => problem.text || problem.message).join("\n"));
    return reply.answers;
  },

  /** The core, once something has asked for it. */
  started: null,
};

/** Asks anew whenever something has moved, but never two at once: of what comes meanwhile only the last counts. */
class Asker {
  constructor(ask, then) {
    Object.assign(this, { ask, then, busy: false, next: null });
  }

  async want(state) {
    if (this.busy) { this.next = state; return; }
    this.busy = true;
    try {
      this.then(await this.ask(state), state);
    } catch (error) {
      report(error);
    }
    this.busy = false;
    if (this.next) {
      const { next } = this;
      this.next = null;
      // Lets the browser draw what has come first.
      requestAnimationFrame(() => this.want(next));
    }
  }
}

/** Something that went wrong, where a reader finds it. */
function report(error) {
  const place = document.getElementById("problem");
  place.hidden = false;
  place.textContent = error.message;
}

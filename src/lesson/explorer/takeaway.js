// What a reader takes away: the address with its settings, the command, the file, a figure as SVG.
"use strict";

/** Copies a text; where the browser does not let a page, the text is shown to be copied by hand. */
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const dialog = document.getElementById("by-hand");
    dialog.querySelector("textarea").value = text;
    dialog.showModal();
    dialog.querySelector("textarea").select();
    return;
  }
  const before = button.textContent;
  button.textContent = word("buttons.copied");
  setTimeout(() => { button.textContent = before; }, 1600);
}

/** A word as a shell takes it. */
function quoted(text) {
  return /^[\p{L}\p{N}._\-=+,:/]+$/u.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}

/** The state of the page as the fragment of its address. */
function fragment({ from, outcome, arm, moved }) {
  const parts = new URLSearchParams();
  parts.set("from", from);
  parts.set("outcome", outcome);
  if (arm) parts.set("arm", arm);
  for (const [id, value] of moved) parts.set(id, String(value));
  return parts.toString();
}

/** What a fragment says; numbers that are none are left out. */
function fromFragment(text) {
  const parts = new URLSearchParams(text.replace(/^#/, ""));
  const moved = new Map();
  for (const [id, value] of parts) {
    const number = value === "Infinity" ? Infinity : Number(value);
    if (!["from", "outcome", "arm"].includes(id) && value !== "" && !Number.isNaN(number)) moved.set(id, number);
  }
  return { from: parts.get("from"), outcome: parts.get("outcome"), arm: parts.get("arm"), moved };
}

/** Mixed colours as every program reads them. */
function plainColour(value) {
  return value.replace(/color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)\)/g, (_, ...parts) => `rgb(${parts.slice(0, 3).map((part) => Math.round(255 * Number(part))).join(", ")})`);
}

/** A chart as a file of its own: with the colours it has now, and no style sheet. */
function asFile(svg) {
  const own = svg.cloneNode(true);
  own.setAttribute("xmlns", SVG);
  own.setAttribute("role", "img");
  const properties = ["fill", "stroke", "stroke-width", "opacity", "font-size", "font-weight", "paint-order", "fill-opacity"];
  const [from, to] = [[svg, ...svg.querySelectorAll("*")], [own, ...own.querySelectorAll("*")]];
  from.forEach((element, n) => {
    const look = getComputedStyle(element);
    if (element.tagName === "svg") to[n].setAttribute("style", `font-family:${look.fontFamily.replace(/"/g, "'")};font-size:${look.fontSize}`);
    if (!["title", "desc", "defs"].includes(element.tagName)) {
      for (const property of properties) {
        const value = look.getPropertyValue(property);
        if (value && (element.hasAttribute(property) || element.tagName === "text")) to[n].setAttribute(property, plainColour(value));
      }
    }
    to[n].removeAttribute("class");
  });
  const ground = mark("rect", { width: "100%", height: "100%", fill: getComputedStyle(document.body).backgroundColor });
  own.insertBefore(ground, own.querySelector("g"));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(own)}\n`;
}

function download(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

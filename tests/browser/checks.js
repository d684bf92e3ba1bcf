// What a page must be, looked up in the page itself: every function answers with a list of what is wrong.
(() => {
  // Nothing changes while the checks run: what was looked up is kept.
  const kept = (of) => {
    const known = new WeakMap();
    return (element) => {
      if (!known.has(element)) known.set(element, of(element));
      return known.get(element);
    };
  };

  const isShown = kept((e) => {
    const style = getComputedStyle(e);
    if (style.display === "none" || style.visibility === "hidden" || Number(style.opacity) === 0) return false;
    // Words for screen readers alone are cut to a point.
    if (style.clipPath === "inset(50%)" || style.clip === "rect(0px, 0px, 0px, 0px)" || style.clip === "rect(1px, 1px, 1px, 1px)") return false;
    const above = e.parentElement;
    if (!above) return true;
    if (above.tagName === "DETAILS" && !above.open && e.tagName !== "SUMMARY") return false;
    return isShown(above);
  });

  // A rectangle without what its scrolling or cutting ancestors hide.
  const visible = (rect, element) => {
    let [left, top, right, bottom] = [rect.left, rect.top, rect.right, rect.bottom];
    for (let e = element; e && e !== document.documentElement; e = e.parentElement) {
      if (e === document.body) break;
      const style = getComputedStyle(e);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const own = e.getBoundingClientRect();
      [left, top, right, bottom] = [Math.max(left, own.left), Math.max(top, own.top), Math.min(right, own.right), Math.min(bottom, own.bottom)];
    }
    return { left, top, right, bottom };
  };

  // Every line of text that is to be seen: its words, its place, the element it stands in.
  let found;
  const lines = () => {
    if (found) return found;
    found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const words = node.textContent.trim();
      const element = node.parentElement;
      if (!words || !element || ["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "TITLE", "DESC", "title", "desc", "OPTION", "option"].includes(element.tagName)) continue;
      if (!isShown(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) {
        const seen = visible(rect, element);
        if (seen.right - seen.left > 1 && seen.bottom - seen.top > 1) found.push({ words, element, node, ...seen });
      }
    }
    return found;
  };

  // The bar across the window below which the page moves, if an element is in one whose ground hides what is beneath.
  const bar = kept((e) => {
    const style = getComputedStyle(e);
    if (["fixed", "sticky"].includes(style.position) && style.zIndex !== "auto" && e.getBoundingClientRect().width >= 0.9 * innerWidth && colour(style.backgroundColor)[3] >= 0.9) return e;
    return e.parentElement ? bar(e.parentElement) : null;
  });

  const short = (words) => words.replace(/\s+/g, " ").slice(0, 60);

  const overlaps = () => {
    const all = lines().map((line) => {
      // The box of a line is taller than its letters.
      const air = 0.22 * (line.bottom - line.top);
      return { ...line, top: line.top + air, bottom: line.bottom - air };
    });
    all.sort((a, b) => a.top - b.top);
    const wrong = [];
    for (let i = 0; i < all.length; i += 1) {
      for (let j = i + 1; j < all.length && all[j].top < all[i].bottom; j += 1) {
        const [a, b] = [all[i], all[j]];
        if (a.node === b.node) continue;
        // What has moved below a bar is hidden by it.
        if (!bar(a.element) !== !bar(b.element)) continue;
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1.5 && down > 1) wrong.push(`"${short(a.words)}" and "${short(b.words)}" overlap by ${across.toFixed(1)} x ${down.toFixed(1)} at ${Math.round(a.left)}, ${Math.round(a.top + scrollY)}`);
      }
    }
    return wrong;
  };

  const cut = () => {
    const wide = document.documentElement.scrollWidth;
    if (wide <= innerWidth) return [];
    const beyond = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && isShown(e));
    return [`the page is ${wide} pixels wide in a window of ${innerWidth}: ${beyond.slice(0, 5).map((e) => `${e.tagName}.${e.getAttribute("class") ?? ""}`).join(", ")}`];
  };

  const colour = (text) => {
    const numbers = text.match(/[\d.]+/g)?.map(Number);
    if (!numbers || text === "none" || text === "transparent") return [0, 0, 0, 0];
    if (text.startsWith("color(srgb")) return [numbers[0] * 255, numbers[1] * 255, numbers[2] * 255, numbers[3] ?? 1];
    return [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };

  // What a shape is filled with, clear where it is not to be seen, and the way from the window to its own places.
  const paint = kept((shape) => {
    // What only cuts, masks or is repeated elsewhere is not drawn where it stands.
    if (shape.closest("clipPath, mask, pattern, marker, symbol, defs")) return { fill: [0, 0, 0, 0], inverse: null };
    const style = getComputedStyle(shape);
    const fill = colour(style.fill);
    fill[3] *= Number(style.fillOpacity) * Number(style.opacity);
    if (fill[3] > 0 && !isShown(shape)) fill[3] = 0;
    return { fill, inverse: fill[3] > 0 ? shape.getScreenCTM().inverse() : null };
  });

  // The ground behind an element: of the page, then what lies over it.
  const ground = (element, x, y) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      if (e instanceof SVGElement) {
        const svg = e.ownerSVGElement ?? e;
        if (e.parentElement instanceof SVGElement && e.parentElement !== svg) continue;
        for (const shape of [...svg.querySelectorAll("rect, circle, path, polygon, ellipse")].reverse()) {
          if (!(shape.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
          const { fill, inverse } = paint(shape);
          if (fill[3] > 0 && shape.isPointInFill(new DOMPoint(x, y).matrixTransform(inverse))) layers.push(fill);
          if (layers.at(-1)?.[3] === 1) break;
        }
        if (layers.at(-1)?.[3] === 1) break;
        e = svg;
      }
      const fill = colour(getComputedStyle(e).backgroundColor);
      if (fill[3] > 0) layers.push(fill);
      if (fill[3] === 1) break;
    }
    const dark = matchMedia("(prefers-color-scheme: dark)").matches && getComputedStyle(document.documentElement).colorScheme.includes("dark");
    let result = dark ? [18, 18, 18, 1] : [255, 255, 255, 1];
    for (const layer of layers.reverse()) result = over(layer, result);
    return result;
  };

  const contrast = () => {
    const wrong = new Map();
    for (const line of lines()) {
      const style = getComputedStyle(line.element);
      if (line.element.closest(":disabled, [aria-disabled=true]")) continue;
      const isSvg = line.element instanceof SVGElement;
      const scale = isSvg ? line.element.getScreenCTM().a : 1;
      const size = parseFloat(style.fontSize) * scale;
      // Letters with a wide rim are read against their rim.
      const rim = isSvg && style.paintOrder.startsWith("stroke") && parseFloat(style.strokeWidth) * scale >= 3 ? colour(style.stroke) : [0, 0, 0, 0];
      const below = over(rim, ground(line.element, (line.left + line.right) / 2, (line.top + line.bottom) / 2));
      const ink = over(colour(isSvg ? style.fill : style.color), below);
      const [a, b] = [luminance(ink), luminance(below)];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (isLarge ? 3 : 4.5) - 0.005) wrong.set(`"${short(line.words)}": ${ratio.toFixed(2)} to 1 (${ink.slice(0, 3).map(Math.round)} on ${below.slice(0, 3).map(Math.round)})`, true);
    }
    return [...wrong.keys()];
  };

  const tiny = () => lines()
    .filter((line) => line.element instanceof SVGElement)
    .map((line) => [parseFloat(getComputedStyle(line.element).fontSize) * line.element.getScreenCTM().a, short(line.words)])
    .filter(([size]) => size < 8)
    .map(([size, words]) => `"${words}" is ${size.toFixed(1)} pixels tall`);

  const structure = () => {
    const wrong = [];
    const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
    for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) wrong.push(`the id ${id} stands there twice`);
    const named = (attribute) => [...document.querySelectorAll(`[${attribute}]`)].flatMap((e) => e.getAttribute(attribute).split(/\s+/)).filter(Boolean);
    for (const id of [...named("aria-labelledby"), ...named("aria-describedby"), ...named("aria-controls"), ...named("for")]) {
      if (!document.getElementById(id)) wrong.push(`nothing has the id ${id} that is named`);
    }
    for (const link of document.querySelectorAll('a[href^="#"]')) {
      const id = decodeURIComponent(link.getAttribute("href").slice(1));
      if (id && !document.getElementById(id)) wrong.push(`a link goes to #${id}, which is not there`);
    }
    if (!document.documentElement.lang) wrong.push("the page does not say its language");
    if (!document.title.trim()) wrong.push("the page has no title");
    const mains = [...document.querySelectorAll("main, [role=main]")].filter(isShown);
    if (mains.length !== 1) wrong.push(`the page has ${mains.length} main parts`);
    const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(isShown);
    if (headings.filter((heading) => heading.tagName === "H1").length !== 1) wrong.push("the page has not one first heading");
    let before = 0;
    for (const heading of headings) {
      const level = Number(heading.tagName[1]);
      if (level > before + 1) wrong.push(`the heading "${short(heading.textContent)}" is of level ${level} after one of level ${before}`);
      before = level;
    }
    for (const outside of document.querySelectorAll("[src], link[href], use[href], image[href]")) {
      const address = outside.getAttribute("src") ?? outside.getAttribute("href");
      if (/^(https?:)?\/\//.test(address)) wrong.push(`something is fetched from ${address}`);
    }
    return wrong;
  };

  window.__checks = { overlaps, cut, contrast, tiny, structure };
})();

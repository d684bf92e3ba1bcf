// Asks the core of a page what was asked natively, and compares: node core.mjs core.wasm.gz answers.json. Exit code 1 where a number is
// further off than the tolerance of its request (of itself, or of 1 where it is smaller) or anything else is not the same; the first differences are printed.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { runInThisContext } from "node:vm";

const [, , core, asked] = process.argv;
const loader = new URL("../../src/live/core.js", import.meta.url);
// The loader's own way of talking to the core, so that it is tested too.
const speaker = runInThisContext(`${readFileSync(loader, "utf8")}; lingerSpeaker`);
const { instance } = await WebAssembly.instantiate(gunzipSync(readFileSync(core)), {});
const ask = speaker(instance);

/** Where two values differ, as paths with both. */
function differences(own, page, tolerance, path = "") {
  if (typeof own === "number" && typeof page === "number") {
    return Math.abs(own - page) <= tolerance * Math.max(1, Math.abs(own)) ? [] : [`${path}: ${own} natively, ${page} in the page`];
  }
  if (own && page && typeof own === "object" && typeof page === "object") {
    const keys = [...new Set([...Object.keys(own), ...Object.keys(page)])];
    return keys.flatMap((key) => differences(own[key], page[key], tolerance, `${path}/${key}`));
  }
  // Sums to go on with are numbers written as texts.
  if (typeof own === "string" && typeof page === "string" && path.includes("/sums/")) return differences(Number(own), Number(page), tolerance, path);
  return own === page ? [] : [`${path}: ${JSON.stringify(own)} natively, ${JSON.stringify(page)} in the page`];
}

const pairs = JSON.parse(readFileSync(asked, "utf8"));
const found = pairs.flatMap(({ request, reply, tolerance }) =>
  differences(reply, ask(request), tolerance).map((text) => `${request.shipped} ${request.set.join(" ")}\n  ${text}`));
if (found.length) {
  console.log(`${found.length} differences\n${found.slice(0, 10).join("\n")}`);
  process.exit(1);
}
const tolerances = [...new Set(pairs.map((pair) => pair.tolerance))];
const counts = tolerances.map((own) => [pairs.filter((pair) => pair.tolerance === own).length, own.toExponential()]);
console.log(counts.map(([n, own], first) => `${n}${first ? "" : " settings the same"} to ${own}`).join(", "));

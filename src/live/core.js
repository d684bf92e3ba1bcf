// Starts the Rust core in a page: no network, no second file. `await lingerCore()` gives an object with
//   ask(request)    the answer at once, on this thread: a few milliseconds for everything but replicates
//   later(request)  a promise of the answer, worked out beside the page where the browser lets a page from disk have a worker
//   inWorker()      a promise: whether `later` is beside the page, or on this thread
// A request is an object as `live::answer` takes it; an answer is the parsed object.
"use strict";

/** Texts to and from an instance of the core. Also the whole of the worker's code, so that it uses nothing from outside. */
function lingerSpeaker(instance) {
  const { alloc, answer, free, memory } = instance.exports;
  const writer = new TextEncoder();
  const reader = new TextDecoder();
  return (request) => {
    const bytes = writer.encode(JSON.stringify(request));
    const at = alloc(bytes.length);
    new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
    const back = answer(at, bytes.length) >>> 0;
    // Memory may have grown, which makes every earlier view of it empty.
    const length = new DataView(memory.buffer).getUint32(back, true);
    const text = reader.decode(new Uint8Array(memory.buffer, back + 4, length));
    free(back, length + 4);
    return JSON.parse(text);
  };
}

/** A worker with the core in it; null where the browser does not give a page from disk one. */
function lingerWorker(module) {
  const code = `"use strict";${lingerSpeaker}
    let ask;
    onmessage = async ({ data }) => {
      try {
        if (data.module) {
          ask = lingerSpeaker(await WebAssembly.instantiate(data.module, {}));
          postMessage({ ready: true });
        } else {
          postMessage({ id: data.id, value: ask(data.request) });
        }
      } catch (error) {
        postMessage({ id: data.id, error: String(error) });
      }
    };`;
  return new Promise((resolve) => {
    let worker;
    try {
      worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
    } catch {
      return resolve(null);
    }
    const waiting = new Map();
    let next = 0;
    const give_up = () => {
      worker.terminate();
      resolve(null);
    };
    const patience = setTimeout(give_up, 4000);
    worker.onerror = give_up;
    worker.onmessage = ({ data }) => {
      if (data.ready) {
        clearTimeout(patience);
        return resolve((request) => new Promise((done, failed) => {
          waiting.set((next += 1), { done, failed });
          worker.postMessage({ id: next, request });
        }));
      }
      const who = waiting.get(data.id);
      if (!who) return give_up();
      waiting.delete(data.id);
      return data.error === undefined ? who.done(data.value) : who.failed(new Error(data.error));
    };
    worker.postMessage({ module });
  });
}

/** The bytes of a text in which 13 or 14 bits stand in two of 91 signs (basE91). */
function lingerBytes(text) {
  const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,./:;=>?@[]^_{|}~\"'-";
  const values = new Map([...signs].map((sign, value) => [sign, value]));
  const bytes = new Uint8Array(Math.ceil(text.length * 14 / 16) + 1);
  let [length, waiting, n, first] = [0, 0, 0, -1];
  for (const sign of text) {
    const value = values.get(sign);
    if (value === undefined) continue;
    if (first < 0) { first = value; continue; }
    const pair = first + 91 * value;
    first = -1;
    waiting |= pair << n;
    for (n += (pair & 8191) > 88 ? 13 : 14; n > 7; n -= 8) {
      bytes[length++] = waiting & 255;
      waiting >>>= 8;
    }
  }
  if (first >= 0) bytes[length++] = (waiting | first << n) & 255;
  return bytes.subarray(0, length);
}

/** Unpacks and starts the core from the element with its bytes, or from their text. */
async function lingerCore(text = document.getElementById("linger-core").textContent) {
  const packed = lingerBytes(text);
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const module = await WebAssembly.compile(await new Response(unpacked).arrayBuffer());
  const ask = lingerSpeaker(await WebAssembly.instantiate(module, {}));
  let worker;
  const beside = () => (worker ??= lingerWorker(module));
  const soon = (request) => new Promise((done) => setTimeout(() => done(ask(request)), 0));
  return {
    ask,
    later: async (request) => ((await beside()) ?? soon)(request),
    inWorker: async () => (await beside()) !== null,
  };
}

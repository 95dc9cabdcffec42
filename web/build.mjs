// Builds what browsers run: `node build.mjs`, or `make web`. Every entry of ENTRIES becomes one file under tactful/.
// What is written follows from the sources alone, to the byte, so a test can hold the committed files to them.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
// Where the package is; a test that compares lets it be written elsewhere.
const OUT = process.argv[2] ?? join(HERE, "..", "tactful");

// from: an entry, or a folder of parts that are loaded when they are needed and have their contents in their names.
// parts: the folder whose names the entry is given as PARTS.
const ENTRIES = [
  { from: "widget/parts", to: "api/static/widget" },
  { from: "widget/index.ts", to: "api/static/widget.js", parts: "widget/parts" },
  { from: "push/page.ts", to: "api/static/push.js" },
  { from: "push/worker/worker.ts", to: "api/static/push-worker.js" },
];

const BROWSERS = ["chrome123", "firefox125", "safari17.5"];

// Style sheets become strings in the code: a page whose policy forbids style elements takes them adopted.
const sheets = {
  name: "sheets",
  setup(on) {
    on.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const told = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: BROWSERS });
      return { contents: told.code.trim(), loader: "text" };
    });
  },
};

async function bundle(from, format, define) {
  const made = await build({
    absWorkingDir: HERE,
    entryPoints: [from],
    bundle: true,
    write: false,
    minify: true,
    charset: "utf8",
    legalComments: "none",
    target: BROWSERS,
    format,
    define,
    plugins: [sheets],
    logLevel: "warning",
  });
  return made.outputFiles[0].contents;
}

async function buildParts(entry, known) {
  const folder = join(OUT, entry.to);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const names = (known[entry.from] = {});
  for (const file of (await readdir(join(HERE, entry.from))).filter((each) => each.endsWith(".ts")).sort()) {
    const code = await bundle(join(entry.from, file), "esm", {});
    const name = basename(file, ".ts");
    names[name] = `${name}-${createHash("sha256").update(code).digest("hex").slice(0, 10)}.js`;
    await writeFile(join(folder, names[name]), code);
  }
}

async function buildEntry(entry, known) {
  const define = { PARTS: JSON.stringify(entry.parts ? known[entry.parts] : {}) };
  const target = join(OUT, entry.to);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, await bundle(entry.from, "iife", define));
}

const known = {};
for (const entry of ENTRIES) {
  await (entry.from.endsWith(".ts") ? buildEntry : buildParts)(entry, known);
}

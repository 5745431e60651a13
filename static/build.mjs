// Builds static/vendor/ from node_modules: the libraries, the icons, and their licences.
//
// node static/build.mjs

import { readFile, readdir, rm, mkdir, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import zlib from "node:zlib";

import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const VENDOR = path.join(ROOT, "static", "vendor");
const MODULES = path.join(ROOT, "node_modules");
const ICONS = path.join(MODULES, "lucide-static", "icons");

const LIBRARIES = {
  "socket.io.js": 'export { io } from "socket.io-client";',
  "simple-keyboard.js": 'import Keyboard from "simple-keyboard/build/index.modern.esm.js"; export { Keyboard };',
  "htmx.js": 'import "htmx.org"; export { default } from "htmx.org";',
};

// The oldest browsers we serve; the one inside WeChat sets the floor.
const BROWSERS = ["chrome87", "safari15"];

const LICENCES = ["MIT", "ISC", "0BSD", "BSD-0-Clause", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"];

const gzip = promisify(zlib.gzip);
const brotli = promisify(zlib.brotliCompress);

/** Write a file of static/vendor/ with its compressed siblings, which the server sends as they are. */
async function emit(name, content) {
  const file = path.join(VENDOR, name);
  await Promise.all([
    writeFile(file, content),
    writeFile(`${file}.gz`, await gzip(content, { level: 9 })),
    writeFile(`${file}.br`, await brotli(content)),
  ]);
}

/** Bundle one library as an ES module; answer the packages that went into it. */
async function bundle(name, entry) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: entry, resolveDir: ROOT },
    bundle: true,
    format: "esm",
    legalComments: "none",
    metafile: true,
    minify: true,
    target: BROWSERS,
    write: false,
  });
  await emit(name, outputFiles[0].contents);
  return Object.keys(metafile.inputs)
    .map((input) => input.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1])
    .filter(Boolean);
}

/** The icon names that a template asks for: icon("x"), icon("x" if … else "y"), icon="x". */
function iconsIn(template) {
  const calls = [...template.matchAll(/\bicon\s*(?:\(([^,)]*)|=\s*(["'][^"']*["']))/g)];
  return calls.flatMap(([, argument, value]) =>
    [...(argument ?? value).matchAll(/(?:^|\belse\b)\s*["']([^"']+)["']/g)].map(([, name]) => name),
  );
}

/** Every icon name in use, with the file that asks for it. */
async function iconsInUse() {
  const found = new Map();
  const folder = path.join(ROOT, "templates");
  for (const file of existsSync(folder) ? await readdir(folder, { recursive: true }) : []) {
    if (!file.endsWith(".html")) continue;
    const template = await readFile(path.join(folder, file), "utf8");
    for (const name of iconsIn(template)) found.set(name, `templates/${file}`);
  }
  const list = path.join(ROOT, "static", "icons.txt");
  const listed = existsSync(list) ? await readFile(list, "utf8") : "";
  for (const line of listed.split("\n")) {
    const name = line.replace(/#.*/, "").trim();
    if (name) found.set(name, "static/icons.txt");
  }
  return new Map([...found].sort());
}

/** One icon as a symbol that takes its colour from the text around it. */
async function symbol(name, usedIn) {
  const file = path.join(ICONS, `${name}.svg`);
  if (!existsSync(file)) throw new Error(`${usedIn}: lucide has no icon "${name}"`);
  const svg = await readFile(file, "utf8");
  const shapes = svg.match(/<svg[^>]*>(.*)<\/svg>/s)[1].replace(/\s*\n\s*/g, "");
  return (
    `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" ` +
    `stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`
  );
}

/** All icons in use as one sprite. */
async function sprite() {
  const names = await iconsInUse();
  const symbols = await Promise.all([...names].map(([name, usedIn]) => symbol(name, usedIn)));
  await emit(
    "icons.svg",
    `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`,
  );
  return names.size;
}

/** The licence text of one package; an error if we may not pass it on. */
async function licence(name) {
  const folder = path.join(MODULES, name);
  const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  if (!LICENCES.includes(license)) throw new Error(`${name}: licence ${license} is not on our list`);
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? await readFile(path.join(folder, file), "utf8") : "";
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

try {
  await rm(VENDOR, { recursive: true, force: true });
  await mkdir(VENDOR, { recursive: true });
  const bundled = await Promise.all(
    Object.entries(LIBRARIES).map(([name, entry]) => bundle(name, entry)),
  );
  const icons = await sprite();
  const packages = [...new Set([...bundled.flat(), "lucide-static"])].sort();
  const texts = await Promise.all(packages.map(licence));
  // The last file: make takes it as the sign that all of them are there.
  await emit("LICENSES.txt", texts.join(`\n${"-".repeat(78)}\n\n`));
  console.log(`Built static/vendor/: ${packages.length} packages, ${icons} icons`);
} catch (error) {
  console.error(`static/build.mjs: ${error.message}`);
  process.exit(1);
}

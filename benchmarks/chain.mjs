// Renders MJML with npm mjml and inlines CSS with juice, once for every line on stdin.
//
//   node chain.mjs SOURCE.mjml INLINE.css OUTPUT.html
//
// Answers each line with one of JSON: the CPU milliseconds of mjml, of juice, and of the whole
// process since the answer before, so that what V8 compiles and collects in threads of its own
// counts too. At the end of stdin it writes the last page to OUTPUT.html. First of all it prints
// a line with the versions.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
import { createInterface } from "node:readline";

import juice from "juice";
import mjml2html from "mjml";

const [sourceFile, cssFile, outputFile] = process.argv.slice(2);
const source = readFileSync(sourceFile, "utf8");
const css = readFileSync(cssFile, "utf8");
const version = (name) => createRequire(import.meta.url)(`${name}/package.json`).version;
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** CPU milliseconds that the process has used, in user and system mode. */
function used() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

let page = "";
say({ node: process.versions.node, mjml: version("mjml"), juice: version("juice") });
let answered = used();
for await (const _ of createInterface({ input: process.stdin })) {
  const start = used();
  const { html } = await mjml2html(source, { validationLevel: "skip" });
  const between = used();
  page = juice.inlineContent(html, css);
  const end = used();
  say({ mjml: between - start, juice: end - between, chain: end - answered });
  answered = end;
}
writeFileSync(outputFile, page);

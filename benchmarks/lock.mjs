// Takes out of package-lock.json what names a host: `npm run lock` calls it after npm has written.
// npm leaves the download addresses out by itself (see .npmrc), but not those of sponsors and licences.

import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));
for (const entry of Object.values(lock.packages)) {
  delete entry.funding;
  delete entry.resolved;
  if (entry.license?.includes("://")) delete entry.license;
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);

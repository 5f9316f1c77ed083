import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

const here = fileURLToPath(new URL(".", import.meta.url));

/** The path in `folder` of a TypeScript file of this one, bundled to JavaScript: what Node 20 reads. */
export async function bundle(name, folder) {
  const bundling = await rolldown({ input: join(here, name), platform: "node" });
  const file = join(folder, name.replace(/ts$/, "mjs"));
  await bundling.write({ file, format: "esm" });
  return file;
}

/** What a TypeScript file of this folder exports. */
export async function bundled(name, folder) {
  return await import(pathToFileURL(await bundle(name, folder)).href);
}

import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

const here = fileURLToPath(new URL(".", import.meta.url));

/** What a TypeScript file of this folder exports: bundled into `folder` first, since Node 20 reads JavaScript only. */
export async function bundled(name, folder) {
  const bundle = await rolldown({ input: join(here, name), platform: "node" });
  const file = join(folder, name.replace(/ts$/, "mjs"));
  await bundle.write({ file, format: "esm" });
  return await import(pathToFileURL(file).href);
}

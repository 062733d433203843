import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Makes one JavaScript file of a TypeScript one and what it imports from here, so that plain Node runs it without a
 * loader. Packages are left where they are: the file lies below the root, where Node finds them. Returns its path.
 */
export async function bundle(script: string): Promise<string> {
  const outfile = join(root, 'artefacts', 'bundled', `${basename(script, '.ts')}.mjs`);
  await build({
    entryPoints: [join(root, script)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    // From here on Node knows import attributes, which JSON needs.
    target: 'node20.19',
    sourcemap: 'linked',
  });
  return outfile;
}

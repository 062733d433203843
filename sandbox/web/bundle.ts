import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The files of the page by path. */
export type Page = ReadonlyMap<string, () => Response>;

const source = fileURLToPath(new URL('page/', import.meta.url));

/** Nothing comes from elsewhere, and no text can become script. */
const policy = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Bundles the page in memory. @throws when it does not compile */
export async function bundlePage(): Promise<Page> {
  const { outputFiles } = await build({
    entryPoints: [`${source}main.tsx`, `${source}main.css`],
    outdir: source,
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  const built = outputFiles.map(({ path, text }) => [`/page/${basename(path)}`, text] as const);
  const [html, icon] = await Promise.all(
    ['page.html', 'icon.svg'].map((name) => readFile(`${source}${name}`, 'utf8')),
  );
  const files = [...built, ['/', html ?? ''] as const, ['/page/icon.svg', icon ?? ''] as const];
  return new Map(files.map(([path, text]) => [path, () => answer(path, text)]));
}

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

function answer(path: string, text: string): Response {
  const type = types[/\.\w+$/.exec(path)?.[0] ?? ''] ?? 'text/html';
  return new Response(text, {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  });
}

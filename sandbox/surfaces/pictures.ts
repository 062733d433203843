import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { controlRoutes } from '../control.ts';
import { LocalHalo } from '../halo/local-halo.ts';
import { serve } from '../serve.ts';
import { checkBlocks, checkHome, checkView, type Checked } from '../slack/block-kit.ts';
import { LocalSlack } from '../slack/local-slack.ts';
import { channels, people } from '../slack/workspace.ts';
import { openBrowser } from '../web/browser.ts';
import { bundlePage } from '../web/bundle.ts';
import { credentials } from '../world.ts';
import { catalogue } from './catalogue.ts';
import type { Drawn } from './read-surface.ts';

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));

/** Which surfaces are shown as pictures: the name of the file, the chapter, and the surface in it. */
const shown = [
  ['form', 'Form of /neo-setup', 'complete'],
  ['card', 'Card in the channel', 'pending'],
  ['closed', 'Card in the channel', 'denied'],
  ['result', 'Result in the thread', 'done'],
  ['direct', 'Direct message to an approver', 'waits for a decision'],
  ['home', 'Home tab', 'an approver'],
] as const;

const widths = [1280, 390] as const;
const themes = ['light', 'dark'] as const;
/** High enough that a form needs no scrolling. */
const height = 2_000;

/** Draws the main surfaces in the local Slack, without its frame: each in light and dark, wide and narrow, as docs/images/*.png. */
export async function takePictures(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await openBrowser();
  const bundle = await bundlePage();
  for (const [name, chapter, surface] of shown) {
    const slack = localSlack();
    const place = put(slack, surfaceNamed(chapter, surface));
    const routes = controlRoutes(slack, new LocalHalo(credentials), { page: bundle });
    const served = await serve(
      async (request) => (await routes(request)) ?? new Response('', { status: 404 }),
    );
    for (const colorScheme of themes)
      for (const width of widths) {
        const page = await browser.newPage({ colorScheme, viewport: { width, height } });
        await page.goto(`${served.url}/?as=ben`);
        const target = await place(page);
        const file = [name, ...(width === 1280 ? [] : [width]), ...(colorScheme === 'light' ? [] : ['dark'])];
        await target.screenshot({ path: `${folder}${file.join('-')}.png` });
        await page.close();
      }
    await served.stop();
  }
  await browser.close();
}

function localSlack(): LocalSlack {
  const manifest = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8');
  const base = () => 'https://slack.com';
  return new LocalSlack({ ...credentials, manifest, webBase: base, hooksBase: base });
}

function surfaceNamed(chapter: string, name: string): Drawn {
  const surfaces = catalogue.find(({ title }) => title === chapter)?.surfaces;
  const found = surfaces?.find((surface) => surface.name === name);
  if (found === undefined) throw new Error(`There is no ${chapter}: ${name}`);
  return found.drawn;
}

/** Puts it where people see it. @returns what is to be photographed on the page */
function put({ store }: LocalSlack, drawn: Drawn): (page: Page) => Promise<Locator> {
  if (typeof drawn === 'string') throw new Error('A text has no picture');
  if ('title' in drawn) {
    store.screens.open(people.ben.id, taken(checkView(drawn)));
    return (page) => there(page.getByRole('dialog'));
  }
  if ('text' in drawn) {
    const blocks = taken(checkBlocks(drawn.blocks));
    store.post({ text: drawn.text, blocks, channel: channels.ops.id, threadTs: undefined });
    return (page) => there(page.getByRole('article').first());
  }
  store.screens.publish(people.ben.id, taken(checkHome(drawn)));
  return async (page) => {
    await page.getByRole('button', { name: 'Neo Setup' }).click();
    return there(page.locator('.home'));
  };
}

async function there(target: Locator): Promise<Locator> {
  await target.waitFor();
  return target;
}

function taken<T>(checked: Checked<T>): T {
  if ('errors' in checked) throw new Error(checked.errors.join('; '));
  return checked.value;
}

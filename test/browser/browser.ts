import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

export { hasChromium, openBrowser } from '../../sandbox/web/browser.ts';

/** The machine may be busy; nothing here is about time. */
export const patienceMs = 120_000;
/** For `expect.poll`. */
export const soon = { timeout: 45_000 };

const artefacts = fileURLToPath(new URL('../../artefacts/', import.meta.url));

/** A picture of the whole window, to be looked at: `artefacts/<name>.png`. */
export async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(artefacts, { recursive: true });
  await page.screenshot({ path: `${artefacts}${name}.png` });
}

/** What is wrong for people with assistive technology, by axe, one line each. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

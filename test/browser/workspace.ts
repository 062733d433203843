import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { controlRoutes } from '../../sandbox/control.ts';
import type { LocalHalo } from '../../sandbox/halo/local-halo.ts';
import { serve } from '../../sandbox/serve.ts';
import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import { bundlePage } from '../../sandbox/web/bundle.ts';
import { Stage, type StageOptions } from '../stage.ts';
import { openBrowser, patienceMs, soon } from './browser.ts';

/** A browser window on a local Slack. */
export type OpenPage = {
  window: Window;
  /** What the page complained about: there must be nothing. */
  complaints: string[];
  close: () => Promise<void>;
};
export type Workspace = OpenPage & { stage: Stage };

/** The app on a stage, and a browser window on its local Slack. */
export async function openWorkspace(browser: Browser, options: StageOptions = {}): Promise<Workspace> {
  const stage = await Stage.open(options);
  stage.halo.onChange(() => {
    stage.slack.store.changed();
  });
  const page = await openPage(browser, stage.slack, stage.halo);
  return {
    ...page,
    stage,
    close: async () => {
      await page.close();
      await stage.close();
    },
  };
}

export async function openPage(browser: Browser, slack: LocalSlack, halo: LocalHalo): Promise<OpenPage> {
  const routes = controlRoutes(slack, halo, { page: await bundlePage() });
  const served = await serve(async (request) => (await routes(request)) ?? new Response('', { status: 404 }));
  const opened = await openWindow(browser, served.url);
  return {
    ...opened,
    close: async () => {
      await opened.close();
      await served.stop();
    },
  };
}

/** One browser for the tests of a file. */
export function browserForAllTests(): { readonly browser: Browser } {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  }, patienceMs);
  afterAll(() => browser.close());
  return {
    get browser() {
      return browser;
    },
  };
}

/** A window of its own for each test; the page must have nothing to complain about at the end. */
export function pageForEachTest<P extends OpenPage>(
  open: (browser: Browser) => Promise<P>,
): { readonly page: P } {
  const at = browserForAllTests();
  let page: P;
  beforeEach(async () => {
    page = await open(at.browser);
  }, patienceMs);
  afterEach(async () => {
    await page.close();
    expect(page.complaints).toEqual([]);
  }, patienceMs);
  return {
    get page() {
      return page;
    },
  };
}

export async function openWindow(browser: Browser, url: string): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(patienceMs / 2);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (line) => {
    // Chromium says so of every refusal, which the page then shows.
    const isRefusal = line.text().includes('status of 400');
    if (line.type() === 'error' && !isRefusal) complaints.push(line.text());
  });
  await page.goto(url);
  const window = new Window(page);
  await window.composer.waitFor();
  return { window, complaints, close: () => context.close() };
}

/** A browser window, used as a person does: by what is written on things. */
export class Window {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get composer(): Locator {
    return this.page.getByRole('combobox', { name: /^Message/ });
  }

  get modal(): Locator {
    return this.page.getByRole('dialog');
  }

  get question(): Locator {
    return this.page.getByRole('alertdialog');
  }

  get thread(): Locator {
    return this.page.getByRole('region', { name: 'Messages in this thread' });
  }

  /** Messages that only the acting person sees. */
  get whispers(): Locator {
    return this.page.getByRole('article').filter({ hasText: 'Only visible to you' });
  }

  get agents(): Locator {
    return this.page.getByRole('region', { name: 'Agents and teams' }).getByRole('row');
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  async actAs(name: string): Promise<void> {
    await this.page.getByRole('radio', { name: new RegExp(`^${name}`) }).check();
  }

  async type(line: string): Promise<void> {
    await this.composer.fill(line);
    await this.button('Send').first().click();
  }

  /** `/neo-setup`, until the form has its licences and the requester's timezone. */
  async openForm(): Promise<void> {
    await this.type('/neo-setup');
    await this.modal.getByText(/named licence/i).waitFor();
    const timeZone = this.modal.getByRole('combobox', { name: 'Timezone' });
    await expect.poll(() => timeZone.inputValue(), soon).not.toBe('');
  }

  async choose(field: string, option: string): Promise<void> {
    await this.modal.getByRole('combobox', { name: field }).fill(option);
    await this.page.getByRole('option', { name: option }).first().click();
  }

  async fillForm(): Promise<void> {
    await this.choose('Roles', '1st Line Support');
    await this.choose('Teams', '1st Line');
    await this.choose('Teams', 'Onboarding');
    await this.choose('Working Hours', 'Sydney desk');
  }

  async submit(): Promise<void> {
    await this.button('Request approval').click();
  }

  /** Asks for an agent as Ana, until the card is there. */
  async ask(): Promise<void> {
    await this.openForm();
    await this.fillForm();
    await this.submit();
    await this.button('Approve NEO-1').waitFor();
  }

  async approve(): Promise<void> {
    await this.button('Approve NEO-1').click();
    await this.question.getByRole('button', { name: 'Approve' }).click();
  }

  async hasFocus(target: Locator): Promise<boolean> {
    return (await target.and(this.page.locator(':focus')).count()) > 0;
  }

  /** Presses Tab until this has the focus. @throws when the keyboard does not get there */
  async tabTo(target: Locator): Promise<void> {
    for (let presses = 0; presses < 120; presses += 1) {
      if (await this.hasFocus(target)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`The keyboard does not reach ${String(target)}`);
  }

  /** Chooses by keyboard alone. */
  async chooseByKey(field: string, option: string): Promise<void> {
    await this.tabTo(this.modal.getByRole('combobox', { name: field }));
    await this.page.keyboard.type(option);
    await this.page.getByRole('option', { name: option }).first().waitFor();
    await this.page.keyboard.press('Enter');
  }
}

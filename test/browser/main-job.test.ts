import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startDemoWorld } from '../../sandbox/demo-world.ts';
import { bundlePage } from '../../sandbox/web/bundle.ts';
import type { World } from '../../sandbox/world.ts';
import { hasChromium, patienceMs, soon } from './browser.ts';
import { browserForAllTests, openWindow, openWorkspace, type Window, type Workspace } from './workspace.ts';

const idIn = (text: string) => /Agent ID: (\d+)/.exec(text)?.[1];

describe.skipIf(!hasChromium)('the main job in the browser', { timeout: patienceMs }, () => {
  const at = browserForAllTests();

  /** What everybody has before them at the end. */
  const expectDone = async (window: Window, halo: World['halo']) => {
    const thread = await window.thread.innerText();
    const agent = halo.agents.find(({ name }) => name === 'Neo Agent');
    expect(agent).toBeDefined();
    expect(idIn(thread)).toBe(String(agent?.id));
    await window.agents.filter({ hasText: 'Neo Agent' }).filter({ hasText: 'NEW' }).waitFor();
    expect(
      halo.journal.filter(({ method, path }) => method === 'POST' && path === '/api/Agent'),
    ).toHaveLength(1);
  };

  describe('as the demo runs it', () => {
    let world: World;
    beforeEach(async () => {
      world = await startDemoWorld('usual', await bundlePage());
      await world.apps[0].start();
    }, patienceMs);
    afterEach(() => world.stop(), patienceMs);

    test('two people in two windows, by mouse alone', async () => {
      const ana = await openWindow(at.browser, world.slackUrl);
      const ben = await openWindow(at.browser, `${world.slackUrl}/?as=ben`);

      await ana.window.ask();
      await ben.window.approve();
      await ana.window.button(/^1 reply/).click();

      await expectDone(ana.window, world.halo);
      expect([...ana.complaints, ...ben.complaints]).toEqual([]);
      await ana.close();
      await ben.close();
    });
  });

  describe('without a mouse', () => {
    let workspace: Workspace;
    beforeEach(async () => {
      workspace = await openWorkspace(at.browser);
    }, patienceMs);
    afterEach(() => workspace.close(), patienceMs);

    test('two people by keyboard alone', async () => {
      const { window, stage, complaints } = workspace;
      const { keyboard } = window.page;

      await window.tabTo(window.composer);
      await keyboard.type('/neo-se');
      await keyboard.press('Enter');
      await expect.poll(() => window.composer.inputValue(), soon).toBe('/neo-setup ');
      await keyboard.press('Enter');
      await window.modal.getByText(/named licence/i).waitFor();
      await window.chooseByKey('Roles', '1st Line Support');
      await window.chooseByKey('Teams', 'Onboarding');
      await window.chooseByKey('Working Hours', 'Sydney desk');
      await window.tabTo(window.button('Request approval'));
      await keyboard.press('Enter');

      await window.button('Approve NEO-1').waitFor();
      await window.tabTo(window.page.getByRole('radio', { name: /^Ana/ }));
      await keyboard.press('ArrowRight');
      await window.page.getByRole('radio', { name: /^Ben/, checked: true }).waitFor();
      await window.tabTo(window.button('Approve NEO-1'));
      await keyboard.press('Enter');
      await window.tabTo(window.question.getByRole('button', { name: 'Approve' }));
      await keyboard.press('Enter');
      const replies = window.button(/^1 reply/);
      await replies.waitFor();
      await window.tabTo(replies);
      await keyboard.press('Enter');

      await expectDone(window, stage.halo);
      await keyboard.press('Escape');
      await expect.poll(() => window.hasFocus(replies), soon).toBe(true);
      expect(complaints).toEqual([]);
    });
  });
});

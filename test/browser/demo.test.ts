import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDemoWorld } from '../../sandbox/demo-world.ts';
import { bundlePage } from '../../sandbox/web/bundle.ts';
import type { World } from '../../sandbox/world.ts';
import { barriers, hasChromium, patienceMs, photograph } from './browser.ts';
import { browserForAllTests, openWindow, type OpenPage, type Window } from './workspace.ts';

const fiveMinutesMs = 300_000;

describe.skipIf(!hasChromium)('a newcomer on the demo’s page', { timeout: fiveMinutesMs }, () => {
  const at = browserForAllTests();
  let world: World;
  let opened: OpenPage;
  let window: Window;
  beforeAll(async () => {
    world = await startDemoWorld('usual', await bundlePage());
    await world.apps[0].start();
    opened = await openWindow(at.browser, world.slackUrl);
    ({ window } = opened);
  }, patienceMs);
  afterAll(async () => {
    await opened.close();
    await world.stop();
  }, patienceMs);

  const tryOut = (name: string) => window.page.getByRole('region', { name: 'Try it out' }).getByLabel(name);
  const running = () => window.page.getByText('The app is starting again…').waitFor({ state: 'detached' });
  const set = async (name: string, on: boolean) => {
    await running();
    await tryOut(name).setChecked(on);
    await running();
  };
  const says = (text: string | RegExp) => window.page.getByText(text).last().waitFor();
  let count = 0;
  /** Asks as Ana for an agent with a name of its own. */
  const request = async () => {
    count += 1;
    await window.actAs('Ana');
    await window.openForm();
    await window.modal.getByRole('textbox', { name: 'Username' }).fill(`Neo ${count}`);
    await window.modal
      .getByRole('textbox', { name: 'Email Address' })
      .fill(`neo${count}@brightwater.example`);
    await window.fillForm();
    await window.submit();
    await window.button(`Withdraw NEO-${count}`).waitFor();
  };
  const approve = async (who = 'Ben') => {
    await window.actAs(who);
    await window.button(`Approve NEO-${count}`).click();
    await window.question.getByRole('button', { name: 'Approve' }).click();
  };

  test('reaches every state of a request in less than five minutes', async () => {
    const from = Date.now();
    await request();
    await says(/Needs one approval from someone else/);
    await approve();
    await says(/Done: agent ID 9/);
    await request();
    await window.page.getByRole('button', { name: 'Switch the new agent on or off in HaloPSA' }).click();
    await window.page.getByRole('button', { name: 'Let 4 days pass' }).click();
    await says('The app’s clock is 4 days ahead.');
    await says(/Expired on .*: nobody decided/);
    await window
      .button(/^2 replies/)
      .first()
      .click();
    await window.thread.getByText(/no longer matches NEO-1/).waitFor();
    expect(await barriers(window.page)).toEqual([]);
    await photograph(window.page, 'demo-drifted');

    await set('Two approvals are needed', true);
    await request();
    await approve();
    await says(/1 so far: @Ben/);
    await window.actAs('Ana');
    await window.button(`Withdraw NEO-${count}`).click();
    await window.question.getByRole('button', { name: 'Withdraw' }).click();
    await says(/Withdrawn by/);
    await set('Two approvals are needed', false);

    await request();
    await window.actAs('Ben');
    await window.button(`Deny NEO-${count}`).click();
    await window.modal.getByRole('textbox', { name: 'Reason' }).fill('Not now.');
    await window.button('Deny request').click();
    await says(/Denied by @Ben: Not now/);

    await set('HaloPSA ignores Working Hours', true);
    await request();
    await approve();
    await says(/exists, but not every setting is confirmed/);

    await set('No licence is free', true);
    await request();
    await approve();
    await says(/^Failed\. Details in the thread/);

    await set('No licence is free', false);
    await request();
    await set('HaloPSA is down', true);
    await approve();
    await says(/I’ll try again automatically on/);
    await photograph(window.page, 'demo-outage');
    await set('HaloPSA is down', false);
    expect(opened.complaints).toEqual([]);
    expect(Date.now() - from).toBeLessThan(fiveMinutesMs);
  });

  test('is told what to do first where there is nothing to change', async () => {
    const fresh = await startDemoWorld('usual', undefined);
    const response = await fetch(`${fresh.slackUrl}/demo`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: JSON.stringify({ do: 'change_agent' }),
    });
    expect(await response.json()).toEqual({
      failure: 'Set up an agent first: there is none to change yet.',
    });
    await fresh.stop();
  });
});

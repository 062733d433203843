import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, test } from 'vitest';
import { people } from '../../sandbox/slack/workspace.ts';
import { hasChromium, openBrowser, patienceMs, photograph } from './browser.ts';
import { openWorkspace, type Window, type Workspace } from './workspace.ts';

const [ben, cleo, dan] = [people.ben.id, people.cleo.id, people.dan.id];

describe.skipIf(!hasChromium)('approvals in the browser', { timeout: patienceMs }, () => {
  let browser: Browser;
  let workspace: Workspace;
  beforeAll(async () => {
    browser = await openBrowser();
  }, patienceMs);
  afterAll(() => browser.close());
  afterEach(() => workspace.close(), patienceMs);

  const open = async (env: Record<string, string>): Promise<Window> => {
    workspace = await openWorkspace(browser, { env });
    return workspace.window;
  };
  const says = (window: Window, text: string | RegExp) => window.page.getByText(text).first().waitFor();

  test('two approvals are needed, an edit between them makes the first one void, and the card shows both', async () => {
    const window = await open({
      NEO_APPROVALS_REQUIRED: '2',
      NEO_APPROVERS: `${ben},${cleo}`,
    });
    await window.openForm();
    await says(window, /Approvers \(2\)/);
    await window.fillForm();
    await window.submit();
    await window.actAs('Ben');
    await window.approve();
    await says(window, /1 so far/);
    await window.actAs('Ana');
    await window.button('Edit NEO-1').click();
    const name = window.modal.getByRole('textbox', { name: 'Username' });
    await name.fill('Neo Agent 2');
    await window.button('Update request').click();
    await says(window, /Neo Agent → Neo Agent 2/);
    await says(window, /0 so far/);
    await photograph(window.page, 'edited');
    await window.actAs('Ben');
    await window.approve();
    await window.actAs('Cleo');
    await window.approve();
    await says(window, /Done: agent ID/);
  });

  test('an approver asks a question, which stands in the thread; the requester withdraws', async () => {
    const window = await open({ NEO_APPROVERS: ben });
    await window.ask();
    await window.actAs('Ben');
    await window.button('Ask a question about NEO-1').click();
    await window.modal.getByRole('textbox', { name: 'Question' }).fill('Why both teams?');
    await window.modal.getByRole('button', { name: 'Ask' }).click();
    await window.button(/^1 reply/).click();
    await window.thread.getByText('Why both teams?').waitFor();
    await window.actAs('Ana');
    await window.button('Withdraw NEO-1').first().click();
    await window.question.getByRole('button', { name: 'Withdraw' }).click();
    await says(window, /Withdrawn by @Ana/);
  });

  test('what its only approver asks for says so, and anybody stops it', async () => {
    const window = await open({ NEO_APPROVERS: people.ana.id, NEO_SOLO_MODE: 'delay' });
    await window.openForm();
    await says(window, /You’re the only approver/);
    await window.fillForm();
    await window.submit();
    await says(window, /Unless someone stops it, it goes ahead on/);
    await photograph(window.page, 'solo');
    await window.actAs('Dan');
    await window.button('Stop NEO-1').click();
    await window.question.getByRole('button', { name: 'Stop' }).click();
    await says(window, /Stopped by @Dan/);
  });

  test('/neo-status shows what waits for me, and I approve it there; its history tells who did what', async () => {
    const window = await open({ NEO_APPROVERS: dan });
    await window.ask();
    await window.actAs('Dan');
    await window.type('/neo-status');
    await says(window, /Waiting for you/);
    await window.whispers.getByRole('button', { name: 'Approve NEO-1' }).click();
    await window.question.getByRole('button', { name: 'Approve' }).click();
    await says(window, /Done: agent ID/);
    await window.type('/neo-status NEO-1 history');
    await says(window, /POST \/api\/Agent/);
    await photograph(window.page, 'history');
    await window.type('/neo-status 9');
    await says(window, /API application/i);
    await photograph(window.page, 'agent-card');
  });
});

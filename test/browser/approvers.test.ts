import { afterEach, describe, expect, test } from 'vitest';
import { people } from '../../sandbox/slack/workspace.ts';
import { hasChromium, patienceMs, photograph, soon } from './browser.ts';
import { browserForAllTests, openWorkspace, type Window, type Workspace } from './workspace.ts';

const hour = 3_600_000;

describe.skipIf(!hasChromium)(
  'what people are told directly, in the browser',
  { timeout: patienceMs },
  () => {
    const at = browserForAllTests();
    let workspace: Workspace;
    afterEach(async () => {
      await workspace.close();
      expect(workspace.complaints).toEqual([]);
    }, patienceMs);

    const open = async (env: Record<string, string>): Promise<Window> => {
      workspace = await openWorkspace(at.browser, { env });
      return workspace.window;
    };
    const later = (ms: number) =>
      workspace.stage.restart(() => {
        workspace.stage.letTimePass(ms);
      });
    const direct = (window: Window) => window.page.getByRole('region', { name: 'Messages in Neo Setup' });
    const openDirect = async (window: Window, who: string) => {
      await window.actAs(who);
      await window.button('Neo Setup').click();
      await window.page.getByRole('tab', { name: 'Messages' }).click();
    };
    const card = (window: Window) =>
      window.page.getByRole('article').filter({ hasText: 'NEO-1 · New agent' });

    test('denied with a reason: it stands in the thread, and the requester reads it directly', async () => {
      const window = await open({ NEO_APPROVERS: people.ben.id });
      await window.ask();
      await window.actAs('Ben');
      await window.button('Deny NEO-1').click();
      await window.modal.getByRole('textbox', { name: /^Reason/ }).fill('Not before the audit of November');
      await photograph(window.page, 'deny-form');
      await window.modal.getByRole('button', { name: 'Deny request' }).click();
      await window.button(/^1 reply/).click();
      await window.thread.getByText('Not before the audit of November').last().waitFor();
      await photograph(window.page, 'denied');
      await expect.poll(() => window.button(/^(Approve|Deny) NEO-1/).count(), soon).toBe(0);
      await openDirect(window, 'Ana');
      await direct(window)
        .getByText(/Denied by @Ben: Not before the audit of November/)
        .waitFor();
      await photograph(window.page, 'denied-directly');
    });

    test('a denial without a reason is not taken: the form says what is missing', async () => {
      const window = await open({ NEO_APPROVERS: people.ben.id });
      await window.ask();
      await window.actAs('Ben');
      await window.button('Deny NEO-1').click();
      await window.modal.getByRole('button', { name: 'Deny request' }).click();
      await window.modal.getByText('Please complete this required field.').waitFor();
      await window.modal.getByRole('textbox', { name: /^Reason/ }).fill('   ');
      await window.modal.getByRole('button', { name: 'Deny request' }).click();
      await window.modal.getByText('Please fill this in.').waitFor();
    });

    test('an approver’s message leads to the card, so does the reminder; before the end others are told', async () => {
      const window = await open({
        NEO_APPROVERS: people.ben.id,
        NEO_ESCALATION: people.cleo.id,
        NEO_REMIND_AFTER: '4h',
      });
      const { stage } = workspace;
      stage.letTimePass(nextMonday(stage.now()) - stage.now());
      await stage.requestFrom('ana');
      await openDirect(window, 'Ben');
      await direct(window).getByText('NEO-1 needs your approval.').waitFor();
      await photograph(window.page, 'told-directly');
      const link = direct(window).getByRole('button', { name: 'Open the card of NEO-1' });
      await link.click();
      await expect.poll(() => window.hasFocus(card(window)), soon).toBe(true);
      await photograph(window.page, 'led-to-card');

      await openDirect(window, 'Ben');
      await later(4.01 * hour);
      await direct(window).getByText('Reminder: NEO-1 still needs approval.').waitFor();
      await photograph(window.page, 'reminder');
      await window.tabTo(link.last());
      await window.page.keyboard.press('Enter');
      await expect.poll(() => window.hasFocus(card(window)), soon).toBe(true);

      await openDirect(window, 'Cleo');
      expect(await direct(window).getByText('NEO-1').count()).toBe(0);
      await later(51 * hour);
      await direct(window)
        .getByText(/^NEO-1 expires on .* and nobody has decided yet/)
        .waitFor();
      await photograph(window.page, 'escalation');
      await window.actAs('Ben');
      await link.last().click();
      await window.approve();
      await card(window)
        .getByText(/Done: agent ID/)
        .waitFor();
      expect(window.page.context().pages()).toHaveLength(1);
    });
  },
);

/** Half past nine in the morning, UTC, which is working time in London all year. Epoch milliseconds. */
function nextMonday(now: number): number {
  const date = new Date(now);
  const days = (8 - date.getUTCDay()) % 7 || 7;
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + days, 9, 30);
}

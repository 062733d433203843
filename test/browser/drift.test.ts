import { describe, expect, test } from 'vitest';
import { barriers, hasChromium, patienceMs, photograph, soon } from './browser.ts';
import { openWorkspace, pageForEachTest } from './workspace.ts';

const day = 24 * 3_600_000;

describe.skipIf(!hasChromium)(
  'an agent that was changed by hand, in the browser',
  { timeout: patienceMs },
  () => {
    const at = pageForEachTest((browser) => openWorkspace(browser));

    const says = (text: string | RegExp) => at.page.window.page.getByText(text).first().waitFor();
    const row = () => at.page.window.agents.filter({ hasText: 'Neo Agent' });
    const isActive = (yesNo: 'Yes' | 'No') =>
      expect.poll(() => row().getByRole('cell').nth(1).innerText(), soon).toBe(yesNo);
    const agentId = () => at.page.stage.halo.agents.find(({ name }) => name === 'Neo Agent')?.id ?? 0;
    const disable = () => {
      at.page.stage.halo.changeAgent(agentId(), { isdisabled: true });
    };
    const reads = () =>
      at.page.stage.halo.journal.filter(({ path }) => path === `/api/Agent/${agentId()}`).length;
    /** Lets a day pass while the app is down, and waits until the agent was compared. */
    const nextDay = async () => {
      const { stage } = at.page;
      const before = reads();
      await stage.restart(() => {
        stage.letTimePass(day + 1_000);
      });
      await stage.slack.until('the check', () => reads() > before);
    };
    /** NEO-1 of Ana, approved by Ben, without the page. */
    const setUp = async () => {
      const { stage } = at.page;
      await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
      await stage.slack.until('the card', () => stage.card().text.includes('Done'));
    };

    test('its thread tells it once; Repair is asked for, approved by another admin, and mends it', async () => {
      const { window } = at.page;
      const { thread } = window;
      await window.ask();
      await window.actAs('Ben');
      await window.approve();
      await says(/Done: agent ID/);
      await isActive('Yes');
      disable();
      await isActive('No');
      await nextDay();
      await window.button(/^2 replies/).click();
      await thread.getByText('Account Active is No, should be Yes').waitFor();
      await photograph(window.page, 'drift');
      expect(await barriers(window.page)).toEqual([]);
      await nextDay();
      await thread.getByRole('button', { name: /^Repair agent/ }).click();
      await window.button('Approve NEO-2').waitFor();
      expect(await thread.getByText(/no longer matches NEO-1/).count()).toBe(1);
      await window.button('Close thread').click();
      await window.button(/^2 replies/).waitFor();
      await photograph(window.page, 'repair-card');
      await window.actAs('Cleo');
      await window.button('Approve NEO-2').click();
      await window.question.getByRole('button', { name: 'Approve' }).click();
      await window.button(/^1 reply/).click();
      await thread.getByText(/the agent is repaired\. HaloPSA has every setting as requested/).waitFor();
      await isActive('Yes');
      await photograph(window.page, 'repaired');
    });

    test('by keyboard alone, when somebody asks: /neo-status, Check again now, Repair, Approve', async () => {
      const { window } = at.page;
      const { keyboard } = window.page;
      await setUp();
      disable();
      const press = async (name: RegExp | string) => {
        const button = window.button(name).last();
        await button.waitFor();
        await window.tabTo(button);
        await keyboard.press('Enter');
      };
      const ask = async () => {
        await window.tabTo(window.composer);
        await keyboard.type(`/neo-status ${agentId()}`);
        await keyboard.press('Enter');
      };
      await ask();
      await says('Needs attention:');
      await press(/^Check again now/);
      await window.whispers.getByText(/no longer matches NEO-1/).waitFor();
      await photograph(window.page, 'checked-now');
      await ask();
      await press(/^Repair agent/);
      await window.whispers.getByText(/NEO-2 repairs this agent/).waitFor();
      await window.tabTo(window.page.getByRole('radio', { name: /^Ana/ }));
      await keyboard.press('ArrowRight');
      await window.page.getByRole('radio', { name: /^Ben/, checked: true }).waitFor();
      await press('Approve NEO-2');
      await window.tabTo(window.question.getByRole('button', { name: 'Approve' }));
      await keyboard.press('Enter');
      await says(/Repaired: agent ID/);
      await isActive('Yes');
    });
  },
);

import { describe, expect, test } from 'vitest';
import { hasChromium, patienceMs, photograph, soon } from './browser.ts';
import { openWorkspace, pageForEachTest } from './workspace.ts';

describe.skipIf(!hasChromium)('/neo-status in the browser', { timeout: patienceMs }, () => {
  const at = pageForEachTest((browser) => openWorkspace(browser));

  const answer = () => at.page.window.whispers.last();
  const answers = (text: string | RegExp) => answer().getByText(text).first().waitFor();
  const press = (name: string | RegExp) => answer().getByRole('button', { name }).click();
  const card = () => at.page.window.page.getByRole('article').filter({ hasText: 'NEO-1 · New agent' });

  test('before anything was asked for; then my request, its thread, and the way back; withdrawn there', async () => {
    const { window } = at.page;
    await window.type('/neo-status');
    await answers('No open requests.');
    await photograph(window.page, 'status-empty');
    await window.ask();
    await window.type('/neo-status NEO-1');
    await answers(/Requested by @Ana/);
    await photograph(window.page, 'status-one');
    await press('Open the thread of NEO-1');
    await expect.poll(() => window.hasFocus(card()), soon).toBe(true);
    await press('All requests');
    await answers('Your requests');
    await photograph(window.page, 'status-mine');
    await press('Withdraw NEO-1 (requester only)');
    await window.question.getByRole('button', { name: 'Withdraw' }).click();
    await answers('You withdrew NEO-1.');
    await photograph(window.page, 'status-withdrawn');
    await press('All requests');
    await answers('Your requests');
    expect(await answer().getByRole('button').allTextContents()).toEqual(['Open the thread']);
    await card()
      .getByText(/^Withdrawn by @Ana/)
      .waitFor();
  });

  test('a creation in doubt: an approver looks again from there, and sends it again', async () => {
    const { window, stage } = at.page;
    const request = await stage.requestFrom('ana');
    stage.halo.fail({ method: 'POST', path: '/api/Agent' }, { kind: 'drop' });
    await stage.as('ben').press(request, 'Approve');
    await stage.reply();
    await window.actAs('Cleo');
    await window.type('/neo-status');
    await answers(/Failed\. Details in the thread/);
    await photograph(window.page, 'status-in-doubt');
    await press(/^Check again whether HaloPSA has the agent/);
    await answers(/I’m looking for the agent of NEO-1 in HaloPSA again/);
    expect(await answer().getByText('about to be created').count()).toBe(0);
    await photograph(window.page, 'status-checked-again');
    await stage.reply(0, 2);
    await window.type('/neo-status NEO-1');
    await press('Try again: NEO-1');
    await window.question.getByText(/a second agent uses a second licence/).waitFor();
    await photograph(window.page, 'status-try-again');
    await window.question.getByRole('button', { name: 'Try again' }).click();
    await answers('I’m trying NEO-1 again.');
    await card()
      .getByText(/Done: agent ID/)
      .waitFor();
    expect(stage.halo.agents.filter(({ name }) => name === 'Neo Agent')).toHaveLength(1);
  });
});

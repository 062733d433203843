import { describe, expect, test } from 'vitest';
import { people } from '../../sandbox/slack/workspace.ts';
import { barriers, hasChromium, patienceMs, photograph, soon } from './browser.ts';
import { openWorkspace, pageForEachTest } from './workspace.ts';

describe.skipIf(!hasChromium)('the page behaves as Slack’s client does', { timeout: patienceMs }, () => {
  const at = pageForEachTest((browser) => openWorkspace(browser));
  const sidebar = () => at.page.window.page.getByRole('navigation', { name: 'Conversations' });

  test('a card that was redrawn has no “(edited)” under it', async () => {
    const { window } = at.page;
    await window.ask();
    await window.actAs('Ben');
    await window.approve();
    await window.page.getByText('Done: agent ID').first().waitFor();
    expect(await window.page.getByText('(edited)').count()).toBe(0);
  });

  test('what only one person sees is gone when they load the page again', async () => {
    const { window } = at.page;
    await window.type('/neo-setup help');
    await window.whispers.first().waitFor();
    await window.page.reload();
    await window.composer.waitFor();
    expect(await window.whispers.count()).toBe(0);
    await window.type('/neo-setup help');
    await window.whispers.first().waitFor();
    expect(await window.whispers.count()).toBe(1);
  });

  test('a direct message is counted beside the app until it is read, and the channel is marked', async () => {
    const { window } = at.page;
    await window.actAs('Ben');
    await sidebar().getByRole('button', { name: 'general' }).click();
    await window.actAs('Ana');
    await sidebar().getByRole('button', { name: 'msp-ops' }).click();
    await window.ask();
    await window.actAs('Ben');
    await sidebar().getByRole('button', { name: 'general' }).click();
    const app = sidebar().getByRole('button', { name: /Neo Setup/ });
    await expect.poll(() => app.textContent(), soon).toContain('1 unread');
    await photograph(window.page, 'unread');
    expect(await barriers(window.page)).toEqual([]);
    await app.click();
    await window.page.getByRole('tab', { name: 'Messages' }).click();
    await window.page.getByText('NEO-1 needs your approval').first().waitFor();
    await expect.poll(() => app.textContent(), soon).not.toContain('unread');
  });

  test('a long section is folded until somebody wants all of it', async () => {
    const { page, stage } = { page: at.page.window.page, stage: at.page.stage };
    stage.slack.store.post({
      channel: stage.ops,
      threadTs: undefined,
      text: 'x',
      blocks: [
        { type: 'section', block_id: 'b', text: { type: 'mrkdwn', text: `${'word '.repeat(300)}the end` } },
      ],
    });
    stage.slack.store.changed();
    const more = page.getByRole('button', { name: 'See more' });
    await more.waitFor();
    expect(await barriers(page)).toEqual([]);
    await more.click();
    await page.getByRole('button', { name: 'See less' }).waitFor();
  });

  test('/invite brings the app into a channel, and the form has nothing to say of it any more', async () => {
    const { window, stage } = at.page;
    await sidebar().getByRole('button', { name: 'general' }).click();
    await window.type('/invite @Neo Setup');
    await expect
      .poll(() => stage.slack.store.channels.get('C07GENERAL2')?.members.includes('U07QHBOTN3P'), soon)
      .toBe(true);
    await window.openForm();
    expect(await window.modal.textContent()).not.toContain('I’m not in');
  });

  test('somebody of another company has the shared channel alone', async () => {
    const { window, stage } = at.page;
    // The stage puts her into one more, where tests show that she is refused.
    stage.slack.changeChannel(stage.ops, {
      members: (stage.slack.store.channels.get(stage.ops)?.members ?? []).filter(
        (id) => id !== people.xena.id,
      ),
    });
    await window.actAs('Xena');
    await expect
      .poll(() => sidebar().getByRole('button').allTextContents(), soon)
      .toEqual(['#shared-with-northwind', 'NNeo Setup']);
  });
});

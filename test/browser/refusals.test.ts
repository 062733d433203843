import { afterEach, describe, expect, test } from 'vitest';
import { people, userGroups } from '../../sandbox/slack/workspace.ts';
import { hasChromium, patienceMs, photograph, soon } from './browser.ts';
import { openWorkspace, pageForEachTest, type Window } from './workspace.ts';

const approvers = [people.ana.id, people.ben.id, ...userGroups.map(({ id }) => id)].join(',');

describe.skipIf(!hasChromium)('refusals in the browser', { timeout: patienceMs }, () => {
  const at = pageForEachTest((browser) => openWorkspace(browser, { env: { NEO_APPROVERS: approvers } }));
  afterEach(() => {
    expect(at.page.stage.creates()).toEqual([]);
  });

  test('nobody approves what they asked for themselves', async () => {
    await at.page.window.ask();
    await at.page.window.approve();
    await at.page.window.whispers.filter({ hasText: 'You requested NEO-1, so someone else' }).waitFor();
    await photograph(at.page.window.page, 'own-approval');
  });

  test.each([
    ['Cleo', /only @Ana, @Ben/],
    ['Gus', /you’re a guest in this workspace/],
    ['Xena', /you aren’t a member of this workspace/],
  ])('%s may not approve, and only they read why', async (name, why) => {
    await at.page.window.ask();
    await at.page.window.actAs(name);
    await at.page.window.approve();
    await at.page.window.whispers.filter({ hasText: why }).waitFor();
    await at.page.window.actAs('Ben');
    await at.page.window.button('Approve NEO-1').waitFor();
    await expect.poll(() => at.page.window.whispers.count(), soon).toBe(0);
  });

  test('a guest may not ask', async () => {
    await at.page.window.actAs('Gus');
    await at.page.window.type('/neo-setup');
    await at.page.window.page.getByText(/You can’t request agents: you’re a guest/).waitFor();
  });

  test('people of another company have no such command', async () => {
    await at.page.window.actAs('Xena');
    await at.page.window.type('/neo-setup');
    await at.page.window.page.getByRole('alert').getByText('/neo-setup is not a valid command.').waitFor();
  });

  test('an API-only agent and a name that exists are said under their fields, and what was chosen stays', async () => {
    await at.page.window.openForm();
    await at.page.window.fillForm();
    const name = at.page.window.modal.getByRole('textbox', { name: 'Username' });
    const apiOnly = at.page.window.modal.getByRole('group', { name: /^Is an API-only Agent/ });
    await name.fill('Mara Lind');
    await apiOnly.getByRole('checkbox').check();
    await at.page.window.submit();

    await expect.poll(() => name.getAttribute('aria-invalid'), soon).toBe('true');
    expect(await described(name)).toContain('Already in HaloPSA');
    expect(await described(apiOnly)).toContain('Leave this unchecked');
    expect(await at.page.window.button('Remove Onboarding').count()).toBe(1);
    await photograph(at.page.window.page, 'errors-under-fields');
  });

  test('a required field that is empty keeps the form and takes the focus', async () => {
    await at.page.window.openForm();
    await at.page.window.submit();
    const roles = at.page.window.modal.getByRole('combobox', { name: 'Roles' });
    await expect.poll(() => roles.getAttribute('aria-invalid'), soon).toBe('true');
    expect(await described(roles)).toContain('Please complete this required field.');
    await expect.poll(() => at.page.window.hasFocus(roles), soon).toBe(true);
  });

  /** What a screen reader adds to the name of a field. */
  async function described(field: ReturnType<Window['button']>): Promise<string> {
    const ids = (await field.getAttribute('aria-describedby')) ?? '';
    const texts = await Promise.all(
      ids.split(' ').map((id) => at.page.window.page.locator(`[id="${id}"]`).innerText()),
    );
    return texts.join('\n');
  }
});

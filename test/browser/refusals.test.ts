import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { people, userGroups } from '../../sandbox/slack/workspace.ts';
import { hasChromium, openBrowser, patienceMs, photograph, soon } from './browser.ts';
import { openWorkspace, type Window, type Workspace } from './workspace.ts';

const approvers = [people.ana.id, people.ben.id, ...userGroups.map(({ id }) => id)].join(',');

describe.skipIf(!hasChromium)('refusals in the browser', { timeout: patienceMs }, () => {
  let browser: Browser;
  let workspace: Workspace;
  let window: Window;
  beforeAll(async () => {
    browser = await openBrowser();
  }, patienceMs);
  afterAll(() => browser.close());
  beforeEach(async () => {
    workspace = await openWorkspace(browser, { env: { NEO_APPROVERS: approvers } });
    ({ window } = workspace);
  }, patienceMs);
  afterEach(async () => {
    const { complaints, stage, close } = workspace;
    const creates = stage.creates();
    await close();
    expect(complaints).toEqual([]);
    expect(creates).toEqual([]);
  }, patienceMs);

  test('nobody approves what they asked for themselves', async () => {
    await window.ask();
    await window.approve();
    await window.whispers.filter({ hasText: 'You asked for NEO-1 yourself' }).waitFor();
    await photograph(window.page, 'own-approval');
  });

  test.each([
    ['Cleo', /only these may do this: @Ana, @Ben/],
    ['Gus', /you are a guest in this workspace/],
    ['Xena', /you are not a member of this workspace/],
  ])('%s may not approve, and only they read why', async (name, why) => {
    await window.ask();
    await window.actAs(name);
    await window.approve();
    await window.whispers.filter({ hasText: why }).waitFor();
    await window.actAs('Ben');
    await window.button('Approve NEO-1').waitFor();
    await expect.poll(() => window.whispers.count(), soon).toBe(0);
  });

  test('a guest may not ask', async () => {
    await window.actAs('Gus');
    await window.type('/neo-setup');
    await window.page.getByText(/You can’t set up an agent: you are a guest/).waitFor();
  });

  test('people of another company have no such command', async () => {
    await window.actAs('Xena');
    await window.type('/neo-setup');
    await window.page.getByRole('alert').getByText('/neo-setup is not a valid command.').waitFor();
  });

  test('an API-only agent and a name that exists are said under their fields, and what was chosen stays', async () => {
    await window.openForm();
    await window.fillForm();
    const name = window.modal.getByRole('textbox', { name: 'Username' });
    const apiOnly = window.modal.getByRole('group', { name: /^Is an API-only Agent/ });
    await name.fill('Mara Lind');
    await apiOnly.getByRole('checkbox').check();
    await window.submit();

    await expect.poll(() => name.getAttribute('aria-invalid'), soon).toBe('true');
    expect(await described(name)).toContain('HaloPSA already has this one');
    expect(await described(apiOnly)).toContain('Leave this unchecked');
    expect(await window.button('Remove Onboarding').count()).toBe(1);
    await photograph(window.page, 'errors-under-fields');
  });

  test('a required field that is empty keeps the form and takes the focus', async () => {
    await window.openForm();
    await window.submit();
    const roles = window.modal.getByRole('combobox', { name: 'Roles' });
    await expect.poll(() => roles.getAttribute('aria-invalid'), soon).toBe('true');
    expect(await described(roles)).toContain('Please complete this required field.');
    await expect.poll(() => window.hasFocus(roles), soon).toBe(true);
  });

  /** What a screen reader adds to the name of a field. */
  async function described(field: ReturnType<Window['button']>): Promise<string> {
    const ids = (await field.getAttribute('aria-describedby')) ?? '';
    const texts = await Promise.all(
      ids.split(' ').map((id) => window.page.locator(`[id="${id}"]`).innerText()),
    );
    return texts.join('\n');
  }
});

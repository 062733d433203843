import { describe, expect, test } from 'vitest';
import { barriers, hasChromium, patienceMs, photograph, soon } from './browser.ts';
import { openWorkspace, pageForEachTest } from './workspace.ts';

describe.skipIf(!hasChromium)('Home and the global shortcut in the browser', { timeout: patienceMs }, () => {
  const at = pageForEachTest((browser) => openWorkspace(browser));

  const home = () => at.page.window.page.getByRole('region', { name: 'Home' });
  const homeSays = (text: string | RegExp) => home().getByText(text).first().waitFor();
  const openHome = async (who: string) => {
    await at.page.window.actAs(who);
    await at.page.window.button('Neo Setup').click();
  };
  const formIsComplete = async () => {
    const { modal } = at.page.window;
    await modal.getByText(/named licence/i).waitFor();
    await expect
      .poll(() => modal.getByRole('combobox', { name: 'Timezone' }).inputValue(), soon)
      .not.toBe('');
  };

  test.each(['light', 'dark'] as const)(
    'an approver is greeted, sees a request come, approves it there, and sees it done: %s',
    async (theme) => {
      const { window, stage } = at.page;
      await window.page.emulateMedia({ colorScheme: theme });
      await openHome('Cleo');
      await homeSays(/^Welcome! I set up the Neo Agent account/);
      await homeSays('No open requests.');
      await photograph(window.page, `home-first-${theme}`);
      await stage.requestFrom('ana');
      await homeSays('Waiting for you');
      await photograph(window.page, `home-waits-${theme}`);
      expect(await barriers(window.page)).toEqual([]);
      await home().getByRole('button', { name: 'Approve NEO-1' }).click();
      await window.question.getByRole('button', { name: 'Approve' }).click();
      await homeSays('You approved NEO-1.');
      await homeSays(/Done: agent ID/);
      expect(await home().getByText('Welcome!').count()).toBe(0);
      await photograph(window.page, `home-done-${theme}`);
      await window.agents.filter({ hasText: 'Neo Agent' }).filter({ hasText: 'NEW' }).waitFor();
    },
  );

  test('by keyboard alone: from Home to the form, a channel where the card can go, and the request is followed', async () => {
    const { window, stage } = at.page;
    const { keyboard } = window.page;
    const channel = window.modal.getByRole('combobox', { name: 'Channel' });
    await window.tabTo(window.button('Neo Setup'));
    await keyboard.press('Enter');
    await window.tabTo(home().getByRole('button', { name: 'Set up Neo Agent' }));
    await keyboard.press('Enter');
    await formIsComplete();
    await photograph(window.page, 'home-form');
    await window.chooseByKey('Roles', '1st Line Support');
    await window.chooseByKey('Teams', 'Onboarding');
    await window.chooseByKey('Working Hours', 'Sydney desk');
    await window.tabTo(window.button('Request approval'));
    await keyboard.press('Enter');
    await window.modal.getByText('Please complete this required field.').waitFor();
    await expect.poll(() => window.hasFocus(channel), soon).toBe(true);
    await window.chooseByKey('Channel', 'general');
    await window.tabTo(window.button('Request approval'));
    await keyboard.press('Enter');
    await window.modal.getByText(/I’m not in this channel/).waitFor();
    await expect.poll(() => window.hasFocus(channel), soon).toBe(true);
    await photograph(window.page, 'home-form-refused');
    await window.chooseByKey('Channel', 'msp-ops');
    await window.tabTo(window.button('Request approval'));
    await keyboard.press('Enter');
    await homeSays('Your requests');
    expect(await home().getByText('Welcome!').count()).toBe(0);
    await stage.as('ben').press(await stage.slack.until('the card', () => stage.cards()[0]), 'Approve');
    await homeSays(/Done: agent ID/);
  });

  test('more requests than a page holds are turned over, and decided on the second page', async () => {
    const { window, stage } = at.page;
    for (let number = 1; number <= 9; number += 1) {
      const form = await stage.filledForm('ana');
      form.fill('Username', `Agent ${number}`);
      form.fill('Email Address', `agent.${number}@brightwater.example`);
      await form.submit();
    }
    await openHome('Ben');
    await homeSays('Page 1 of 2.');
    const turn = (name: string) => home().getByRole('button', { name, exact: true }).click();
    await turn('Older');
    await homeSays('Page 2 of 2.');
    await photograph(window.page, 'home-second-page');
    const last = home()
      .getByRole('button', { name: /^Approve/ })
      .last();
    const name = await last.getAttribute('aria-label');
    await last.click();
    await window.question.getByRole('button', { name: 'Approve' }).click();
    await homeSays(`You approved ${name?.replace('Approve ', '') ?? ''}.`);
    await homeSays('Page 2 of 2.');
    await turn('Newer');
    await homeSays('Page 1 of 2.');
    expect(await home().getByText('You approved').count()).toBe(0);
  });

  test('the shortcut opens the form from anywhere, and the whole job goes through to the Agent ID', async () => {
    const { window, stage } = at.page;
    await window.button('general').click();
    await window.button('Shortcuts').click();
    await photograph(window.page, 'shortcut-set-up');
    await window.page.getByRole('menuitem', { name: /^Set up Neo Agent/ }).click();
    await formIsComplete();
    await window.fillForm();
    await window.choose('Channel', 'msp-ops');
    await window.submit();
    await window.button('msp-ops').click();
    await window.button('Approve NEO-1').waitFor();
    await window.actAs('Ben');
    await window.approve();
    await window.button(/^1 reply/).click();
    await window.thread
      .getByText(/Agent ID/)
      .first()
      .waitFor();
    const agent = stage.halo.agents.find(({ name }) => name === 'Neo Agent');
    expect(await window.thread.innerText()).toContain(`Agent ID: ${agent?.id ?? '?'}`);
  });
});

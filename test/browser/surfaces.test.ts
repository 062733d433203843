import { describe, expect, test } from 'vitest';
import { checkView } from '../../sandbox/slack/block-kit.ts';
import { people } from '../../sandbox/slack/workspace.ts';
import { barriers, hasChromium, patienceMs, photograph, soon } from './browser.ts';
import { everyInput } from './every-input.ts';
import { openWorkspace, pageForEachTest } from './workspace.ts';

describe.skipIf(!hasChromium)('the surfaces in the browser', { timeout: patienceMs }, () => {
  const at = pageForEachTest((browser) => openWorkspace(browser));

  /** A view of an app that may read files. */
  const checked = (view: object) => {
    const { manifest } = at.page.stage.slack;
    const result = checkView(view, { ...manifest, scopes: [...manifest.scopes, 'files:read'] });
    if ('errors' in result) throw new Error(result.errors.join('\n'));
    return result.value;
  };
  /** Opens a view as the app would. */
  const openView = (view: object) => {
    const { store } = at.page.stage.slack;
    const open = store.screens.open(people.ana.id, checked(view));
    store.changed();
    return open;
  };

  test.each(['light', 'dark'] as const)(
    'nothing keeps people out of workspace, form and thread: %s',
    async (theme) => {
      const { page } = at.page.window;
      const look = async (name: string) => {
        await photograph(page, `${name}-${theme}`);
        return (await barriers(page)).map((barrier) => `${name}: ${barrier}`);
      };
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });

      const found = await look('workspace-empty');
      await at.page.window.composer.fill('/');
      found.push(...(await look('commands')));
      await at.page.window.openForm();
      found.push(...(await look('form-open')));
      await at.page.window.modal.getByRole('combobox', { name: 'Teams' }).click();
      await page.getByRole('option', { name: /^1st Line/ }).waitFor();
      found.push(...(await look('form-teams')));
      await page.keyboard.press('Escape');
      await at.page.window.submit();
      await at.page.window.modal.getByText('Please complete this required field.').first().waitFor();
      found.push(...(await look('form-errors')));
      await at.page.window.fillForm();
      await at.page.window.submit();
      await at.page.window.button('Approve NEO-1').waitFor();
      await at.page.window.actAs('Ben');
      found.push(...(await look('card')));
      await at.page.window.button('Approve NEO-1').click();
      await at.page.window.question.waitFor();
      found.push(...(await look('confirm')));
      await at.page.window.question.getByRole('button', { name: 'Approve' }).click();
      await at.page.window.button(/^1 reply/).click();
      await at.page.window.thread.getByText('Agent ID').first().waitFor();
      found.push(...(await look('thread')));
      await at.page.window.button('Close thread').click();
      await at.page.window.type('/neo-status');
      await at.page.window.whispers.first().waitFor();
      found.push(...(await look('only-you')));
      await page.setViewportSize({ width: 800, height: 600 });
      found.push(...(await look('small-window')));
      await at.page.window.button('HaloPSA').click();
      await at.page.window.button('Neo Setup').click();
      found.push(...(await look('small-window-home')));

      expect(found).toEqual([]);
    },
  );

  test('light and dark can be switched, and the choice stays', async () => {
    const { page } = at.page.window;
    const back = () => page.evaluate('getComputedStyle(document.querySelector(".pane")).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await back();
    await at.page.window.button('Light or dark').click();
    const dark = await back();
    expect(dark).not.toBe(light);
    await page.reload();
    await at.page.window.composer.waitFor();
    expect(await back()).toBe(dark);
  });

  test('every input element of Block Kit can be filled in, and keeps what it holds when the view is drawn again', async () => {
    const open = openView(everyInput('First'));
    const { page, modal } = at.page.window;
    const field = (name: string) => modal.getByRole('textbox', { name, exact: true });
    await field('Words').fill('some words');
    await field('Long words').fill('two\nlines');
    await field('Address').fill('ana@brightwater.example');
    await field('Link').fill('https://brightwater.example');
    await field('Number').fill('42');
    await field('Rich words').fill('rich');
    await modal.getByLabel('Day', { exact: true }).fill('2027-02-01');
    await modal.getByLabel('Time', { exact: true }).fill('09:30');
    await at.page.window.choose('One', 'Second');
    await at.page.window.choose('Some', 'First');
    await at.page.window.choose('Some', 'Third');
    await at.page.window.choose('Person', 'Ben');
    await at.page.window.choose('People', 'Cleo');
    await at.page.window.choose('Channel', '#general');
    await at.page.window.choose('Conversations', '#msp-ops');
    await modal.getByRole('checkbox', { name: 'Second' }).check();
    await modal.getByRole('radio', { name: 'Third' }).check();
    await modal
      .getByLabel('Files')
      .setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from('1') });

    const held = () => Object.fromEntries(Object.entries(open.values).map(([id, of]) => [id, of['input']]));
    await expect.poll(held, soon).toMatchObject({
      words: { value: 'some words' },
      long: { value: 'two\nlines' },
      address: { value: 'ana@brightwater.example' },
      link: { value: 'https://brightwater.example' },
      number: { value: '42' },
      rich: { rich_text_value: { elements: [{ elements: [{ text: 'rich' }] }] } },
      day: { selected_date: '2027-02-01' },
      time: { selected_time: '09:30' },
      one: { selected_option: { value: '2' } },
      some: { selected_options: [{ value: '1' }, { value: '3' }] },
      person: { selected_user: people.ben.id },
      people: { selected_users: [people.cleo.id] },
      channel: { selected_channel: 'C07GENERAL2' },
      conversations: { selected_conversations: ['C07MSPOPS11'] },
      boxes: { selected_options: [{ value: '2' }] },
      radio: { selected_option: { value: '3' } },
      files: { files: [{ name: 'list.csv' }] },
    });
    const { screens } = at.page.stage.slack.store;
    screens.replace(open, checked(everyInput('Second')));
    at.page.stage.slack.store.changed();
    await modal.getByRole('heading', { name: 'Second' }).waitFor();
    expect(await field('Words').inputValue()).toBe('some words');
    expect(await modal.getByRole('button', { name: 'Remove Third' }).count()).toBe(1);
    await photograph(page, 'every-input');
    expect(await barriers(page)).toEqual([]);
  });

  test('of three views the top one shows, and going back finds what was entered below', async () => {
    const { screens } = at.page.stage.slack.store;
    const first = openView(everyInput('First'));
    await at.page.window.modal.getByRole('textbox', { name: 'Words', exact: true }).fill('kept');
    await expect.poll(() => first.values['words']?.['input'], soon).toMatchObject({ value: 'kept' });
    for (const title of ['Second', 'Third']) {
      const below = screens.top(people.ana.id) ?? first;
      screens.push(below, { ...first.view, title: { type: 'plain_text', text: title } });
    }
    at.page.stage.slack.store.changed();
    await at.page.window.modal.getByRole('heading', { name: 'Third' }).waitFor();
    await at.page.window.button('Back').click();
    await at.page.window.button('Back').click();
    await expect
      .poll(
        () => at.page.window.modal.getByRole('textbox', { name: 'Words', exact: true }).inputValue(),
        soon,
      )
      .toBe('kept');
  });

  test('an app that does not answer is told to the person, who can try again', async () => {
    await at.page.window.openForm();
    await at.page.window.fillForm();
    at.page.stage.slack.sendTo('http://127.0.0.1:9/nobody');
    await at.page.window.submit();
    await at.page.window.modal.getByText('We had some trouble connecting. Try again?').waitFor();
    await photograph(at.page.window.page, 'trouble');
    expect(await at.page.window.button('Remove Onboarding').count()).toBe(1);
  });

  test('text of people and apps stays text', async () => {
    const { store } = at.page.stage.slack;
    const text = '<img src=x onerror=alert(1)> <javascript:alert(1)|click> &lt;b&gt;bold&lt;/b&gt;';
    store.post({ channel: at.page.stage.ops, threadTs: undefined, text, blocks: [] });
    store.changed();
    const message = at.page.window.page.getByRole('article').filter({ hasText: '<b>bold</b>' });
    await message.waitFor();
    expect(await message.locator('img, b, a').count()).toBe(0);
  });
});

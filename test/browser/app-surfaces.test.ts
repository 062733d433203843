import { describe, expect, test } from 'vitest';
import { people } from '../../sandbox/slack/workspace.ts';
import { ops } from '../../sandbox/slack/testing/served-slack.ts';
import { barriers, hasChromium, patienceMs, photograph, soon } from './browser.ts';
import { openPlainWorkspace } from './plain-app.ts';
import { pageForEachTest } from './workspace.ts';

describe.skipIf(!hasChromium)(
  'what a plain app has besides commands, in the browser',
  {
    timeout: patienceMs,
  },
  () => {
    const at = pageForEachTest(openPlainWorkspace);
    const write = async (text: string, blocks: object[] = []) => {
      await at.page.slack.call('chat.postMessage', { channel: ops, text, blocks });
    };
    const messageTools = () => at.page.window.button('More actions for the message of Neo Setup');
    const home = () => at.page.window.page.getByRole('region', { name: 'Home' });

    test('a global shortcut by mouse opens its form', async () => {
      const { window, heard } = at.page;
      await window.button('Shortcuts').click();
      await photograph(window.page, 'shortcuts');
      expect(await barriers(window.page)).toEqual([]);
      await window.page.getByRole('menuitem', { name: /^Try it/ }).click();
      await window.modal.getByText('In a form').waitFor();
      expect(heard).toEqual(['shortcut try_it']);
    });

    test('a global shortcut by keyboard alone, and the focus comes back to where it began', async () => {
      const { window } = at.page;
      const { keyboard } = window.page;
      await window.tabTo(window.button('Shortcuts'));
      await keyboard.press('ArrowDown');
      await expect.poll(() => window.hasFocus(window.page.getByRole('menuitem')), soon).toBe(true);
      await keyboard.press('Escape');
      expect(await window.page.getByRole('menu').count()).toBe(0);
      await keyboard.press('Enter');
      await keyboard.press('Enter');
      await window.modal.getByText('In a form').waitFor();
      await keyboard.press('Escape');
      await expect.poll(() => window.hasFocus(window.button('Shortcuts')), soon).toBe(true);
    });

    test('a shortcut of a message, by mouse and by keyboard', async () => {
      const { window, heard } = at.page;
      await write('this card');
      await window.page.getByRole('article').filter({ hasText: 'this card' }).hover();
      await messageTools().click();
      await photograph(window.page, 'message-shortcuts');
      expect(await barriers(window.page)).toEqual([]);
      await window.page.getByRole('menuitem', { name: 'About this' }).click();
      await window.whispers.filter({ hasText: 'About this card' }).waitFor();
      await window.tabTo(messageTools());
      await window.page.keyboard.press('Enter');
      await window.page.keyboard.press('Enter');
      await expect.poll(() => window.whispers.count(), soon).toBe(2);
      expect(heard).toEqual(['message_action this card', 'message_action this card']);
    });

    test('guests find the shortcuts of messages only, people of another company none', async () => {
      const { window } = at.page;
      await write('this card');
      await messageTools().waitFor({ state: 'attached' });
      await window.actAs('Gus');
      await messageTools().waitFor({ state: 'attached' });
      await expect.poll(() => window.button('Shortcuts').count(), soon).toBe(0);
      await window.actAs('Xena');
      await expect.poll(() => messageTools().count(), soon).toBe(0);
    });

    test('an app that does not answer a shortcut is told to the person', async () => {
      const { window, slack } = at.page;
      slack.slack.sendTo('http://127.0.0.1:9/nobody');
      await window.button('Shortcuts').click();
      await window.page.getByRole('menuitem', { name: /^Try it/ }).click();
      await window.page.getByRole('alert').getByText('We had some trouble connecting').waitFor();
    });

    test('App Home: drawn when it is opened, drawn again when its button and its menu are used', async () => {
      const { window, heard } = at.page;
      await window.button('Neo Setup').click();
      await home().getByText('Hello @Ana').waitFor();
      await photograph(window.page, 'app-home');
      expect(await barriers(window.page)).toEqual([]);
      await home().getByRole('button', { name: 'Press' }).click();
      await home().getByText('The button was pressed').waitFor();
      await home().getByRole('combobox', { name: 'Choose' }).click();
      await window.page.getByRole('option', { name: 'Two' }).click();
      await home().getByText('Two was chosen').waitFor();
      expect(heard).toEqual(['opened home']);
    });

    test('App Home is each person’s own', async () => {
      const { window, heard } = at.page;
      await window.button('Neo Setup').click();
      await home().getByText('Hello @Ana').waitFor();
      await window.actAs('Ben');
      await home().getByText('Hello @Ben').waitFor();
      expect(heard).toEqual(['opened home', 'opened home']);
    });

    test('the Messages tab holds the direct messages, and is reached by keyboard', async () => {
      const { window, slack, heard } = at.page;
      await slack.call('chat.postMessage', { channel: people.ana.id, text: 'psst' });
      await window.button('Neo Setup').click();
      await home().getByText('Hello @Ana').waitFor();
      await window.tabTo(window.page.getByRole('tab', { name: 'Home' }));
      await window.page.keyboard.press('ArrowRight');
      const direct = window.page.getByRole('region', { name: 'Messages in Neo Setup' });
      await direct.getByText('psst').waitFor();
      await window.type('good morning');
      await direct.getByText('good morning').waitFor();
      await photograph(window.page, 'app-messages');
      expect(await barriers(window.page)).toEqual([]);
      expect(heard).toEqual(['opened home', 'opened messages']);
    });

    test('a markdown block is drawn as formatted text, and its HTML stays text', async () => {
      const { window } = at.page;
      const text = [
        '# Title',
        'Some **bold**, _italic_, ~~gone~~ and `code`; [a link](https://brightwater.example), [none](javascript:alert(1)).',
        '- one\n- two\n\n> quoted',
        '| Team | People |\n|---|---|\n| 1st Line | 4 |',
        '<img src=x onerror=alert(1)>',
      ].join('\n\n');
      await write('in markdown', [{ type: 'markdown', text }]);
      const message = window.page.getByRole('article').filter({ hasText: 'Title' });
      await message.getByRole('heading', { name: 'Title' }).waitFor();
      expect(await message.locator('strong', { hasText: 'bold' }).count()).toBe(1);
      expect(await message.locator('em, s, code, blockquote').count()).toBe(4);
      expect(await message.getByRole('listitem').count()).toBe(2);
      expect(await message.getByRole('cell').allInnerTexts()).toEqual(['1st Line', '4']);
      expect(await message.getByRole('link').allInnerTexts()).toEqual(['a link']);
      expect(await message.locator('img').count()).toBe(0);
      await message.getByText('a link, none.').waitFor();
      await message.getByText('<img src=x onerror=alert(1)>').waitFor();
      await photograph(window.page, 'markdown');
      expect(await barriers(window.page)).toEqual([]);
    });
  },
);

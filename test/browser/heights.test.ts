import { describe, expect, test } from 'vitest';
import { offeredOn } from '../../src/actions/index.ts';
import { requestCard } from '../../src/views/request-card.ts';
import { requests } from '../../sandbox/surfaces/requests.ts';
import { checkBlocks } from '../../sandbox/slack/block-kit.ts';
import { channels } from '../../sandbox/slack/workspace.ts';
import { hasChromium, patienceMs, photograph } from './browser.ts';
import { openWorkspace, pageForEachTest } from './workspace.ts';

describe.skipIf(!hasChromium)(
  'a card in a window 1280 pixels wide is seen whole',
  { timeout: patienceMs },
  () => {
    const at = pageForEachTest((browser) => openWorkspace(browser));

    const note = 'The night shift starts on Monday and needs Neo on the first line. '.repeat(5).slice(0, 300);
    test.each([
      [
        'open, with a warning and a note of 300 characters: at most 700 pixels',
        { ...requests['pending, the requester has left'], note },
        700,
      ],
      ['done: at most 160', requests.done, 160],
      ['denied: at most 160', requests.denied, 160],
    ] as const)('%s', async (_what, request, max) => {
      const { page } = at.page.window;
      const { store } = at.page.stage.slack;
      const drawn = requestCard(request, offeredOn(request));
      const checked = checkBlocks(drawn.blocks);
      if ('errors' in checked) throw new Error(checked.errors.join('\n'));
      await page.setViewportSize({ width: 1280, height: 900 });
      store.post({ text: drawn.text, blocks: checked.value, channel: channels.ops.id, threadTs: undefined });
      store.changed();
      const card = page.getByRole('article').filter({ hasText: 'NEO-12' });
      await card.waitFor();
      const box = await card.boundingBox();
      await photograph(page, `height-${request.state}`);
      expect(box?.height).toBeLessThanOrEqual(max);
    });
  },
);

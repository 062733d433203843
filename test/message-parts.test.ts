import { afterEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import {
  heading,
  kept,
  message,
  paragraph,
  quotation,
  small,
  table,
  type Message,
  type Part,
} from '../src/views/message.ts';
import { Stage } from './stage.ts';

/** All that is written in the blocks, in their order. */
const written = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([key, one]) => (key === 'text' && typeof one === 'string' ? one : written(one)))
        .join('')
    : '';
const inBlocks = ({ blocks }: Message) => blocks.map((block) => written(block)).join('\n');

const anyText = fc.string({ minLength: 1, maxLength: 4_000 }).map((text) => text.replace(/\s/g, 'x') || 'x');
const anyPart: fc.Arbitrary<Part> = fc.oneof(
  anyText.map((text) => paragraph(text.slice(0, 3_000))),
  anyText.map((text) => small(text.slice(0, 3_000))),
  anyText.map((text) => quotation(text.slice(0, 3_000))),
  fc
    .array(fc.record({ label: fc.constant('Label'), value: anyText.map((text) => text.slice(0, 1_000)) }), {
      minLength: 1,
      maxLength: 8,
    })
    .map((rows) => table(rows)),
);

describe('a message is one list of parts', () => {
  test('eyes and screen readers get the same, in the same order', () => {
    const { text, blocks } = message([
      heading('NEO-1'),
      paragraph('*Approved* by <@U07BEN9C3M5>'),
      table([{ label: 'Teams', value: '1st Line & <Co>' }]),
      quotation('Why *not* <!here>?'),
      small('the end'),
    ]);
    expect(blocks.map(({ type }) => type)).toEqual(['header', 'section', 'rich_text', 'section', 'context']);
    expect(text).toBe(
      'NEO-1\n*Approved* by <@U07BEN9C3M5>\nTeams: 1st Line &amp; &lt;Co&gt;\nWhy *not* &lt;!here&gt;?\nthe end',
    );
  });

  test('whatever it holds, Slack’s limits for the whole are kept, and what must be shown is shown whole', () => {
    fc.assert(
      fc.property(fc.array(anyPart, { maxLength: 12 }), anyText, (parts, text) => {
        const vital = kept(paragraph(text.slice(0, 2_500)));
        const made = message([...parts, vital]);
        expect(made.text.length).toBeLessThanOrEqual(4_000);
        expect(inBlocks(made).length).toBeLessThanOrEqual(11_000);
        expect(inBlocks(made)).toContain(text.slice(0, 2_500));
        expect(made.text).toContain(text.slice(0, 2_500));
      }),
    );
  });
});

describe('Slack refuses the blocks', () => {
  let stage: Stage;
  afterEach(() => stage.close());
  const plainCard = () => stage.slack.until('the card', () => stage.cards()[0]);

  test.each(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long'])(
    '%s of a card: its text is posted, says where the buttons are, and the job goes on',
    async (error) => {
      stage = await Stage.open();
      stage.slack.fail('chat.postMessage', { kind: 'error', error });
      await (await stage.filledForm('ana')).submit();
      const card = await plainCard();
      expect(card.blocks).toEqual([]);
      expect(card.spoken).toContain('NEO-1 · New agent: ');
      expect(card.spoken).toContain('`/neo-status` shows the request with them');
      await stage.as('ben').types(stage.ops, '/neo-status NEO-1');
      const answer = await stage.slack.until('the answer', () =>
        stage
          .as('ben')
          .sees(stage.ops)
          .find(({ ephemeral }) => ephemeral),
      );
      await stage.as('ben').press(answer, 'Approve');
      expect((await stage.reply()).text).toContain('Agent ID');
      expect(stage.cards()).toHaveLength(1);
    },
  );

  test.each(['', 'NEO-1', 'NEO-1 history', 'Neo Agent'])(
    'of the answer to /neo-status %s: its text comes alone',
    async (words) => {
      stage = await Stage.open();
      await stage.requestFrom('ana');
      stage.slack.fail('response_url', { kind: 'status', status: 400 });
      await stage.as('ben').types(stage.ops, `/neo-status ${words}`);
      await stage.slack.until('the answer', () => stage.whisper('ben').includes('NEO-1'));
      expect(stage.logLines.filter((line) => line.includes('listener failed'))).toEqual([]);
    },
  );

  test('of a redrawing: the card shows its new state as text', async () => {
    stage = await Stage.open();
    const card = await stage.requestFrom('ana');
    stage.slack.fail('chat.update', { kind: 'error', error: 'invalid_blocks' });
    await stage.as('ana').press(card, 'Withdraw');
    await stage.slack.until('the card', () => stage.card().spoken.includes('Withdrawn by'));
    expect(stage.card().blocks).toEqual([]);
  });
});

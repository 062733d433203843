import { LogLevel, WebAPIPlatformError, WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { divider, many, modal, plain, video } from './testing/block-kit.ts';
import { slackForEachTest } from './testing/served-slack.ts';

const stage = slackForEachTest();
const validate = (args: Record<string, unknown>) => stage.call('blocks.validate', args, '');

const wrong = { type: 'section', text: { type: 'invalid', text: 'x' } };
const unsupported = {
  code: 'failed_constraint',
  message: 'unsupported type: invalid',
  constraint: { type: 'enum', expected: ['plain_text', 'mrkdwn'] },
};

test.each<[string, unknown, unknown, string]>([
  ['blocks', [divider], [divider, wrong], '/1/text/type'],
  ['message', { blocks: [divider] }, { blocks: [wrong] }, '/blocks/0/text/type'],
  ['view', modal([divider]), modal([wrong]), '/blocks/0/text/type'],
  ['view', { type: 'home', blocks: [divider] }, { type: 'home', blocks: [wrong] }, '/blocks/0/text/type'],
])('%s: what is right is told so, what is wrong with its place', async (kind, right, bad, pointer) => {
  expect(await validate({ [kind]: right })).toEqual({ ok: true });
  expect(await validate({ [kind]: bad })).toEqual({
    ok: false,
    error: `invalid_${kind}`,
    errors: [{ ...unsupported, pointer }],
  });
});

test('it holds the limits that posting and opening hold', async () => {
  expect(await validate({ blocks: many(50, divider) })).toMatchObject({ ok: true });
  expect(await validate({ blocks: many(51, divider) })).toMatchObject({
    error: 'invalid_blocks',
    errors: [{ pointer: '', message: 'no more than 50 items allowed' }],
  });
  expect(await validate({ view: modal([divider], { title: plain(25) }) })).toMatchObject({
    error: 'invalid_view',
    errors: [{ pointer: '/title/text', message: 'must be less than 25 characters' }],
  });
  const markdown = { type: 'markdown', text: 'x'.repeat(6_001) };
  expect(await validate({ message: { blocks: [markdown, markdown] } })).toMatchObject({
    error: 'invalid_message',
    errors: [{ pointer: '/blocks', message: 'msg_blocks_too_long' }],
  });
});

test('a message needs no blocks, but has to be one', async () => {
  expect(await validate({ message: { text: 'x' } })).toMatchObject({ ok: true });
  expect(await validate({ message: '5' })).toMatchObject({ error: 'invalid_message' });
});

test('a block that needs a scope is valid without a token', async () => {
  expect(await validate({ blocks: [video({})] })).toMatchObject({ ok: true });
});

test('100,000 characters are taken, one more is not', async () => {
  const sized = (length: number) => JSON.stringify([divider]).padEnd(length, ' ');
  expect(await validate({ blocks: sized(100_000) })).toMatchObject({ ok: true });
  expect(await validate({ blocks: sized(100_001) })).toMatchObject({ error: 'invalid_arguments' });
});

test.each<[string, Record<string, unknown>]>([
  ['nothing', {}],
  ['two of them', { blocks: [divider], view: modal([divider]) }],
  ['all of them', { blocks: [divider], view: modal([divider]), message: { blocks: [divider] } }],
  ['no JSON', { blocks: '[' }],
])('%s is refused', async (_name, args) => {
  expect(await validate(args)).toMatchObject({ ok: false, error: 'invalid_arguments' });
});

test('Slack’s own client calls it without a token', async () => {
  const client = new WebClient(undefined, { slackApiUrl: stage.apiUrl, logLevel: LogLevel.ERROR });
  expect(await client.blocks.validate({ blocks: [{ type: 'divider' }] })).toMatchObject({ ok: true });
  const refusal: unknown = await client.blocks
    .validate({ message: { blocks: [wrong] } })
    .catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(WebAPIPlatformError);
  expect(refusal).toMatchObject({
    data: { error: 'invalid_message', errors: [{ ...unsupported, pointer: '/blocks/0/text/type' }] },
  });
});

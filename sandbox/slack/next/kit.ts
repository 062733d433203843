import { randomBytes } from 'node:crypto';
import { checkBlocks, checkSuggestion, checkView, type Block, type Option, type View } from '../block-kit.ts';
import { mentionsIn } from '../read.ts';
import { initialValues, keptValues, type Values } from '../state.ts';

export type { Block, InputBlock, InputElement, Option, View } from '../block-kit.ts';
export { readBlocks, readMrkdwn, readView, type Names } from '../read.ts';
export type { FieldState, Values } from '../state.ts';

/** One complaint of Slack about blocks. */
export type BlockKitError = { code: string; message: string; pointer: string };

/** Checks a view; blocks without a `block_id` get one, as at Slack. */
export function validateView(view: unknown): { view: View } | { errors: BlockKitError[] } {
  const checked = checkView(view ?? null);
  if ('errors' in checked) return { errors: checked.errors.map(toError) };
  return { view: { ...checked.value, blocks: checked.value.blocks.map(named) } };
}

/** Checks the blocks of a message; blocks without a `block_id` get one. */
export function validateMessageBlocks(blocks: unknown): { blocks: Block[] } | { errors: BlockKitError[] } {
  const checked = checkBlocks(blocks);
  return 'errors' in checked ? { errors: checked.errors.map(toError) } : { blocks: checked.value.map(named) };
}

/** Checks what the app answered to a search. */
export function validateOptions(answer: unknown): { options: Option[] } | { errors: BlockKitError[] } {
  const checked = checkSuggestion(answer);
  return 'errors' in checked ? { errors: checked.errors.map(toError) } : checked.value;
}

/** What the fields of a fresh view hold. */
export function initialState(view: View): Values {
  return initialValues(view);
}

/** What the fields hold when `after` takes the place of `before`. */
export function keepState(before: { view: View; values: Values }, after: View): Values {
  return keptValues(before.values, after);
}

/** Everybody whom Slack would notify because of this text or these blocks. */
export function mentionsOf(content: { text: string; blocks: readonly Block[] }): string[] {
  return [...new Set([...mentionsIn(content.text), ...content.blocks.flatMap(mentionsInside)])];
}

function mentionsInside(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mentionsInside);
  if (typeof value !== 'object' || value === null) return [];
  const fields = new Map<string, unknown>(Object.entries(value));
  const { type, text, user } = {
    type: fields.get('type'),
    text: fields.get('text'),
    user: fields.get('user_id'),
  };
  if (type === 'mrkdwn' && typeof text === 'string') return mentionsIn(text);
  if (type === 'user' && typeof user === 'string') return [user];
  return [...fields.values()].flatMap(mentionsInside);
}

function named(block: Block): Block {
  return { ...block, block_id: block.block_id ?? randomBytes(3).toString('base64url') };
}

function toError(message: string): BlockKitError {
  const pointer = /\[json-pointer:([^\]]*)\]/.exec(message)?.[1] ?? '';
  return { code: 'invalid_block', message, pointer };
}

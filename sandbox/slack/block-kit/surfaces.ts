import type { Block } from '../block-kit.ts';
import { interactiveIn } from './interactive.ts';
import { most } from './limits.ts';

export type Surface = 'modal' | 'home' | 'message';

const everywhere: readonly Surface[] = ['modal', 'home', 'message'];
const messages: readonly Surface[] = ['message'];

/**
 * Where Slack draws which block. `alert` is for modals alone (slackapi/node-slack-sdk#2567); for the other
 * blocks of 2025 and 2026 nothing but messages is stated, so nothing else is allowed. A file block comes
 * with a remote file; no app may send one.
 */
const allowedOn: Record<Block['type'], readonly Surface[]> = {
  actions: everywhere,
  context: everywhere,
  divider: everywhere,
  header: everywhere,
  image: everywhere,
  input: everywhere,
  rich_text: everywhere,
  section: everywhere,
  video: everywhere,
  alert: ['modal'],
  card: messages,
  carousel: messages,
  container: messages,
  context_actions: messages,
  data_table: messages,
  markdown: messages,
  plan: messages,
  table: messages,
  task_card: messages,
  file: [],
};

/** The scope that a block or an element needs. */
const scopeFor: Record<string, string> = { video: 'links.embed:write', file_input: 'files:read' };
export const scopesOfBlocks: readonly string[] = Object.values(scopeFor);

type Complaint = { path: (string | number)[]; message: string };

/** What holds for all blocks of one surface together. */
export function complaints(
  blocks: readonly Block[],
  surface: Surface,
  scopes: readonly string[],
): Complaint[] {
  return [
    ...blocks.flatMap((block, index) => complaintsAbout(block, [index], surface)),
    ...blocks.flatMap((block, index) => missingScopes(block, index, scopes)),
    ...repeatedIds(blocks),
    ...tooMuchFocus(blocks),
    ...tooManyTables(blocks),
  ];
}

function complaintsAbout(block: Block, path: (string | number)[], surface: Surface): Complaint[] {
  const own = allowedOn[block.type].includes(surface)
    ? []
    : [{ path: [...path, 'type'], message: `unsupported type: ${block.type}` }];
  const inside = interactiveIn([block]).flatMap(({ element: { type } }) =>
    (type === 'file_input' && surface !== 'modal') || (type === 'workflow_button' && surface !== 'message')
      ? [{ path, message: `unsupported type: ${type}` }]
      : [],
  );
  const children = block.type === 'container' ? block.child_blocks : [];
  return [
    ...own,
    ...inside,
    ...children.flatMap((child, index) => complaintsAbout(child, [...path, 'child_blocks', index], surface)),
  ];
}

function missingScopes(block: Block, index: number, scopes: readonly string[]): Complaint[] {
  return [block.type, ...interactiveIn([block]).map(({ element }) => element.type)].flatMap((type) => {
    const needed = scopeFor[type];
    return needed === undefined || scopes.includes(needed)
      ? []
      : [{ path: [index], message: `${type} needs the scope ${needed}` }];
  });
}

function repeatedIds(blocks: readonly Block[]): Complaint[] {
  const ids = blocks.map(({ block_id: id }) => id);
  return ids.flatMap((id, index) =>
    ids.indexOf(id) < index ? [{ path: [index, 'block_id'], message: `block_id must be unique: ${id}` }] : [],
  );
}

function tooMuchFocus(blocks: readonly Block[]): Complaint[] {
  const focused = blocks.flatMap((block, index) =>
    interactiveIn([block])
      .filter(({ element }) => 'focus_on_load' in element && element.focus_on_load === true)
      .map(() => index),
  );
  return focused.slice(1).map((index) => ({ path: [index], message: 'only one element can focus_on_load' }));
}

function tooManyTables(blocks: readonly Block[]): Complaint[] {
  const tables = blocks.flatMap(({ type }, index) => (type === 'table' ? [index] : []));
  return tables.slice(most['message.tables']).map((index) => ({
    path: [index],
    message: `only ${most['message.tables']} table per message is allowed`,
  }));
}

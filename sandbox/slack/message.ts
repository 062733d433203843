import type { Block } from './block-kit.ts';
import type { Context } from './acting.ts';
import { Fields } from './fields.ts';
import { readBlocks } from './read.ts';
import type { Ephemeral, StoredMessage } from './store.ts';

/** A message with its buttons and menus, as one person saw it: `blocks` may be older than the message. */
export class OpenMessage extends Fields {
  private readonly blocks: readonly Block[];

  constructor(context: Context, message: StoredMessage | Ephemeral, blocks: readonly Block[]) {
    super(context, { on: 'message', message, blocks });
    this.blocks = blocks;
  }

  text(): string {
    return readBlocks(this.blocks, this.context.store.names);
  }
}

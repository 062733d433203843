import type { HomeView, ModalView } from '@slack/types';
import type { Message } from '../../src/views/message.ts';
import { checkBlocks, checkHome, checkView, type Checked } from '../slack/block-kit.ts';
import { readBlocks, readMrkdwn } from '../slack/read.ts';
import { readHome, readView } from '../slack/read-view.ts';
import { initialValues, type Names } from '../slack/state.ts';
import { bot, channels, people } from '../slack/workspace.ts';

/** A text is mrkdwn. */
export type Drawn = string | Message | ModalView | HomeView;

const peopleById = new Map<string, string>(Object.values(people).map(({ id, name }) => [id, name]));
const channelsById = new Map<string, string>(Object.values(channels).map(({ id, name }) => [id, name]));
const names: Names = {
  user: (id) => (id === bot.userId ? 'Neo Setup' : (peopleById.get(id) ?? id)),
  channel: (id) => channelsById.get(id) ?? id,
};

/** As a person reads it, from the top to the bottom; buttons in brackets. @throws Error for what Slack would refuse */
export function readSurface(drawn: Drawn): string {
  if (typeof drawn === 'string') return readMrkdwn(drawn, names);
  if ('title' in drawn) {
    const view = taken(checkView(drawn));
    return readView(view, initialValues(view.blocks), {}, names);
  }
  if ('text' in drawn)
    return drawn.blocks.length === 0
      ? readMrkdwn(drawn.text, names)
      : readBlocks(taken(checkBlocks(drawn.blocks)), names);
  const view = taken(checkHome(drawn));
  return readHome(view, initialValues(view.blocks), names);
}

function taken<T>(checked: Checked<T>): T {
  if ('errors' in checked) throw new Error(`${checked.error}: ${checked.errors.join('; ')}`);
  return checked.value;
}

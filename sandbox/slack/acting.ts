import type { Block } from './block-kit.ts';
import { interactiveIn, type Placed } from './block-kit/interactive.ts';
import type { Ack, EnvelopeType, Payload } from './delivery.ts';
import type { SlackEvent } from './events.ts';
import type { Manifest } from './manifest.ts';
import {
  actionPayload,
  homeOutput,
  messageOutput,
  personPayload,
  viewOutput,
  type Done,
} from './payloads.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Values } from './state.ts';
import type { Ephemeral, Store, StoredMessage } from './store.ts';
import type { HomeTab, OpenView } from './views.ts';
import type { Person } from './workspace.ts';

/** One person, and all that their client talks to. */
export type Context = {
  store: Store;
  user: Person;
  manifest: Manifest;
  responseUrls: ResponseUrls;
  hooksBase: () => string;
  deliver: (type: EnvelopeType, payload: Payload) => Promise<Ack>;
  emit: (event: SlackEvent, name?: string) => Promise<void>;
  /** Notes why Slack could not take an answer of the app; the person only sees that there was trouble. */
  complain: (problem: string) => void;
};

/** Where somebody acts. `values` are what the fields there hold. */
export type Place =
  | { on: 'message'; message: StoredMessage | Ephemeral; blocks: readonly Block[] }
  | { on: 'modal'; open: OpenView }
  | { on: 'home'; home: HomeTab };

export function blocksOf(place: Place): readonly Block[] {
  switch (place.on) {
    case 'message':
      return place.blocks;
    case 'modal':
      return place.open.view.blocks;
    case 'home':
      return place.home.view.blocks;
  }
}

export function valuesOf(place: Place): Values {
  switch (place.on) {
    case 'message':
      return place.message.values;
    case 'modal':
      return place.open.values;
    case 'home':
      return place.home.values;
  }
}

/** Tells the app that something was pressed, chosen or entered. `times`: how often Slack delivers it. */
export function act(context: Context, place: Place, placed: Placed, done: Done, times = 1): Promise<Ack[]> {
  const { store, user } = context;
  const where = whereItIs(context, place);
  const payload = {
    ...personPayload('block_actions', user),
    ...where,
    trigger_id: store.newTrigger(user.id, {
      ...(place.on === 'modal' && { viewId: place.open.id }),
      ...(place.on === 'message' && { conversation: place.message.channel }),
    }),
    ...(place.on === 'message' && {
      response_url: context.responseUrls.give(context.hooksBase(), {
        channel: place.message.channel,
        user: user.id,
        message: place.message,
      }),
    }),
    actions: [actionPayload(placed.blockId, placed.element, done, store.nextTs())],
  };
  return Promise.all(Array.from({ length: times }, () => interact(context, payload)));
}

/** Asks the app for the options of an external select. */
export function suggest(context: Context, place: Place, placed: Placed, query: string): Promise<Ack> {
  return interact(context, {
    ...personPayload('block_suggestion', context.user),
    ...whereItIs(context, place),
    block_id: placed.blockId,
    action_id: placed.element.action_id,
    value: query,
  });
}

/** Interactive payloads come only when the manifest turns interactivity on. */
export function interact(context: Context, payload: Payload): Promise<Ack> {
  return context.manifest.isInteractive
    ? context.deliver('interactive', payload)
    : Promise.resolve({ ok: false, failure: 'not configured to handle interactive responses' });
}

/** What the payload says of the place, with what all its fields hold. */
function whereItIs({ store }: Context, place: Place): Payload {
  if (place.on === 'modal')
    return { container: { type: 'view', view_id: place.open.id }, view: viewOutput(place.open) };
  if (place.on === 'home')
    return { container: { type: 'view', view_id: place.home.id }, view: homeOutput(place.home) };
  const { message } = place;
  const { id, name } = store.channels.get(message.channel) ?? { id: message.channel, name: message.channel };
  const isEphemeral = !('updates' in message);
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: id,
      is_ephemeral: isEphemeral,
      ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
    },
    channel: { id, name },
    ...('updates' in message && { message: messageOutput(message, true) }),
    state: { values: structuredClone(message.values) },
  };
}

/** A button, or one entry of an overflow menu. */
export type Pressable = { label: string; placed: Placed; done: Done };

/** All that can be pressed there, with what a press tells the app. */
export function pressableIn(blocks: readonly Block[]): Pressable[] {
  return interactiveIn(blocks).flatMap((placed): Pressable[] => {
    const { element } = placed;
    if (element.type === 'button' || element.type === 'icon_button')
      return [{ label: element.text.text, placed, done: { value: element.value } }];
    if (element.type === 'overflow')
      return element.options.map((option) => ({
        label: option.text.text,
        placed,
        done: { selected_option: option },
      }));
    if (element.type === 'feedback_buttons')
      return [element.positive_button, element.negative_button].map(({ text, value }) => ({
        label: text.text,
        placed,
        done: { text, value },
      }));
    return [];
  });
}

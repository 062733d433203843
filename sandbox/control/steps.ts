import { z } from 'zod';
import type { Fields } from '../slack/fields.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import type { OpenModal } from '../slack/modal.ts';
import type { PersonAtSlack } from '../slack/person.ts';
import { channels } from '../slack/workspace.ts';
import { fieldStateSchema } from './field-state.ts';
import type { Answer, Place } from './screen.ts';
import { personNamed } from './see.ts';

const onMessage = z.object({ on: z.literal('message'), channel: z.string(), ts: z.string() });

/** Without one it is the form on top. */
const place = z
  .discriminatedUnion('on', [
    z.object({ on: z.literal('modal'), view: z.string() }),
    z.object({ on: z.literal('home') }),
    onMessage,
  ])
  .optional();
/** Fields and buttons go by what is written on them; by the ids of block and element where several read the same. */
const named = {
  place,
  label: z.string(),
  block: z.string().exactOptional(),
  action: z.string().exactOptional(),
};

/** What a person can do. */
export const stepSchema = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('type'),
    line: z.string(),
    channel: z.string().default(channels.ops.id),
    threadTs: z.string().optional(),
  }),
  z.object({ do: z.literal('fill'), ...named, value: z.string() }),
  z.object({ do: z.literal('choose'), ...named, options: z.array(z.string()) }),
  z.object({ do: z.literal('check'), ...named, on: z.boolean() }),
  z.object({ do: z.literal('upload'), ...named, names: z.array(z.string()) }),
  z.object({ do: z.literal('enter'), ...named }),
  z.object({ do: z.literal('search'), ...named, query: z.string() }),
  z.object({ do: z.literal('set'), place, block: z.string(), action: z.string(), state: fieldStateSchema }),
  z.object({ do: z.literal('press'), ...named }),
  z.object({ do: z.literal('submit'), place }),
  z.object({ do: z.literal('close'), place, all: z.boolean().default(false) }),
  z.object({ do: z.literal('open'), tab: z.enum(['home', 'messages']) }),
  z.object({ do: z.literal('shortcut'), callbackId: z.string(), message: onMessage.optional() }),
]);
export type Step = z.infer<typeof stepSchema>;

const done: Answer = { failure: undefined };

/** Does one thing as somebody. @throws where Slack's client would not let them */
export async function perform(slack: LocalSlack, who: string, step: Step): Promise<Answer> {
  const { id } = personNamed(who);
  const person = slack.as(id);
  const at = (): Fields => fieldsAt(slack, id, 'place' in step ? step.place : undefined);
  switch (step.do) {
    case 'type':
      return type(person, step);
    case 'fill':
      at().fill(step, step.value);
      return done;
    case 'choose':
      await at().choose(step, ...step.options);
      return done;
    case 'check':
      at().check(step, step.on);
      return done;
    case 'upload':
      at().upload(step, ...step.names);
      return done;
    case 'enter':
      await at().enter(step);
      return done;
    case 'search':
      return { failure: undefined, options: await at().search(step, step.query) };
    case 'set':
      return at().setField(step.block, step.action, step.state);
    case 'press':
      return press(slack, id, step);
    case 'submit': {
      const { outcome, errors } = await topModal(slack, id, step.place).submit();
      return { failure: outcome === 'failed' ? errors[''] : undefined, errors };
    }
    case 'close': {
      const modal = topModal(slack, id, step.place);
      if (step.all) modal.dismiss();
      else modal.close();
      return done;
    }
    case 'open':
      await (step.tab === 'home' ? person.opensHome() : person.opensMessages());
      return done;
    case 'shortcut':
      return step.message === undefined
        ? person.shortcut(step.callbackId)
        : person.messageShortcut(step.message, step.callbackId);
  }
}

async function type(person: PersonAtSlack, step: Extract<Step, { do: 'type' }>): Promise<Answer> {
  const { line, channel, threadTs } = step;
  if (!line.startsWith('/')) {
    await person.says(channel, line, threadTs);
    return done;
  }
  if (threadTs !== undefined)
    throw new Error(`${line.split(' ')[0] ?? line} is not supported in threads. Sorry!`);
  return person.types(channel, line);
}

/** By hand: the newest message in #msp-ops that has such a button, unless a form with one is open. */
async function press(slack: LocalSlack, id: string, step: Extract<Step, { do: 'press' }>): Promise<Answer> {
  const person = slack.as(id);
  if (step.place !== undefined) return fieldsAt(slack, id, step.place).press(step);
  const modal = person.modal();
  if (modal?.buttons.includes(step.label) === true) return modal.press(step);
  const message = person.sees(channels.ops.id).findLast(({ buttons }) => buttons.includes(step.label));
  if (message === undefined) throw new Error(`There is no button ${step.label}`);
  return person.press(message, step);
}

function fieldsAt(slack: LocalSlack, id: string, where: Place | undefined): Fields {
  const person = slack.as(id);
  if (where === undefined || where.on === 'modal') return topModal(slack, id, where);
  if (where.on === 'home') {
    const home = person.home();
    if (home === undefined) throw new Error('The app has not drawn its Home tab');
    return home;
  }
  const message = person.sees(where.channel).find(({ ts }) => ts === where.ts);
  if (message === undefined) throw new Error('This message is not there any more');
  return person.on(message);
}

function topModal(slack: LocalSlack, id: string, where: Place | undefined): OpenModal {
  const modal = slack.as(id).modal();
  const isOther = where?.on === 'modal' && slack.store.topView(id)?.id !== where.view;
  if (modal === undefined || isOther) throw new Error('This form is not open any more');
  return modal;
}

import { z } from 'zod';
import type { Fields } from '../slack/fields.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import type { OpenModal } from '../slack/modal.ts';
import type { PersonAtSlack } from '../slack/person.ts';
import { channels } from '../slack/workspace.ts';
import { fieldStateSchema } from './field-state.ts';
import type { Answer, Place } from './screen.ts';
import { personNamed } from './see.ts';

/** Without one it is the form on top. */
const place = z
  .discriminatedUnion('on', [
    z.object({ on: z.literal('modal'), view: z.string() }),
    z.object({ on: z.literal('home') }),
    z.object({ on: z.literal('message'), channel: z.string(), ts: z.string() }),
  ])
  .optional();
const label = z.string();

/** What a person can do. Fields and buttons go by what is written on them; the page knows their ids too. */
export const stepSchema = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('type'),
    line: z.string(),
    channel: z.string().default(channels.ops.id),
    threadTs: z.string().optional(),
  }),
  z.object({ do: z.literal('fill'), place, label, value: z.string() }),
  z.object({ do: z.literal('choose'), place, label, options: z.array(z.string()) }),
  z.object({ do: z.literal('check'), place, label, on: z.boolean() }),
  z.object({ do: z.literal('upload'), place, label, names: z.array(z.string()) }),
  z.object({ do: z.literal('enter'), place, label }),
  z.object({ do: z.literal('search'), place, label, query: z.string() }),
  z.object({ do: z.literal('set'), place, block: z.string(), action: z.string(), state: fieldStateSchema }),
  z.object({ do: z.literal('press'), place, button: z.string(), block: z.string().optional() }),
  z.object({ do: z.literal('submit'), place }),
  z.object({ do: z.literal('close'), place, all: z.boolean().default(false) }),
  z.object({ do: z.literal('home') }),
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
      at().fill(step.label, step.value);
      return done;
    case 'choose':
      await at().choose(step.label, ...step.options);
      return done;
    case 'check':
      at().check(step.label, step.on);
      return done;
    case 'upload':
      at().upload(step.label, ...step.names);
      return done;
    case 'enter':
      await at().enter(step.label);
      return done;
    case 'search':
      return { failure: undefined, options: await at().search(step.label, step.query) };
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
    case 'home':
      await person.opensHome();
      return done;
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
async function press(
  slack: LocalSlack,
  id: string,
  { place: where, button, block }: Extract<Step, { do: 'press' }>,
): Promise<Answer> {
  const person = slack.as(id);
  if (where !== undefined) return fieldsAt(slack, id, where, block).press(button);
  const modal = person.modal();
  if (modal?.buttons.includes(button) === true) return modal.press(button);
  const message = person.sees(channels.ops.id).findLast(({ buttons }) => buttons.includes(button));
  if (message === undefined) throw new Error(`There is no button ${button}`);
  return person.press(message, button);
}

/** `block`: the only one that counts, where two buttons read the same. */
function fieldsAt(slack: LocalSlack, id: string, where: Place | undefined, block?: string): Fields {
  const person = slack.as(id);
  if (where === undefined || where.on === 'modal') return topModal(slack, id, where);
  if (where.on === 'home') {
    const home = person.home();
    if (home === undefined) throw new Error('The app has not drawn its Home tab');
    return home;
  }
  const message = person.sees(where.channel).find(({ ts }) => ts === where.ts);
  if (message === undefined) throw new Error('This message is not there any more');
  const blocks = message.blocks.filter((one) => block === undefined || one.block_id === block);
  return person.on({ ...message, blocks });
}

function topModal(slack: LocalSlack, id: string, where: Place | undefined): OpenModal {
  const modal = slack.as(id).modal();
  const isOther = where?.on === 'modal' && slack.store.topView(id)?.id !== where.view;
  if (modal === undefined || isOther) throw new Error('This form is not open any more');
  return modal;
}

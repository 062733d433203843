import type { OpenModal } from '../slack/modal.ts';
import type { PersonAtSlack, SeenMessage } from '../slack/person.ts';
import { bot, people, type Channel } from '../slack/workspace.ts';
import type { World } from '../world.ts';
import { pause } from './faults.ts';
import { cardOf, hasEnded, resultsOf } from './verdict.ts';
import type { Random } from './random.ts';

/** What people wanted, to be compared with what came of it. */
export type Wish = {
  name: string;
  channel: string;
  requester: string;
  decision: 'approve' | 'deny' | 'withdraw';
  /** What the plan has in the end. The requester edits it on the way to there, or not. */
  email: string;
  edits: boolean;
  /** How often somebody presses a button of a result that is none. */
  retries: number;
  /** How often somebody pressed one. */
  pressed: number;
  /** How long people wait for anything, in milliseconds. */
  patienceMs: number;
};

const tryAgainAfterMs = 300;

/** Channels of their own, because Slack takes one post a second in each. */
export function addChannels(world: World, count: number): string[] {
  return Array.from({ length: count }, (_unused, index) => {
    const members = [...Object.values(people).map(({ id }) => id), bot.userId];
    const channel: Channel = {
      id: `C07CHAOS${String(index).padStart(3, '0')}`,
      name: `chaos-${index}`,
      members,
    };
    world.slack.store.channels.set(channel.id, channel);
    return channel.id;
  });
}

/** One request from the command to the decision, by people who try again when Slack shows them a failure. */
export async function live(world: World, random: Random, wish: Wish): Promise<void> {
  // Each request has a requester of its own: a person has one form open at a time.
  const ana = newPerson(world, wish.requester);
  const ben = world.slack.as(people.ben.id);
  const deliveries = () => (random.chance(0.3) ? 2 : 1);
  await submitForm(ana, wish, deliveries);
  await patiently('the card', wish.patienceMs, () => cardOf(ben, wish));
  if (wish.edits)
    await untilCard(world, wish, `the edit of ${wish.name}`, showsTheEnd, (card) =>
      useForm(
        ana,
        card,
        { button: 'Edit', submit: 'Ask anew', label: 'Email Address', text: wish.email },
        deliveries,
      ),
    );
  switch (wish.decision) {
    case 'approve':
      await untilCard(world, wish, 'an accepted approval', isDecided, (card) =>
        ben.press(card, 'Approve', deliveries()),
      );
      return retry(world, wish);
    case 'deny': {
      const denier = world.slack.as(random.pick(deniers));
      const reason = { label: 'Reason', text: 'Chaos says no' };
      return untilCard(world, wish, 'an accepted denial', isDecided, (card) =>
        useForm(denier, card, { button: 'Deny', submit: 'Deny request', ...reason }, deliveries),
      );
    }
    case 'withdraw':
      return untilCard(world, wish, 'an accepted withdrawal', isDecided, (card) =>
        ana.press(card, 'Withdraw', deliveries()),
      );
  }
}

/** Somebody does what they want, on the card as it is then, until it shows that it was taken. */
async function untilCard(
  world: World,
  wish: Wish,
  what: string,
  isTaken: (card: SeenMessage, wish: Wish) => boolean,
  act: (card: SeenMessage) => Promise<unknown>,
): Promise<void> {
  const card = () => cardOf(world.slack.as(people.ben.id), wish);
  await patiently(what, wish.patienceMs, async () => {
    const now = card();
    if (now === undefined) return false;
    if (isTaken(now, wish)) return true;
    await act(now);
    await pause(tryAgainAfterMs);
    return false;
  });
}

/** Opens a form by a button of the card, or goes on with the one that is open: fills in one field and submits it. */
async function useForm(
  person: PersonAtSlack,
  card: SeenMessage,
  use: { button: string; submit: string; label: string; text: string },
  deliveries: () => number,
): Promise<void> {
  const form = person.modal();
  if (form?.text().includes(`[${use.submit}]`) !== true) {
    await person.press(card, use.button);
    return;
  }
  form.fill(use.label, use.text);
  await form.submit(deliveries()).catch(() => undefined);
}

/** Presses what a result offers that is none, while it offers something and people have patience. */
async function retry(world: World, wish: Wish): Promise<void> {
  const ben = world.slack.as(people.ben.id);
  while (wish.pressed < wish.retries) {
    await patiently('an end', wish.patienceMs, () => hasEnded(world, wish));
    const results = resultsOf(world, wish);
    const open = results.find(({ buttons }) => buttons.length > 0);
    if (open === undefined) return;
    wish.pressed += 1;
    await ben.press(open, open.buttons[wish.pressed % open.buttons.length] ?? '');
    await pause(tryAgainAfterMs);
  }
}

async function submitForm(ana: PersonAtSlack, wish: Wish, deliveries: () => number): Promise<void> {
  await patiently('a submitted form', wish.patienceMs, async () => {
    const form = await openForm(ana, wish);
    if (form === undefined) return false;
    // While they fill it in, the form may give way to a word that Slack did not say who they are.
    const submitted = await fillIn(form, wish)
      .then(() => form.submit(deliveries()))
      .catch(() => undefined);
    if (submitted === undefined) return false;
    const { outcome, errors } = submitted;
    // A submission whose answer got lost is submitted again; the form of then knows that it was taken.
    return outcome === 'closed' || (errors['Username']?.includes('already asks for this one') ?? false);
  });
}

async function openForm(ana: PersonAtSlack, wish: Wish): Promise<OpenModal | undefined> {
  const open = ana.modal();
  if (open?.text().includes('[Ask for approval]') === true) return open;
  await ana.types(wish.channel, '/neo-setup').catch(() => undefined);
  await pause(tryAgainAfterMs);
  return ana.form();
}

async function fillIn(form: OpenModal, wish: Wish): Promise<void> {
  form.fill('Username', wish.name);
  form.fill('Email Address', wish.edits ? `before.${wish.email}` : wish.email);
  await form.choose('Roles', '1st Line Support');
  await form.choose('Teams', '1st Line', '2nd Line');
  await form.choose('Working Hours', 'Sydney desk');
  if (form.value('Timezone') === '') await form.choose('Timezone', 'Australia/Sydney');
}

function isDecided(card: SeenMessage): boolean {
  return card.buttons.length === 0;
}

function showsTheEnd(card: SeenMessage, { email }: Wish): boolean {
  return card.text.includes(`Email Address: ${email}\n`);
}

function newPerson(world: World, id: string): PersonAtSlack {
  world.slack.store.people.set(id, { id, name: id, tz: 'Australia/Sydney' });
  for (const channel of world.slack.store.channels.values())
    if (channel.isIm !== true) channel.members.push(id);
  return world.slack.as(id);
}

/** Approvers beside Ben, for a denial takes a form and a person has one open at a time. Each is told of every request. */
const deniers = Array.from({ length: 3 }, (_unused, index) => `U07DENIER${index}`);

export function addDeniers(world: World): void {
  for (const id of deniers) {
    newPerson(world, id);
    world.slack.store.userGroups[0]?.users.push(id);
  }
}

/** Tries until there is something. @throws when that takes longer than anybody waits */
export async function patiently<T>(
  what: string,
  patienceMs: number,
  find: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error(`Waited in vain for ${what}`);
    await pause(tryAgainAfterMs);
  }
}

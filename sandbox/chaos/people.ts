import type { OpenModal } from '../slack/modal.ts';
import type { PersonAtSlack, SeenMessage } from '../slack/person.ts';
import type { StoredMessage } from '../slack/store.ts';
import { bot, channels as workspaceChannels, people, type Channel } from '../slack/workspace.ts';
import type { World } from '../world.ts';
import { hasEnded, isDecided, type Board, type Shown } from './board.ts';
import { pause } from './faults.ts';
import type { Random } from './random.ts';

/** What people wanted, to be compared with what came of it. */
export type Wish = {
  name: string;
  channel: string;
  requester: string;
  /** Of what its only approver asked for: somebody stops it, or nobody does. */
  decision: 'approve' | 'deny' | 'withdraw' | 'stop' | 'let';
  /** Where it is decided, as long as its button is there; else by `/neo-status`. */
  place: 'card' | 'direct' | 'status';
  /** Somebody asks a question first, and the requester answers in the thread, or not. */
  question: 'none' | 'asked' | 'answered';
  /** What the plan has in the end. The requester edits it on the way to there, or not. */
  email: string;
  edits: boolean;
  /** How often somebody presses a button of a result that is none. */
  retries: number;
  /** How often somebody pressed one. */
  pressed: number;
  /** The agent is disabled by hand in the end, and somebody has it repaired. */
  repairs: boolean;
  /** How long people wait for anything, in milliseconds. */
  patienceMs: number;
  /** A clock said that its time was over. */
  mayExpire: boolean;
};

export type Scene = { world: World; board: Board; random: Random };

const tryAgainAfterMs = 300;
/** Where nothing is ever closed: people type `/neo-status` there. */
const ops = workspaceChannels.ops.id;

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

/** One request from the command to the end, by people who try again when Slack shows them a failure. */
export async function live(scene: Scene, wish: Wish): Promise<void> {
  const { world, board, random } = scene;
  const ana = newPerson(world, wish.requester, wish.name);
  const deliveries = () => (random.chance(0.3) ? 2 : 1);
  await inTurn(wish.requester, () => submitForm(ana, wish, deliveries));
  await patiently('a message about it', wish.patienceMs, () => board.find(wish.name));
  if (wish.question !== 'none') await ask(scene, wish, ana);
  if (wish.edits)
    await inTurn(wish.requester, () =>
      until(scene, wish, `the edit`, showsTheEnd, (shown) =>
        useForm(scene, wish, ana, shown, {
          button: 'Edit',
          submit: 'Update request',
          label: 'Email Address',
          text: wish.email,
        }),
      ),
    );
  await decide(scene, wish, ana);
  if (wish.decision !== 'approve' && wish.decision !== 'let') return;
  await retry(scene, wish);
  if (wish.repairs) await repair(scene, wish);
}

const turns = new Map<string, Promise<unknown>>();

/** A person has one form open at a time. */
function inTurn(personId: string, act: () => Promise<void>): Promise<void> {
  const mine = (turns.get(personId) ?? Promise.resolve()).then(act);
  turns.set(
    personId,
    mine.catch(() => undefined),
  );
  return mine;
}

async function decide(scene: Scene, wish: Wish, ana: PersonAtSlack): Promise<void> {
  const { world, random } = scene;
  const decider = world.slack.as(wish.place === 'direct' ? outside : people.ben.id);
  switch (wish.decision) {
    case 'approve':
      return until(scene, wish, 'an accepted approval', isDecided, (shown) =>
        pressSomewhere(scene, wish, decider, shown, 'Approve'),
      );
    case 'deny':
      return until(scene, wish, 'an accepted denial', isDecided, (shown) =>
        useForm(scene, wish, world.slack.as(random.pick(deniers)), shown, {
          button: 'Deny',
          submit: 'Deny request',
          label: 'Reason',
          text: 'Chaos says no',
        }),
      );
    case 'withdraw':
      return until(scene, wish, 'an accepted withdrawal', isDecided, (shown) =>
        pressSomewhere(scene, wish, ana, shown, 'Withdraw'),
      );
    case 'stop':
      return until(scene, wish, 'an accepted stop, or an end', isDecided, (shown) =>
        pressSomewhere(scene, wish, world.slack.as(people.dan.id), shown, 'Stop'),
      );
    case 'let':
      return until(scene, wish, 'an end', hasEnded, () => Promise.resolve());
  }
}

/** Somebody asks; the question may be lost with the card, and nobody waits for an answer. */
async function ask(scene: Scene, wish: Wish, ana: PersonAtSlack): Promise<void> {
  const { world, board, random } = scene;
  const asker = world.slack.as(random.pick(deniers));
  const isAsked = ({ messages }: Shown) =>
    messages.some(({ text }) => text.includes('has a question about NEO-'));
  await until(
    scene,
    { ...wish, patienceMs: wish.patienceMs / 3 },
    'a question',
    (shown) => isAsked(shown) || isDecided(shown),
    (shown) =>
      useForm(scene, wish, asker, shown, {
        button: 'Ask a question',
        submit: 'Ask',
        label: 'Question',
        text: 'Is it chaos?',
      }),
  ).catch(() => undefined);
  const root = board.find(wish.name)?.root;
  if (wish.question === 'answered' && root !== undefined)
    await ana.says(root.channel, 'It is.', root.ts).catch(() => undefined);
}

/** Somebody does what they want, as it is shown then, until it is shown that it was taken. */
async function until(
  { board }: Scene,
  wish: Wish,
  what: string,
  isTaken: (shown: Shown, wish: Wish) => boolean,
  act: (shown: Shown) => Promise<unknown>,
): Promise<void> {
  await patiently(`${what} of ${wish.name}`, wish.patienceMs, async () => {
    const now = board.find(wish.name);
    if (now === undefined) return false;
    if (isTaken(now, wish)) return true;
    await act(now).catch(() => undefined);
    await pause(tryAgainAfterMs);
    return isExpired(board.find(wish.name));
  });
}

/** A clock jumped: nobody can do anything any more. */
function isExpired(shown: Shown | undefined): boolean {
  return shown?.messages.some(({ text }) => text.includes(': nobody decided')) === true;
}

/** Presses a button where this person likes to, or, if it isn't there, in the answer to `/neo-status`. */
async function pressSomewhere(
  scene: Scene,
  wish: Wish,
  person: PersonAtSlack,
  shown: Shown,
  button: string,
): Promise<void> {
  const times = scene.random.chance(0.3) ? 2 : 1;
  const liked = wish.place === 'status' ? undefined : preferred(wish, person, shown);
  const found = liked?.buttons.includes(button) === true ? liked : await status(person, shown, button);
  if (found !== undefined) await person.press(found, button, times);
}

function preferred(wish: Wish, person: PersonAtSlack, { card, messages }: Shown): SeenMessage | undefined {
  const own = messages.findLast((one) => one.channel.startsWith('D') && see(person, one) !== undefined);
  const message = wish.place === 'direct' ? own : card;
  return message && see(person, message);
}

function see(person: PersonAtSlack, message: StoredMessage): SeenMessage | undefined {
  return person.seesOne(message);
}

/** What `/neo-status NEO-12` shows this person, if it has the button. */
async function status(
  person: PersonAtSlack,
  { name }: Shown,
  button: string,
): Promise<SeenMessage | undefined> {
  if (name === undefined) return undefined;
  const named = new RegExp(`\\b${name}\\b`);
  const find = () =>
    person
      .sees(ops, (one) => !('author' in one) && named.test(one.text))
      .findLast(({ buttons }) => buttons.includes(button));
  await person.types(ops, `/neo-status ${name}`).catch(() => undefined);
  return patiently('an answer', 2_000, find).catch(() => undefined);
}

/** Opens a form by a button, or goes on with the one that is open: fills in one field and submits it. */
async function useForm(
  scene: Scene,
  wish: Wish,
  person: PersonAtSlack,
  shown: Shown,
  use: { button: string; submit: string; label: string; text: string },
): Promise<void> {
  const form = person.modal();
  if (form?.text().includes(`[${use.submit}]`) !== true) {
    await pressSomewhere(scene, wish, person, shown, use.button);
    return;
  }
  form.fill(use.label, use.text);
  const { outcome } = await form.submit(scene.random.chance(0.3) ? 2 : 1);
  if (outcome !== 'closed') person.modal()?.dismiss();
}

/** Presses what a result offers that is none, while it offers something and people have patience. */
async function retry({ world, board }: Scene, wish: Wish): Promise<void> {
  const ben = world.slack.as(wish.decision === 'let' ? wish.requester : people.ben.id);
  while (wish.pressed < wish.retries) {
    const ended = () => {
      const shown = board.find(wish.name);
      return shown !== undefined && hasEnded(shown) && shown;
    };
    const { results } = await patiently(`an end of ${wish.name}`, wish.patienceMs, ended);
    const open = results.flatMap((one) => see(ben, one) ?? []).find(({ buttons }) => buttons.length > 0);
    if (open === undefined) return;
    wish.pressed += 1;
    await ben.press(open, open.buttons[wish.pressed % open.buttons.length] ?? '').catch(() => undefined);
    await pause(tryAgainAfterMs);
  }
}

/** The agent is disabled by hand; somebody compares it with its plan and has it repaired. */
async function repair(scene: Scene, wish: Wish): Promise<void> {
  const { world, board } = scene;
  const end = () => {
    const shown = board.find(wish.name);
    return shown !== undefined && hasEnded(shown);
  };
  await patiently(`an end of ${wish.name}`, wish.patienceMs, end);
  const agent = world.halo.agents.find(({ name }) => name === wish.name);
  if (agent === undefined) return;
  world.halo.changeAgent(agent.id, { isdisabled: true });
  const ben = world.slack.as(people.ben.id);
  const answer = (button: string) =>
    ben
      .sees(ops, (one) => !('author' in one) && one.text.includes(wish.name))
      .findLast(({ buttons }) => buttons.includes(button));
  const asked = async () => {
    if (board.find(wish.name, true) !== undefined) return true;
    const toRepair = answer('Repair');
    const toCompare = answer('Check again now');
    if (toRepair !== undefined) await ben.press(toRepair, 'Repair');
    else if (toCompare !== undefined) await ben.press(toCompare, 'Check again now');
    else await ben.types(ops, `/neo-status ${agent.id}`);
    await pause(4 * tryAgainAfterMs);
    return false;
  };
  // It is shown to be as planned where the agent was never read back, or somebody else has it repaired.
  const isAsked = await patiently('a repair', wish.patienceMs / 6, () => asked().catch(() => false)).catch(
    () => false,
  );
  if (!isAsked) return;
  const approver = world.slack.as(deniers[0]);
  await patiently(`the approval of the repair of ${wish.name}`, wish.patienceMs, async () => {
    const shown = board.find(wish.name, true);
    if (shown === undefined) return false;
    if (isDecided(shown)) return true;
    await pressSomewhere(scene, { ...wish, place: 'card' }, approver, shown, 'Approve').catch(
      () => undefined,
    );
    await pause(tryAgainAfterMs);
    return isExpired(shown);
  });
}

/** People who ask and look, and change nothing, until `isOver`. What they are answered is of no matter here. */
export async function wander({ world, board, random }: Scene, isOver: () => boolean): Promise<void> {
  const dan = world.slack.as(people.dan.id);
  const questions = ['', 'help', 'NEO-1 history', 'nobody@brightwater.example', '2'];
  while (!isOver()) {
    const name = random.pick(['NEO-1', ...board.all().flatMap((shown) => shown.name ?? [])]);
    const acts: (() => Promise<unknown>)[] = [
      () => dan.types(ops, `/neo-status ${random.pick(questions)}`),
      () => dan.types(ops, `/neo-status ${name}`),
      () => dan.types(ops, `/neo-status ${name} history`),
      () => dan.opensHome(),
      () => dan.shortcut('neo_setup_shortcut'),
      () => Promise.resolve(dan.modal()?.dismiss()),
    ];
    await random
      .pick(acts)()
      .catch(() => undefined);
    await pause(random.between(500, 2_000));
  }
}

async function submitForm(ana: PersonAtSlack, wish: Wish, deliveries: () => number): Promise<void> {
  await patiently(`a submitted form for ${wish.name}`, wish.patienceMs, async () => {
    const form = await openForm(ana, wish);
    if (form === undefined) return false;
    // While they fill it in, the form may give way to a word that Slack did not say who they are.
    const submitted = await fillIn(form, wish)
      .then(() => form.submit(deliveries()))
      .catch(() => undefined);
    // What a form offers is what HaloPSA answered when it was opened.
    if (submitted === undefined) ana.modal()?.dismiss();
    if (submitted === undefined) return false;
    const { outcome, errors } = submitted;
    // A submission whose answer got lost is submitted again; the form of then knows that it was taken.
    return outcome === 'closed' || (errors['Username']?.includes('Taken by NEO-') ?? false);
  });
}

async function openForm(ana: PersonAtSlack, wish: Wish): Promise<OpenModal | undefined> {
  const open = ana.modal();
  if (open?.text().includes('[Request approval]') === true) return open;
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

/** The card, or what was sent instead, shows what the requester changed it to. */
function showsTheEnd({ messages }: Shown, { email }: Wish): boolean {
  return messages.some(({ text }) => text.includes(`Email Address: ${email}\n`));
}

function newPerson(world: World, id: string, name: string): PersonAtSlack {
  if (world.slack.store.people.has(id)) return world.slack.as(id);
  world.slack.store.people.set(id, { id, name, tz: 'Australia/Sydney' });
  for (const channel of world.slack.store.channels.values())
    if (channel.isIm !== true) channel.members.push(id);
  return world.slack.as(id);
}

/** Approvers beside Ben, for a denial takes a form and a person has one open at a time. Each is told of every request. */
const deniers = ['U07DENIER0', 'U07DENIER1', 'U07DENIER2'] as const;
/** An approver who is in none of the channels, and decides where the app tells them to. */
const outside = 'U07OUTSIDE';

export function addApprovers(world: World): void {
  for (const id of deniers) newPerson(world, id, id);
  world.slack.store.people.set(outside, { id: outside, name: outside, tz: 'Australia/Sydney' });
  world.slack.store.channels.get(ops)?.members.push(outside);
  world.slack.store.userGroups[0]?.users.push(...deniers, outside);
}

/** Tries until there is something. @throws when that takes longer than anybody waits */
export async function patiently<T>(
  what: string,
  patienceMs: number,
  find: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}`);
    await pause(tryAgainAfterMs);
  }
}

import { afterEach, describe, expect, test } from 'vitest';
import type { SeenMessage } from '../sandbox/slack/person.ts';
import { channels, people, userGroups, type Person as SlackPerson } from '../sandbox/slack/workspace.ts';
import { requestSchema } from '../src/requests/request.ts';
import { actions } from '../src/actions/index.ts';
import { actionIds, callbackIds, commandNames } from '../src/views/ids.ts';
import { Stage } from './stage.ts';

const guestOfOne = { id: 'U07GREG1C4N', name: 'Greg', isSingleChannelGuest: true };
const sister = { id: 'W08SAM2K5L7', teams: ['T08SISTER2X'] };
/** Whoever may try: a name for each kind of person, and what Slack says of them. */
const kinds = {
  requester: people.ana,
  approverById: people.ben,
  approverByGroup: people.dan,
  adminNotListed: people.cleo,
  member: { id: 'U07EVE5M3K2', name: 'Eve' },
  guestOfOneChannel: guestOfOne,
  guestOfSeveral: people.gus,
  otherCompany: people.xena,
  deactivated: { id: 'U07DORA9P8T', name: 'Dora', deleted: true },
  bot: { id: 'U07ROBO4B7H', name: 'Robo', isBot: true },
  otherWorkspace: { id: 'U08MIA6W2Z1', name: 'Mia', teamId: 'T08SISTER2X' },
  /** On Enterprise Grid: of another workspace of the same organization. */
  sisterMember: { id: 'U08SAM2K5L7', name: 'Sam', teamId: 'T08SISTER2X', grid: sister },
  sisterAdmin: {
    id: 'U08ADA6M1N3',
    name: 'Ada',
    teamId: 'T08SISTER2X',
    isAdmin: true,
    isOwner: true,
    grid: { ...sister, id: 'W08ADA6M1N3', isAdmin: true },
  },
  unknownToSlack: { id: 'U07NOBODY00', name: 'Nobody' },
  notSaidByHalf: {
    id: 'U07VAGUE3Q9',
    name: 'Vague',
    unsaid: ['team_id', 'is_restricted', 'is_ultra_restricted'],
  },
} satisfies Record<string, SlackPerson>;
type Kind = keyof typeof kinds;

const members: Kind[] = ['requester', 'approverById', 'approverByGroup', 'adminNotListed', 'member'];
const approvers: Kind[] = ['approverById', 'approverByGroup'];
const env = { NEO_APPROVERS: [people.ben.id, ...userGroups.map(({ id }) => id)].join(',') };

let stage: Stage;

const as = (kind: Kind) => stage.slack.as(kinds[kind].id);
const forms = (kind: Kind) => as(kind).form();
const openForm = (kind: Kind, submit: string) => forms(kind)?.text().includes(`[${submit}]`) === true;
const whispered = (kind: Kind) =>
  stage.slack.store.ephemerals.filter(({ user }) => user === kinds[kind].id).map(({ text }) => text);
const stored = async () => {
  const rows = await stage.db.selectFrom('request').select('data').orderBy('number').execute();
  return rows.map(({ data }) => requestSchema.parse(JSON.parse(data)));
};
const first = async () => {
  const [request] = await stored();
  if (request === undefined) throw new Error('There is no request');
  return request;
};

const pending = async () => {
  await stage.requestFrom('ana');
};
const withdrawn = async () => {
  await stage.as('ana').press(await stage.requestFrom('ana'), 'Withdraw');
  await stage.slack.until('the end', () => stage.card().buttons.includes('Details'));
};
const failed = async () => {
  stage.halo.fail({ method: 'POST', path: '/api/Agent' }, { kind: 'drop' });
  await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
  await stage.reply();
};
/** HaloPSA shows no agent but that of the application. */
const hidden = async () => {
  stage.halo.quirks.listsOnlyItself = true;
  await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
  await stage.reply();
};
const drifted = async () => {
  await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
  await stage.reply();
  stage.halo.changeAgent(stage.halo.agents.at(-1)?.id ?? 0, { isdisabled: true });
  stage.advance(25 * 3_600_000);
  await stage.reply(0, 2);
};
/** Ben is the only approver then. */
const solo = async () => {
  await stage.requestFrom('ben');
};
const press = (button: string, message: () => SeenMessage | undefined) => async (kind: Kind) => {
  const seen = message();
  if (seen === undefined) throw new Error('There is no message');
  await as(kind).press(seen, button);
};
const card = () => stage.card();
const reply = (count: number) => () => stage.thread()[count - 1];
const types = (command: string) => async (kind: Kind) => {
  await as(kind).types(stage.ops, command);
};
const looksAtStatus = (kind: Kind) => whispered(kind).some((text) => text.includes('NEO-1'));
const home = (kind: Kind) => as(kind).home()?.text() ?? '';
const comparisons = () => stage.halo.journal.filter(({ path }) => /^\/api\/Agent\/\d+$/.test(path)).length;

type Row = {
  may: readonly Kind[];
  before: () => Promise<void>;
  act: (kind: Kind) => Promise<unknown>;
  /** Did it have an effect, beside words in private? */
  did: (kind: Kind) => boolean | Promise<boolean>;
  env?: Record<string, string>;
};

/** Not to be pressed by itself: why. */
type Elsewhere = string;

/** One row for everything that a person can type, press or send in. */
const rows: {
  /** By the id of the button. */
  onRequests: Record<string, Row | Elsewhere>;
  actions: Record<keyof typeof actionIds, Row | Elsewhere>;
  views: Record<keyof typeof callbackIds, Row | Elsewhere>;
  commands: Record<keyof typeof commandNames, Row | Elsewhere>;
  events: Record<'app_home_opened', Row>;
} = {
  onRequests: {
    approve_request: {
      may: approvers,
      before: pending,
      act: press('Approve', card),
      did: async () => (await first()).state !== 'pending',
    },
    deny_request: {
      may: approvers,
      before: pending,
      act: async (kind) => {
        await press('Deny', card)(kind);
        await stage.app.boundary.idle();
        forms(kind)?.fill('Reason', 'No.');
        await forms(kind)?.submit();
      },
      did: async () => (await first()).state === 'denied',
    },
    ask_requester: {
      may: approvers,
      before: pending,
      act: async (kind) => {
        await press('Ask a question', card)(kind);
        await stage.app.boundary.idle();
        forms(kind)?.fill('Question', 'Why?');
        await forms(kind)?.submit();
      },
      did: async () => (await first()).questions?.length === 1,
    },
    edit_request: {
      may: ['requester'],
      before: pending,
      act: async (kind) => {
        await press('Edit', card)(kind);
        await stage.app.boundary.idle();
        forms(kind)?.fill('Username', 'Neo Two');
        await forms(kind)?.submit();
      },
      did: async () => (await first()).plan.name === 'Neo Two',
    },
    withdraw_request: {
      may: ['requester'],
      before: pending,
      act: press('Withdraw', card),
      did: async () => (await first()).state === 'withdrawn',
    },
    stop_request: {
      may: members,
      before: solo,
      act: press('Stop', card),
      did: async () => (await first()).state === 'denied',
      env: { NEO_APPROVERS: people.ben.id, NEO_SOLO_MODE: 'delay', NEO_SOLO_DELAY: '24h' },
    },
    try_request_again: {
      may: approvers,
      before: failed,
      act: press('Try again', reply(1)),
      did: async () => (await first()).state !== 'failed',
    },
    check_request_again: {
      may: approvers,
      before: failed,
      act: press('Check again', reply(1)),
      did: async () => (await first()).looksOnly === true,
    },
    create_anyway: {
      may: approvers,
      before: hidden,
      act: press('Create anyway', reply(1)),
      did: async () => (await first()).createAnyway !== undefined || stage.creates().length > 0,
    },
  },
  actions: {
    repair: {
      may: members,
      before: drifted,
      act: press('Repair', reply(2)),
      did: async () => (await stored()).length === 2,
    },
    checkDrift: {
      may: members,
      before: drifted,
      act: async (kind) => {
        const before = comparisons();
        await press('Check again now', reply(2))(kind);
        await stage.app.boundary.idle();
        comparedSince = comparisons() - before;
      },
      did: () => comparedSince > 0,
    },
    openSetup: {
      may: members,
      before: pending,
      act: async (kind) => {
        await as(kind).opensHome();
        await stage.app.boundary.idle();
        const tab = as(kind).home();
        if (tab?.buttons.includes('Set up Neo Agent') === true) await tab.press('Set up Neo Agent');
      },
      did: (kind) => openForm(kind, 'Request approval'),
    },
    details: {
      may: members,
      before: withdrawn,
      act: press('Details', card),
      did: looksAtStatus,
    },
    requestAgain: {
      may: members,
      before: withdrawn,
      act: press('Request again', card),
      did: (kind) => openForm(kind, 'Request approval'),
    },
    requestLike: 'on answers that only a reader of /neo-status has',
    newerPage: 'on answers that only a reader of /neo-status has',
    olderPage: 'the same',
    allRequests: 'the same',
    compareWithGuide: 'the same',
    openThread: 'a link, which does nothing here',
    input: 'a field',
  },
  views: {
    setup: {
      may: members,
      before: async () => {},
      // Whoever had the form open before they became what they are.
      act: async (kind) => {
        const { id, name } = kinds[kind];
        stage.slack.store.people.set(id, { id, name });
        stage.slack.heal();
        await as(kind).types(stage.ops, '/neo-setup');
        const form = await stage.slack.until('the form', () => forms(kind));
        await stage.app.boundary.idle();
        await form.choose('Roles', '1st Line Support');
        await form.choose('Teams', '1st Line');
        await form.choose('Working Hours', 'Sydney desk');
        await form.choose('Timezone', 'Australia/Sydney');
        become(kind);
        stage.letTimePass(2 * 60_000);
        await form.submit();
      },
      did: async () => (await stored()).length === 1,
    },
    edit: 'opened by Edit, which looks at who presses; sent in by the same person',
    notice: 'says something, and sends nothing in',
    setupShortcut: {
      may: members,
      before: async () => {},
      act: async (kind) => as(kind).shortcut(callbackIds.setupShortcut),
      did: (kind) => openForm(kind, 'Request approval'),
    },
  },
  commands: {
    setup: {
      may: members,
      before: async () => {},
      act: types('/neo-setup'),
      did: (kind) => openForm(kind, 'Request approval'),
    },
    status: { may: members, before: pending, act: types('/neo-status NEO-1'), did: looksAtStatus },
  },
  events: {
    app_home_opened: {
      may: members,
      before: pending,
      act: async (kind) => as(kind).opensHome(),
      did: (kind) => home(kind).includes('Set up Neo Agent'),
    },
  },
};

let comparedSince = 0;

/** From now on Slack says of this person what it says of their kind. */
function become(kind: Kind): void {
  const { id, ...says } = kinds[kind];
  stage.slack.store.people.set(id, { id, ...says });
  if (kind === 'unknownToSlack')
    stage.slack.fail('users.info', { kind: 'error', error: 'user_not_found' }, Infinity);
}

async function open(row: Row): Promise<void> {
  stage = await Stage.open({
    env: { ...env, ...row.env },
    inSlack: ({ store }) => {
      store.isOnGrid = true;
    },
  });
  for (const person of Object.values(kinds)) {
    stage.slack.store.people.set(person.id, person);
    for (const id of [channels.ops.id, channels.general.id]) {
      const channel = stage.slack.store.channels.get(id);
      if (channel !== undefined && !channel.members.includes(person.id))
        stage.slack.changeChannel(id, { members: [...channel.members, person.id] });
    }
  }
  await row.before();
  await stage.app.boundary.idle();
}

/** What came of it when somebody of this kind does it. */
async function didBy(row: Row, kind: Kind): Promise<boolean> {
  become(kind);
  // Slack itself keeps some of them out: commands and shortcuts are not offered to everybody.
  await row.act(kind).catch((error: unknown) => {
    if (!/is not a valid command|There is no shortcut/.test(String(error))) throw error;
  });
  await stage.app.boundary.idle();
  stage.slack.heal();
  return row.did(kind);
}

const every = Object.keys(kinds) as Kind[];
const all = Object.entries(rows).flatMap(([group, list]) =>
  Object.entries(list).flatMap(([name, row]) =>
    typeof row === 'string' ? [] : [{ what: `${group}: ${name}`, row }],
  ),
);
const allowed = all.flatMap(({ what, row }) => row.may.map((kind) => ({ what, kind, row })));

test('everything that can be typed, pressed or sent in has a row', () => {
  expect(Object.keys(rows.onRequests).sort()).toEqual(actions.map(({ actionId }) => actionId).sort());
  expect(Object.keys(rows.actions).sort()).toEqual(Object.keys(actionIds).sort());
  expect(Object.keys(rows.views).sort()).toEqual(Object.keys(callbackIds).sort());
  expect(Object.keys(rows.commands).sort()).toEqual(Object.keys(commandNames).sort());
});

describe('who may do what', () => {
  afterEach(() => stage.close());

  test.each(allowed)('$what: $kind may', async ({ row, kind }) => {
    await open(row);
    expect(await didBy(row, kind)).toBe(true);
  });

  test.each(all)('$what: nobody else may', async ({ row }) => {
    await open(row);
    const before = structuredClone(stage.halo.agents);
    const others = every.filter((kind) => !row.may.includes(kind));
    const did: Kind[] = [];
    for (const kind of others) if (await didBy(row, kind)) did.push(kind);
    expect(others.length).toBeGreaterThan(7);
    expect(did).toEqual([]);
    expect(stage.halo.agents).toEqual(before);
  });
});

describe('what the form finds while somebody types', () => {
  afterEach(() => stage.close());

  const search = async (after: () => void) => {
    stage = await Stage.open();
    const form = await stage.openForm('ana');
    after();
    return (await form.search('Roles', '')).length;
  };

  test('a member finds it, also long after the form was opened', async () => {
    expect(await search(() => {})).toBeGreaterThan(0);
    await stage.close();
    expect(
      await search(() => {
        stage.letTimePass(2 * 3_600_000);
      }),
    ).toBeGreaterThan(0);
  });

  test.each([
    { isGuest: true },
    { isSingleChannelGuest: true },
    { deleted: true },
    { isStranger: true },
    { unsaid: ['deleted'] },
  ])('somebody who is %o by now finds nothing', async (change) => {
    const found = await search(() => {
      stage.slack.changePerson(people.ana.id, change);
      stage.letTimePass(2 * 3_600_000);
    });
    expect(found).toBe(0);
  });
});

import type { OpenModal } from './slack/modal.ts';
import type { PersonAtSlack, SeenMessage } from './slack/person.ts';
import { channels, people } from './slack/workspace.ts';
import type { World } from './world.ts';

type Print = (text: string) => void;

/**
 * The main job as two people: Ana asks, tries to approve her own request, Ben approves; the agent is created
 * in the local HaloPSA and its ID comes in the thread. Prints what each of them sees. Returns the Agent ID.
 * @throws when anything is not as it should be
 */
export async function play({ slack, halo }: World, print: Print): Promise<number> {
  const ops = channels.ops.id;
  const ana = slack.as(people.ana.id);
  const ben = slack.as(people.ben.id);
  const scene = (title: string, text: string) => {
    print(`\n── ${title}\n${text.replace(/^/gm, '   ')}`);
  };
  const whisper = async (who: PersonAtSlack, does: () => Promise<unknown>) => {
    const before = whispers(who).length;
    await does();
    return slack.until('a private answer', () => whispers(who)[before]?.text);
  };
  const whispers = (who: PersonAtSlack) => who.sees(ops).filter(({ ephemeral }) => ephemeral);
  const card = () => ben.sees(ops).find(({ threadTs, ephemeral }) => threadTs === undefined && !ephemeral);
  const reply = () => ben.sees(ops).find(({ threadTs }) => threadTs !== undefined);

  scene(
    'Ana types /neo-setup help. Only she sees',
    await whisper(ana, () => ana.types(ops, '/neo-setup help')),
  );

  await ana.types(ops, '/neo-setup');
  const form = await slack.until('the form', () => {
    const open = ana.form();
    return open !== undefined && /named licence/i.test(open.text()) && open.value('Timezone') !== '' && open;
  });
  scene('Ana types /neo-setup. The form opens', form.text());

  await fillIn(form);
  form.check('Is an API-only Agent', true);
  const wrong = await form.submit();
  expect(wrong.outcome === 'errors', 'an API-only agent is refused');
  scene('Ana fills it in, checks one box too many and submits. The form stays', errors(wrong.errors));

  form.check('Is an API-only Agent', false);
  const submitted = await form.submit();
  expect(submitted.outcome === 'closed', `the form is taken: ${errors(submitted.errors)}`);
  const posted = await slack.until('the card', card);
  scene('She unchecks it and submits. The card in #msp-ops', posted.text);

  scene('Ana presses Approve herself. Only she sees', await whisper(ana, () => ana.press(posted, 'Approve')));

  await ben.press(posted, 'Approve');
  const result = await slack.until('the result', reply);
  const agent = halo.agents.find(({ name }) => name === 'Neo Agent');
  expect(
    agent !== undefined && result.text.includes(`Agent ID: \`${agent.id}\``),
    'the thread holds the Agent ID',
  );
  scene('Ben presses Approve. In the thread', result.text);

  const done = await slack.until('the finished card', () => card()?.text.includes('Done') === true && card());
  scene('The card now', done.text);

  const id = agent?.id ?? 0;
  scene(
    `Ben types /neo-status ${id}. Only he sees`,
    await whisper(ben, () => ben.types(ops, `/neo-status ${id}`)),
  );
  const creates = halo.journal.filter(
    ({ method, path }) => method === 'POST' && path === '/api/Agent',
  ).length;
  expect(creates === 1, `HaloPSA got one create, not ${creates}`);
  return id;
}

/** Ana asks in #msp-ops and Ben approves: the shortest way to a job for HaloPSA. */
export async function askAndApprove(world: Pick<World, 'slack'>): Promise<void> {
  await world.slack.as(people.ben.id).press(await ask(world), 'Approve');
}

/** Ana asks in #msp-ops. Returns the card as Ben sees it. */
export async function ask({ slack }: Pick<World, 'slack'>): Promise<SeenMessage> {
  const ops = channels.ops.id;
  const ana = slack.as(people.ana.id);
  await ana.types(ops, '/neo-setup');
  const form = await slack.until('the form', () => {
    const open = ana.form();
    return open !== undefined && open.value('Timezone') !== '' && open;
  });
  await fillIn(form);
  await form.submit();
  return slack.until('the card', () =>
    slack
      .as(people.ben.id)
      .sees(ops)
      .find(({ ephemeral }) => !ephemeral),
  );
}

export async function fillIn(form: OpenModal): Promise<void> {
  await form.choose('Roles', '1st Line Support');
  await form.choose('Teams', '1st Line', 'Onboarding');
  await form.choose('Working Hours', 'Sydney desk');
  form.fill('Note for the approver', 'For the Sydney service desk, starting Monday.');
}

function errors(byLabel: Record<string, string>): string {
  return Object.entries(byLabel)
    .map(([label, text]) => `${label}: ${text}`)
    .join('\n');
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`It is not so that ${what}`);
}

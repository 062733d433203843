import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channels, teamId } from '../sandbox/slack/workspace.ts';
import { troubleIn, type Trouble } from './log.ts';
import { clock, credentials, personId, responsePath, startOutside, type Outside } from './outside.ts';
import { startPlain, type PlainApp } from './plain-app.ts';
import { cpuOf } from './proc.ts';
import { ms, percentile, times, type Report } from './report.ts';

const peopleAtOnce = 50;
const warmUpRounds = 10;
const rounds = 40;
const maxRatio = 1.5;

/** Milliseconds since the command was sent. */
type Waited = { acknowledged: number; opened: number };
/** `refused`: Slack's code for each form that it did not open. */
type Round = { waited: Waited[]; refused: string[] };
/** `cpuMs`: processor time for all of it, NaN where nobody knows. */
type Measured = Round & { cpuMs: number };

/**
 * How long 50 people who type /neo-setup at the same moment wait for the acknowledgement, and for the form to reach
 * Slack, beside a bare Bolt app that only acknowledges and opens a view, in the same run. Over HTTP, where the
 * acknowledgement is the response. Both are plain JavaScript on plain Node.
 */
export async function ack(): Promise<Report> {
  const outside = await startOutside((warmUpRounds + rounds) * peopleAtOnce);
  const dataDir = mkdtempSync(join(tmpdir(), 'neo-setup-bench-'));
  const env = {
    SLACK_API_URL: `${outside.slackUrl}/api/`,
    SLACK_BOT_TOKEN: credentials.botToken,
    SLACK_SIGNING_SECRET: credentials.signingSecret,
    HALO_BASE_URL: outside.haloUrl,
    HALO_CLIENT_ID: credentials.clientId,
    HALO_CLIENT_SECRET: credentials.clientSecret,
    DATA_DIR: dataDir,
  };
  const apps: PlainApp[] = [];
  try {
    const bare = await startPlain('bench/bare-app.ts', env);
    apps.push(bare);
    const app = await startPlain('src/index.ts', env);
    apps.push(app);
    const measured = await measure(outside, bare, app);
    return report(measured, [...troubleIn(bare.log()), ...troubleIn(app.log())]);
  } finally {
    await Promise.all(apps.map((app) => app.stop()));
    outside.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measure(
  outside: Outside,
  bare: PlainApp,
  app: PlainApp,
): Promise<{ bare: Measured; app: Measured }> {
  await takeTurns(outside, bare, app, { first: 0, count: warmUpRounds });
  const cpu = () => [bare, app].map(({ pid }) => cpuOf(pid) ?? NaN);
  const [bareBefore = NaN, appBefore = NaN] = cpu();
  const waited = await takeTurns(outside, bare, app, { first: warmUpRounds, count: rounds });
  const [bareAfter = NaN, appAfter = NaN] = cpu();
  return {
    bare: { ...waited.bare, cpuMs: bareAfter - bareBefore },
    app: { ...waited.app, cpuMs: appAfter - appBefore },
  };
}

/** The apps take turns, and turns in being the first. */
async function takeTurns(
  outside: Outside,
  bare: PlainApp,
  app: PlainApp,
  { first, count }: { first: number; count: number },
): Promise<{ bare: Round; app: Round }> {
  const all: { bare: Round; app: Round } = {
    bare: { waited: [], refused: [] },
    app: { waited: [], refused: [] },
  };
  for (let round = first; round < first + count; round += 1) {
    const turns = [
      { url: bare.url, into: all.bare },
      { url: app.url, into: all.app },
    ];
    for (const { url, into } of round % 2 === 0 ? turns : turns.reverse()) {
      const { waited, refused } = await oneRound(outside, url, round);
      into.waited.push(...waited);
      into.refused.push(...refused);
    }
  }
  return all;
}

/** Everybody types at once. Ends when the app has nothing more to do. */
async function oneRound(outside: Outside, url: string, round: number): Promise<Round> {
  const first = round * peopleAtOnce;
  const userIds = Array.from({ length: peopleAtOnce }, (_unused, index) => personId(first + index));
  const triggers = await outside.triggers(userIds);
  const sent = await Promise.all(
    triggers.map((trigger, index) => type(url, outside.slackUrl, userIds[index] ?? '', trigger)),
  );
  const { at, refused } = await outside.opened(triggers);
  const waited = sent.map((one, index) => ({
    acknowledged: one.acknowledged,
    opened: (at[index] ?? NaN) - one.at,
  }));
  return { waited, refused };
}

/** @returns when the command was sent, and the milliseconds until its whole response */
async function type(
  url: string,
  slackUrl: string,
  userId: string,
  trigger: string,
): Promise<{ at: number; acknowledged: number }> {
  const body = new URLSearchParams({
    command: '/neo-setup',
    text: '',
    team_id: teamId,
    user_id: userId,
    channel_id: channels.ops.id,
    channel_name: channels.ops.name,
    trigger_id: trigger,
    response_url: `${slackUrl}${responsePath}`,
  }).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', credentials.signingSecret)
    .update(`v0:${timestamp}:${body}`)
    .digest('hex');
  const at = clock();
  const response = await fetch(`${url}/slack/events`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
  });
  await response.text();
  if (response.status !== 200) throw new Error(`Not acknowledged: ${response.status}`);
  return { at, acknowledged: clock() - at };
}

function report({ bare, app }: { bare: Measured; app: Measured }, logged: Trouble[]): Report {
  const figures = (what: keyof Waited, percent: number) => {
    const of = ({ waited }: Measured) =>
      percentile(
        waited.map((one) => one[what]),
        percent,
      );
    return { bare: of(bare), app: of(app), ratio: of(app) / of(bare) };
  };
  const row = (title: string, what: keyof Waited, percent: number) => {
    const found = figures(what, percent);
    return [`${title}, p${percent}`, ms(found.bare), ms(found.app), times(found.ratio)];
  };
  const { ratio } = figures('acknowledged', 99);
  const { ratio: openRatio } = figures('opened', 99);
  const cpu = { bare: bare.cpuMs / bare.waited.length, app: app.cpuMs / app.waited.length };
  const problems = [
    ratio > maxRatio &&
      `the p99 of the acknowledgement is ${times(ratio)} that of the bare app, and ${maxRatio} is the limit`,
    openRatio > maxRatio &&
      `the p99 of the form is ${times(openRatio)} that of the bare app, and ${maxRatio} is the limit`,
    app.refused.length > 0 &&
      `Slack refused ${app.refused.length} forms of neo-setup: ${app.refused.join(', ')}`,
    bare.refused.length > 0 &&
      `Slack refused ${bare.refused.length} forms of the bare app: ${bare.refused.join(', ')}`,
  ];
  return {
    tables: [
      {
        title: `${peopleAtOnce} people at once, ${rounds} rounds, ${app.waited.length} commands to each app`,
        rows: [
          ['', 'bare Bolt app', 'neo-setup', 'ratio'],
          row('acknowledgement', 'acknowledged', 50),
          row('acknowledgement', 'acknowledged', 99),
          row('`views.open` reaches Slack', 'opened', 50),
          row('`views.open` reaches Slack', 'opened', 99),
          ['processor time of the app, each', ms(cpu.bare), ms(cpu.app), times(cpu.app / cpu.bare)],
        ],
      },
    ],
    notes: [],
    missed: problems.filter((one) => one !== false),
    logged,
  };
}

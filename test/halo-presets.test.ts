import { afterEach, describe, expect, test } from 'vitest';
import { presetNames, type PresetName } from '../sandbox/halo/presets.ts';
import { Stage } from './stage.ts';

type Told = { lead: RegExp; also?: RegExp[]; agents: 0 | 1; asPlanned: boolean };

const ready = { lead: /HaloPSA has every setting as requested/, agents: 1, asPlanned: true } as const;

/** What people must be told on each imagined build of HaloPSA. `asPlanned`: HaloPSA holds just what was planned. */
const told: Record<PresetName, Told> = {
  usual: ready,
  'before-2026': {
    lead: /Timezone: HaloPSA doesn’t report it/,
    also: [/Timezone: HaloPSA doesn’t report it/, /HaloPSA doesn’t report this, so check it/],
    agents: 1,
    asPlanned: false,
  },
  'never-timezone': {
    lead: /Timezone: HaloPSA kept/,
    also: [/on the tab \*Preferences\* set \*Timezone\* to AUS Eastern Standard Time/],
    agents: 1,
    asPlanned: false,
  },
  // The tenant's working hours show how it writes zones.
  'iana-timezones': ready,
  'iana-timezones-only': ready,
  'add-properties': { ...ready, also: [/Roles: 1st Line Support \(set on the second attempt\)/] },
  'update-only': { ...ready, also: [/Working Hours: Sydney desk \(set on the second attempt\)/] },
  'merging-lists': {
    lead: /Roles: HaloPSA kept .*Teams: HaloPSA kept/s,
    also: [/Roles: HaloPSA kept .*Report Viewer/],
    agents: 1,
    asPlanned: false,
  },
  'never-teams': {
    lead: /Teams: HaloPSA kept/,
    also: [/keep these teams and no others: 1st Line, Onboarding/],
    agents: 1,
    asPlanned: false,
  },
  'default-team-ignored': {
    lead: /Default team: HaloPSA kept/,
    agents: 1,
    asPlanned: false,
  },
  'workday-stuck': {
    lead: /Working Hours: HaloPSA kept/,
    also: [/HaloPSA kept Office hours \(requested: Sydney desk\)/],
    agents: 1,
    asPlanned: false,
  },
  'forced-api-only': {
    lead: /Is an API-only Agent: HaloPSA kept/,
    also: [/uncheck \*Is an API-only Agent\*/],
    agents: 1,
    asPlanned: false,
  },
  'created-disabled': { ...ready, also: [/Account Active: Yes \(set on the second attempt\)/] },
  'tidied-texts': ready,
  'late-reads': ready,
  'stale-after-update': { ...ready, also: [/Timezone: .*set on the second attempt/] },
  'unreported-roles': {
    lead: /Roles: HaloPSA doesn’t report it/,
    also: [/Roles: HaloPSA doesn’t report it/],
    agents: 1,
    asPlanned: true,
  },
  'bare-rows': ready,
  'array-answers-200': ready,
  'wrapped-lists': ready,
  'cut-lists': ready,
  'cut-lists-uncounted': ready,
  'cut-lists-without-pages': {
    lead: /HaloPSA may not list all of its agents/,
    agents: 0,
    asPlanned: false,
  },
  'build-2.236': ready,
  'odd-values': ready,
  'null-rows': ready,
  'role-brings-teams': { ...ready, also: [/Teams: .*Billing \(through role 1st Line Support\)/] },
  'sign-in-elsewhere': ready,
  'page-in-front': {
    lead: /Something other than HaloPSA answered at .* \(HTTP 403\)/,
    agents: 0,
    asPlanned: false,
  },
  'slow-agents': ready,
  'own-row-only': { lead: /HaloPSA may not list all of its agents/, agents: 0, asPlanned: false },
  'rate-limited': ready,
  'rate-limited-retry-after': ready,
  'lost-answer': { ...ready, also: [/I found the agent by its name/] },
  'database-error-after-commit': { ...ready, also: [/I found the agent by its name/] },
  'no-licence': { lead: /HaloPSA rejected the request: .*licen[cs]e/i, agents: 0, asPlanned: false },
  'no-licence-disabled': {
    lead: /Account Active: HaloPSA kept/,
    agents: 1,
    asPlanned: false,
  },
  'strict-passwords': ready,
  'no-permission': { lead: /this app isn’t allowed to change agents/, agents: 0, asPlanned: false },
};

describe('the whole job ends truthfully on every build of HaloPSA that may exist', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  test.each(presetNames)('%s', async (preset) => {
    const waitForHaloMs = [300_000];
    stage = await Stage.open({ preset, ...(preset.startsWith('rate-limited') && { waitForHaloMs }) });
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve');
    if (preset.startsWith('rate-limited')) {
      await stage.slack.until('the wait', () =>
        stage.card().text.includes('HaloPSA’s rate limit was reached'),
      );
      stage.advance(301_000);
    }
    const reply = await stage.reply();
    const { lead, also = [], agents, asPlanned } = told[preset];
    for (const words of [lead, ...also]) expect(reply.text).toMatch(words);
    const made = stage.halo.agents.filter(({ name }) => name === 'Neo Agent');
    expect(made).toHaveLength(agents);
    expect(reply.text.includes(`Agent ID: \`${made[0]?.id ?? ''}\``)).toBe(agents === 1);
    const agent = made[0];
    const isSo =
      agent !== undefined &&
      !agent.isdisabled &&
      !agent.isapiagent &&
      agent.roles.map(({ name }) => name).join() === '1st Line Support' &&
      agent.teams
        .map(({ name }) => name)
        .sort()
        .join() === '1st Line,Onboarding' &&
      agent.team === '1st Line' &&
      agent.workday_id === stage.halo.lists.workdays.find(({ name }) => name === 'Sydney desk')?.id &&
      ['AUS Eastern Standard Time', 'Australia/Sydney'].includes(agent.timezone);
    expect(isSo).toBe(asPlanned);
  });
});

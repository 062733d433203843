import { afterEach, describe, expect, test } from 'vitest';
import { presetNames, type PresetName } from '../sandbox/halo/presets.ts';
import { Stage } from './stage.ts';

type Told = { lead: RegExp; also?: RegExp[]; agents: 0 | 1; asPlanned: boolean };

const ready = { lead: /HaloPSA reports every field as planned/, agents: 1, asPlanned: true } as const;

/** What people must be told on each imagined build of HaloPSA. `asPlanned`: HaloPSA holds just what was planned. */
const told: Record<PresetName, Told> = {
  usual: ready,
  'before-2026': {
    lead: /HaloPSA does not report: Timezone\./,
    also: [/Timezone: cannot be read back/, /HaloPSA does not report this, so look/],
    agents: 1,
    asPlanned: false,
  },
  'never-timezone': {
    lead: /HaloPSA kept another value: Timezone\./,
    also: [/on the tab \*Preferences\* set \*Timezone\* to AUS Eastern Standard Time/],
    agents: 1,
    asPlanned: false,
  },
  // The tenant's working hours show how it writes zones.
  'iana-timezones': { ...ready, also: [/Timezone: Australia\/Sydney/] },
  'iana-timezones-only': { ...ready, also: [/Timezone: Australia\/Sydney/] },
  'add-properties': { ...ready, also: [/Roles: 1st Line Support \(set after a second try\)/] },
  'update-only': { ...ready, also: [/Working Hours: Sydney desk \(set after a second try\)/] },
  'merging-lists': {
    lead: /HaloPSA kept another value: Roles, Teams\./,
    also: [/Roles: HaloPSA kept another value: .*Report Viewer/],
    agents: 1,
    asPlanned: false,
  },
  'never-teams': {
    lead: /HaloPSA kept another value: Teams\./,
    also: [/keep these teams and no others: 1st Line, Onboarding/],
    agents: 1,
    asPlanned: false,
  },
  'default-team-ignored': {
    lead: /HaloPSA kept another value: Default team\./,
    agents: 1,
    asPlanned: false,
  },
  'workday-stuck': {
    lead: /HaloPSA kept another value: Working Hours\./,
    also: [/HaloPSA kept another value: Office hours \(planned: Sydney desk\)/],
    agents: 1,
    asPlanned: false,
  },
  'forced-api-only': {
    lead: /HaloPSA kept another value: Is an API-only Agent\./,
    also: [/uncheck \*Is an API-only Agent\*/],
    agents: 1,
    asPlanned: false,
  },
  'created-disabled': { ...ready, also: [/Account Active: Yes \(set after a second try\)/] },
  'tidied-texts': ready,
  'late-reads': ready,
  'stale-after-update': { ...ready, also: [/Timezone: .*set after a second try/] },
  'unreported-roles': {
    lead: /HaloPSA does not report: Roles\./,
    also: [/Roles: cannot be read back/],
    agents: 1,
    asPlanned: true,
  },
  'bare-rows': ready,
  'array-answers-200': ready,
  'wrapped-lists': ready,
  'cut-lists': ready,
  'cut-lists-uncounted': ready,
  'cut-lists-without-pages': {
    lead: /HaloPSA may not show this app all of its agents/,
    agents: 0,
    asPlanned: false,
  },
  'build-2.236': ready,
  'odd-values': ready,
  'null-rows': ready,
  'role-brings-teams': { ...ready, also: [/Teams: .*Billing \(through role 1st Line Support\)/] },
  'sign-in-elsewhere': ready,
  'page-in-front': {
    lead: /is not HaloPSA’s \(HTTP 403\)/,
    agents: 0,
    asPlanned: false,
  },
  'slow-agents': ready,
  'own-row-only': { lead: /HaloPSA may not show this app all of its agents/, agents: 0, asPlanned: false },
  'rate-limited': ready,
  'rate-limited-retry-after': ready,
  'lost-answer': { ...ready, also: [/the agent was found in its list/] },
  'database-error-after-commit': { ...ready, also: [/the agent was found in its list/] },
  'no-licence': { lead: /HaloPSA rejected the request: .*licen[cs]e/i, agents: 0, asPlanned: false },
  'no-licence-disabled': {
    lead: /HaloPSA kept another value: Account Active\./,
    agents: 1,
    asPlanned: false,
  },
  'strict-passwords': ready,
  'no-permission': { lead: /we may not change agents/, agents: 0, asPlanned: false },
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
      await stage.slack.until('the wait', () => stage.card().text.includes('HaloPSA has had too many calls'));
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

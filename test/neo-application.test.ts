import { afterEach, describe, expect, test } from 'vitest';
import type { Application } from '../src/halo/applications.ts';
import { checkNeoApplication } from '../src/requests/neo-application.ts';
import type { StoredApplication } from '../sandbox/halo/seed.ts';
import { Stage } from './stage.ts';

const agentId = 4;
const asTheGuideSays: StoredApplication = {
  clientId: '7f4b0c1d-93e2-4a86-b5d7-0c2e9f61a83b',
  displayName: 'Neo Agent Integration',
  grant_type: 'client_credentials',
  inactive: false,
  loginas_agent_id: agentId,
  scopes: ['all:standard', 'all:teams', 'admin:webhooks'],
};

describe('on the agent’s card', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  const card = async (...applications: StoredApplication[]) => {
    stage = await Stage.open({ seed: { applications } });
    return ask();
  };
  const ask = async () => {
    const before = stage.as('ben').sees(stage.ops).length;
    await stage.as('ben').types(stage.ops, `/neo-status ${agentId}`);
    await stage.slack.until('the answer', () => stage.as('ben').sees(stage.ops).length > before);
    return stage.whisper('ben');
  };

  test('as the guide says', async () => {
    const told = await card(asTheGuideSays);
    expect(told).toContain('The API application is as Neo’s guide says.');
    expect(told).toContain('Scopes: all:standard, all:teams, admin:webhooks – as the guide says');
    expect(told).not.toContain(asTheGuideSays.clientId);
  });

  test('`all` beside the right ones is too much', async () => {
    const told = await card({ ...asTheGuideSays, scopes: ['all', ...asTheGuideSays.scopes] });
    expect(told).toContain('Scopes: too many: all – not as the guide says');
    expect(told).not.toContain('The API application is as Neo’s guide says.');
  });

  test('`all` instead of the right ones: what is missing, and what is too much', async () => {
    const told = await card({ ...asTheGuideSays, scopes: ['all'] });
    expect(told).toContain('missing: all:standard, all:teams, admin:webhooks; too many: all');
  });

  test('an inactive one', async () => {
    const told = await card({ ...asTheGuideSays, inactive: true });
    expect(told).toContain('Application active: No – not as the guide says');
  });

  test('one that people sign in by', async () => {
    const told = await card({ ...asTheGuideSays, grant_type: 'authorization_code' });
    expect(told).toContain('not Client ID and Secret (Services) – not as the guide says');
  });

  test('one of another agent is not this agent’s', async () => {
    const told = await card({ ...asTheGuideSays, loginas_agent_id: 8 });
    expect(told).toContain('None logs in as this agent yet.');
  });

  test('several: the nearest to the guide, and how many others', async () => {
    const told = await card({ ...asTheGuideSays, inactive: true, displayName: 'Old' }, asTheGuideSays);
    expect(told).toContain('The API application is as Neo’s guide says. 1 more log in as it');
  });

  test('HaloPSA refuses the list: the card says so and where to look, and the agent is told all the same', async () => {
    stage = await Stage.open();
    stage.halo.fail({ path: '/api/Application' }, { kind: 'status', status: 403 }, Infinity);
    const told = await ask();
    expect(told).toContain(
      'The API application cannot be checked: HaloPSA let us sign in, but we may not read this',
    );
    expect(told).toContain('View Applications');
    expect(told).toMatch(/Reference: `[0-9a-f]{8}`/);
    expect(told).toContain('Account Active: Yes');
  });
});

describe('what HaloPSA does not say is not guessed', () => {
  const silent: Application = {
    id: undefined,
    displayName: undefined,
    grant_type: undefined,
    inactive: undefined,
    loginas_agent_id: agentId,
    scopes: undefined,
  };

  test('a list without scopes, method and state', () => {
    expect(checkNeoApplication([silent], true, agentId)).toEqual({
      found: 'some',
      best: { name: undefined, isActive: undefined, isByClientSecret: undefined, scopes: undefined },
      others: 0,
    });
  });

  test('as whom an application logs in', () => {
    const unsaid = { ...silent, loginas_agent_id: undefined };
    expect(checkNeoApplication([unsaid], true, agentId)).toEqual({ found: 'unknown', unsaid: 1 });
  });

  test('what other applications a list does not show', () => {
    expect(checkNeoApplication([], false, agentId)).toEqual({ found: 'unknown', unsaid: 0 });
    expect(checkNeoApplication([], true, agentId)).toEqual({ found: 'none' });
  });

  test('a scope without a name may be any', () => {
    const scopes = [{ name: 'all:standard' }, { name: undefined }];
    const told = checkNeoApplication([{ ...silent, scopes }], true, agentId);
    expect(told).toHaveProperty('best.scopes', undefined);
  });
});

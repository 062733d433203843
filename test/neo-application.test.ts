import { afterEach, describe, expect, test } from 'vitest';
import type { Application } from '../src/halo/applications.ts';
import { checkNeoApplication } from '../src/requests/neo-application.ts';
import { applicationRows } from '../src/views/application-check.ts';
import type { StoredApplication } from '../sandbox/halo/seed.ts';
import { people } from '../sandbox/slack/workspace.ts';
import { Stage } from './stage.ts';

const agentId = 4;
const asked = { agentId, ownClientId: '2b6d9f04-7a1e-4c58-9d30-e5f8a1c7b246' };
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
  const facts = async (id = agentId) => {
    await stage.as('ben').types(stage.ops, `/neo-status ${id}`);
    return stage.slack.until('the facts', () => {
      const last = stage.as('ben').sees(stage.ops).at(-1);
      return last?.buttons.includes('Compare with the guide') === true && last;
    });
  };
  const ask = async (id = agentId) => {
    await stage.as('ben').press(await facts(id), 'Compare with the guide');
    return stage.slack.until(
      'the comparison',
      () => stage.whisper('ben').includes('✓') && stage.whisper('ben'),
    );
  };

  test('as the guide says', async () => {
    const told = await card(asTheGuideSays);
    expect(told).toContain('Its API application is ready for Neo too.');
    expect(told).toContain('Scopes: ✓ all:standard, all:teams, admin:webhooks');
    expect(told).not.toContain(asTheGuideSays.clientId);
  });

  test('`all` beside the right ones is too much', async () => {
    const told = await card({ ...asTheGuideSays, scopes: ['all', ...asTheGuideSays.scopes] });
    expect(told).toContain('Scopes: too many: all (not as Neo’s guide says)');
    expect(told).not.toContain('Its API application is ready for Neo too.');
  });

  test('`all` instead of the right ones: what is missing, and what is too much', async () => {
    const told = await card({ ...asTheGuideSays, scopes: ['all'] });
    expect(told).toContain('missing: all:standard, all:teams, admin:webhooks; too many: all');
  });

  test('an inactive one', async () => {
    const told = await card({ ...asTheGuideSays, inactive: true });
    expect(told).toContain('Application active: No (not as Neo’s guide says)');
  });

  test('one that people sign in by', async () => {
    const told = await card({ ...asTheGuideSays, grant_type: 'authorization_code' });
    expect(told).toContain('not Client ID and Secret (Services), as Neo’s guide says');
  });

  test('one of another agent is not this agent’s', async () => {
    const told = await card({ ...asTheGuideSays, loginas_agent_id: 8 });
    expect(told).toContain('None logs in as this agent yet.');
  });

  test('several: the nearest to the guide, and how many others', async () => {
    const told = await card({ ...asTheGuideSays, inactive: true, displayName: 'Old' }, asTheGuideSays);
    expect(told).toContain('Its API application is ready for Neo too. 1 more log in as it');
  });

  test('HaloPSA refuses the list: the card says so and where to look, and the agent is told all the same', async () => {
    stage = await Stage.open();
    stage.halo.fail({ path: '/api/Application' }, { kind: 'status', status: 403 }, Infinity);
    const told = await ask();
    expect(told).toContain(
      'I couldn’t check the API application: Signed in to HaloPSA, but this app isn’t allowed to read this',
    );
    expect(told).toContain('View Applications');
    expect(told).toMatch(/Reference: `[0-9a-f]{8}`/);
    expect(told).toContain('Account Active: ✓ Yes');
  });
});

describe('an agent that this app did not set up', () => {
  let stage: Stage;
  afterEach(() => stage.close());
  const shown = () => stage.as('ben').sees(stage.ops).at(-1);
  const facts = async (id: number) => {
    await stage.as('ben').types(stage.ops, `/neo-status ${id}`);
    return stage.slack.until(
      'the facts',
      () => shown()?.buttons.includes('Compare with the guide') && shown(),
    );
  };

  test('is shown by plain facts, without a word on the guide, and without asking for the applications', async () => {
    stage = await Stage.open();
    const { text } = await facts(agentId);
    expect(text).toContain('This app didn’t set it up.');
    expect(text).toMatch(/Account Active: Yes\n/);
    expect(text).toMatch(/Roles: /);
    expect(text).not.toMatch(/guide says|API application/);
    expect(stage.halo.journal.filter(({ path }) => path === '/api/Application')).toEqual([]);
  });

  test('without a default team: nothing is said of one, because HaloPSA does not', async () => {
    stage = await Stage.open();
    stage.halo.changeAgent(agentId, { team: '' });
    const { text } = await facts(agentId);
    expect(text).toContain('Timezone: ');
    expect(text).not.toContain('Default team');
  });

  describe('the one that this app signs in as', () => {
    const compared = async (own: string) => {
      await stage.as('ben').press(await facts(3), 'Compare with the guide');
      return stage.slack.until('the comparison', () => {
        const said = stage.whisper('ben');
        return said.includes(own) && said;
      });
    };
    const own = 'This app itself signs in to HaloPSA as this agent';

    test('its application is named as such, is not criticised, and is not Neo’s', async () => {
      stage = await Stage.open();
      const said = await compared(own);
      expect(said).not.toMatch(/Scopes:|too many/);
      expect(said).toContain('No other one logs in as this agent yet.');
    });

    test('another application that logs in as it is compared, and the own one still is not', async () => {
      stage = await Stage.open({ seed: { applications: [{ ...asTheGuideSays, loginas_agent_id: 3 }] } });
      const said = await compared(own);
      expect(said).toContain('API application: Neo Agent Integration');
      expect(said).not.toContain('1 more');
    });
  });

  test('whoever is a guest by now is not shown the comparison', async () => {
    stage = await Stage.open();
    const answer = await facts(agentId);
    stage.slack.changePerson(people.ben.id, { isGuest: true });
    stage.letTimePass(2 * 60_000);
    await stage.as('ben').press(answer, 'Compare with the guide');
    await stage.slack.until('the refusal', () => stage.whisper('ben').includes('guest'));
    expect(stage.whisper('ben')).not.toContain('guide says');
  });

  test('one that this app did set up is compared at once, as before', async () => {
    stage = await Stage.open();
    await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
    await stage.reply();
    await stage.as('ben').types(stage.ops, '/neo-status 9');
    await stage.slack.until('the answer', () => stage.whisper('ben').includes('✓'));
    expect(shown()?.buttons).not.toContain('Compare with the guide');
  });
});

describe('what HaloPSA doesn’t say is not guessed', () => {
  const silent: Application = {
    id: undefined,
    clientId: undefined,
    displayName: undefined,
    grant_type: undefined,
    inactive: undefined,
    loginas_agent_id: agentId,
    scopes: undefined,
  };

  test('a list without scopes, method and state', () => {
    expect(checkNeoApplication({ rows: [silent], isWhole: true }, asked)).toEqual({
      isOwnLogin: false,
      found: 'some',
      best: { name: undefined, isActive: undefined, isByClientSecret: undefined, scopes: undefined },
      others: 0,
    });
  });

  test('as whom an application logs in', () => {
    const unsaid = { ...silent, loginas_agent_id: undefined };
    expect(checkNeoApplication({ rows: [unsaid], isWhole: true }, asked)).toEqual({
      isOwnLogin: false,
      found: 'unknown',
      unsaid: 1,
    });
  });

  test('what other applications a list does not show', () => {
    expect(checkNeoApplication({ rows: [], isWhole: false }, asked)).toEqual({
      isOwnLogin: false,
      found: 'unknown',
      unsaid: 0,
    });
    expect(checkNeoApplication({ rows: [], isWhole: true }, asked)).toEqual({
      isOwnLogin: false,
      found: 'none',
    });
  });

  test.each([asked.ownClientId, asked.ownClientId.toUpperCase()])(
    'the Client ID of this app in whichever letters: %s',
    (clientId) => {
      const own = { ...silent, clientId, loginas_agent_id: agentId };
      expect(checkNeoApplication({ rows: [own], isWhole: true }, asked)).toEqual({
        isOwnLogin: true,
        found: 'none',
      });
    },
  );

  test('a list that may not be whole: the words count no applications that are not there', () => {
    const { lead } = applicationRows({ isOwnLogin: false, found: 'unknown', unsaid: 0 });
    expect(lead).toContain('HaloPSA may not list all of them');
    expect(lead).not.toMatch(/\b0\b/);
  });

  test('a scope without a name may be any', () => {
    const scopes = [{ name: 'all:standard' }, { name: undefined }];
    const told = checkNeoApplication({ rows: [{ ...silent, scopes }], isWhole: true }, asked);
    expect(told).toHaveProperty('best.scopes', undefined);
  });
});

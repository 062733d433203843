import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAgent, listAgents } from '../src/halo/agents.ts';
import { createHaloClient, type HaloClient } from '../src/halo/client.ts';
import { HaloError } from '../src/halo/errors.ts';
import { explainHalo } from '../src/views/halo-errors.ts';
import { LocalHalo } from '../sandbox/halo/local-halo.ts';
import { routeTo } from './edges.ts';

const origin = 'https://acme.halopsa.com';
const credentials = {
  clientId: '2b6d9f04-7a1e-4c58-9d30-e5f8a1c7b246',
  clientSecret: '8c2f61d4-93ab-4e07-b5d8-1f6a20c7e9b3-0d47a5e1-c86f-4b92-a3e0-7b19f5d2c684',
};

let halo: LocalHalo;
beforeEach(() => {
  nock.disableNetConnect();
  halo = new LocalHalo(credentials);
  routeTo(origin, (request) => halo.fetch(request));
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const read = (http: HaloClient): Promise<unknown> => listAgents(http);
const write = (http: HaloClient): Promise<unknown> =>
  createAgent(http, { name: 'Neo Agent', email: 'team@neoagent.io' });

type Case = {
  what: string;
  spoil: () => void;
  config?: { clientSecret?: string; scopes?: string };
  call: (http: HaloClient) => Promise<unknown>;
  says: RegExp;
  lookAt: RegExp;
};

const cases: Case[] = [
  {
    what: 'a wrong secret',
    spoil: () => {},
    config: { clientSecret: 'another' },
    call: read,
    says: /didn’t accept the Client ID and secret/,
    lookAt: /HALO_CLIENT_SECRET/,
  },
  {
    what: 'an application that was made inactive',
    spoil: () => {
      for (const application of halo.lists.applications) application.inactive = true;
    },
    call: read,
    says: /didn’t accept the Client ID and secret/,
    lookAt: /must be active/,
  },
  {
    what: 'a scope that is not granted',
    spoil: () => {},
    config: { scopes: 'edit:agents' },
    call: read,
    says: /doesn’t grant .* the scopes/,
    lookAt: /HALO_SCOPES/,
  },
  {
    what: 'a token without a scope',
    spoil: () => {
      halo.quirks.tokenScopes = [];
    },
    call: read,
    says: /its API doesn’t accept the token/,
    lookAt: /needs the permission/,
  },
  {
    what: 'a login agent that may not read',
    spoil: () => {
      halo.quirks.loginAgentMay = 'nothing';
    },
    call: read,
    says: /this app isn’t allowed to read this/,
    lookAt: /role of the agent that it logs in as/,
  },
  {
    what: 'a login agent that may read and not write',
    spoil: () => {
      halo.quirks.loginAgentMay = 'read';
    },
    call: write,
    says: /this app isn’t allowed to change agents/,
    lookAt: /must allow it to edit agents/,
  },
];

describe('why HaloPSA does not let us, as far as it tells', () => {
  test.each(cases)(
    '$what is told apart, with where to look',
    async ({ spoil, config, call, says, lookAt }) => {
      spoil();
      const http = createHaloClient(
        { baseUrl: origin, tenant: undefined, scopes: 'all', ...credentials, ...config },
        { admit: () => Promise.resolve(0) },
      );
      const error = await call(http).then(
        () => undefined,
        (failure: unknown) => failure,
      );
      if (!(error instanceof HaloError)) throw new Error('HaloPSA let us');
      const { what, next } = explainHalo(error);
      expect(what).toMatch(says);
      expect(next).toMatch(lookAt);
    },
  );
});

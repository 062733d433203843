import { afterEach, describe, expect, test } from 'vitest';
import { DoctorStage, type DoctorOptions } from './doctor-stage.ts';

let at: DoctorStage;
afterEach(() => at.close());
const examined = async (options: DoctorOptions = {}, plant: (at: DoctorStage) => void = () => {}) => {
  at = await DoctorStage.open(options);
  plant(at);
  return at.examine();
};
const answer = (path: string, status: number, body: unknown) => (stage: DoctorStage) => {
  stage.halo.fail({ path }, { kind: 'status', status, body: JSON.stringify(body) }, Infinity);
};

describe('the doctor says where it signed in, and what HaloPSA says of that', () => {
  test('at the usual place, which /api/AuthInfo names too', async () => {
    const { text } = await examined();
    expect(text).toMatch(
      /ok +HaloPSA sign-in +signed in at http:\S+\/auth\/token, the address HaloPSA gives/,
    );
  });

  test('elsewhere, as /api/AuthInfo says', async () => {
    const { text, well } = await examined({ halo: { preset: 'sign-in-elsewhere' } });
    expect(text).toMatch(/signed in at http:\S+\/login\/token, the address HaloPSA gives/);
    expect(well).toBe(true);
  });

  test('at HALO_AUTH_URL, while /api/AuthInfo names another: a note', async () => {
    const { text, well } = await examined({}, (stage) => {
      stage.env['HALO_AUTH_URL'] = `${stage.env['HALO_BASE_URL'] ?? ''}/auth`;
      answer('/api/AuthInfo', 200, { auth_url: 'https://auth.example/', tenant_id: 'acme' })(stage);
    });
    expect(text).toMatch(
      /note +HaloPSA sign-in .*the address in HALO_AUTH_URL, but .*AuthInfo gives https:\/\/auth\.example\/token/,
    );
    expect(well).toBe(true);
  });

  test('/api/AuthInfo gives no address: the usual place', async () => {
    const { text } = await examined({}, (stage) => {
      for (const path of ['/api/AuthInfo', '/api/InstanceInfo']) answer(path, 404, '')(stage);
    });
    expect(text).toMatch(/the default address under HALO_BASE_URL; \/api\/AuthInfo gives no address/);
  });

  test('HALO_BASE_URL ends in /api: all is well', async () => {
    const { text, well } = await examined({}, (stage) => {
      stage.env['HALO_BASE_URL'] = `${stage.env['HALO_BASE_URL'] ?? ''}/api/`;
    });
    expect(text).not.toMatch(/FAILED/);
    expect(text).toMatch(/ok +Clock against HaloPSA/);
    expect(well).toBe(true);
  });
});

describe('the doctor names what HaloPSA’s answers contained that could not be read', () => {
  test('rows of nulls: how many, and where', async () => {
    const { text, well } = await examined({ halo: { preset: 'null-rows' } });
    expect(text).toMatch(/note +HaloPSA answers +ignored values that couldn’t be read: \w+\[\d+\]/);
    expect(text).toMatch(/and \d+ more\n/);
    expect(text).toMatch(/ok +HaloPSA teams +7/);
    expect(well).toBe(true);
  });

  test('an odd property, by its name and type', async () => {
    const { text } = await examined(
      {},
      answer('/api/Team', 200, [{ id: 1, name: 'Service Desk', department_id: 'first' }]),
    );
    expect(text).toContain('teams[0].department_id: string, expected number');
  });

  test('ids as texts are read: nothing is left out', async () => {
    const { text, well } = await examined({ halo: { preset: 'odd-values' } });
    expect(text).not.toMatch(/HaloPSA answers|FAILED/);
    expect(well).toBe(true);
  });

  test('a list that is none: which property, and not the address', async () => {
    const { text } = await examined({}, answer('/api/Roles', 200, { rows: [] }));
    expect(text).toMatch(
      /FAILED +HaloPSA roles +HaloPSA gave an answer that this app doesn’t understand \(roles: object, expected array\)/,
    );
    expect(text).not.toContain('HALO_BASE_URL:');
  });
});

describe('what the app can do without is a note, and not a failure', () => {
  test.each([
    [
      '/api/Control',
      403,
      /note +HaloPSA password rules +Signed in to HaloPSA, but this app isn’t allowed to read this \(HTTP 403\)/,
    ],
    ['/api/InstanceInfo', 500, /note +HaloPSA version +HaloPSA could not be reached \(HTTP 500\)/],
  ])('%s answers %i', async (path, status, words) => {
    const { text, well } = await examined({}, answer(path, status, ''));
    expect(text).toMatch(words);
    expect(text).toMatch(/ok +HaloPSA agents/);
    expect(well).toBe(true);
  });

  test('counts of zero: HaloPSA doesn’t say how many licences are free', async () => {
    const { text, well } = await examined({ halo: { preset: 'build-2.236' } });
    expect(text).toMatch(/note +HaloPSA licences +HaloPSA doesn’t say how many are free/);
    expect(text).toMatch(/ok +HaloPSA version +2\.236\.133/);
    expect(well).toBe(true);
  });
});

test('agents that are seen stand against those that HaloPSA counts', async () => {
  const { text } = await examined();
  expect(text).toMatch(/ok +HaloPSA agents +\d+; HaloPSA counts 4\n/);
});

test.each([
  [
    'at the sign-in',
    '/auth/token',
    /FAILED +HaloPSA sign-in +Something other than HaloPSA answered at .* \(HTTP 403\)/,
  ],
  [
    'at a list',
    '/api/Roles',
    /FAILED +HaloPSA roles +Something other than HaloPSA answered at .* \(HTTP 403\)/,
  ],
])('a page in front of HaloPSA %s is not blamed on the application’s rights', async (_where, path, words) => {
  const { text } = await examined({}, (stage) => {
    stage.halo.fail({ path }, { kind: 'status', status: 403, body: '<html>Blocked</html>' }, Infinity);
  });
  expect(text).toMatch(words);
  expect(text).not.toMatch(/Client ID|check the role/);
});

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planNamed } from '../request-model.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'neo-setup-copy-'));
  for (const part of ['src', 'package.json', 'tsconfig.json'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterEach(() => {
  rmSync(copy, { recursive: true, force: true });
});

const read = (file: string) => readFileSync(join(copy, file), 'utf8');
const edit = (file: string, change: (text: string) => string) => {
  writeFileSync(join(copy, file), change(read(file)));
};
/** Takes the files away, and their lines in the folder's index.ts. */
const remove = (folder: string, definitions: Record<string, string>) => {
  for (const [file, name] of Object.entries(definitions)) {
    rmSync(join(copy, `src/${folder}/${file}.ts`));
    edit(`src/${folder}/index.ts`, (text) =>
      text.replace(`import { ${name} } from './${file}.ts';\n`, '').replace(`  ${name},\n`, ''),
    );
  }
};
/** The file as CONTRIBUTING.md has it. */
const writeExample = (file: string) => {
  const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const code = page.split('```ts\n').find((part) => part.startsWith(`// ${file}\n`));
  writeFileSync(join(copy, file), code?.split('```')[0] ?? '');
};
const run = (...args: string[]) => {
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
  return { said: stdout, status };
};
const typesOfSrc = () => {
  edit('tsconfig.json', (json) => json.replace(/"include": \[.*\]/, '"include": ["src"]'));
  return run('node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false');
};

/** Files of src in which the copy differs from the project. */
const filesTouched = () =>
  readdirSync(join(copy, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => {
      try {
        return readFileSync(join(root, 'src', file), 'utf8') !== read(join('src', file));
      } catch {
        return true;
      }
    });

/** Those outside src/halo, where HaloPSA's own names are. */
const sourcesWith = (named: RegExp) =>
  readdirSync(join(copy, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('halo/'))
    .filter((file) => named.test(read(join('src', file))));

/** By its file, and the name that index.ts has for it. An agent is recognised by its name and address: they stay. */
const removable = {
  roles: 'roles',
  'account-active': 'accountActive',
  'api-only': 'apiOnly',
  teams: 'teams',
  'default-team': 'defaultTeam',
  'working-hours': 'workingHours',
  timezone: 'timezone',
};

describe('a field is one file', () => {
  test('without its file and its lines in index.ts, nothing else knows of it', () => {
    remove('fields', removable);
    for (const file of ['role-rights', 'role-recheck']) rmSync(join(copy, `src/fields/${file}.ts`));
    expect(typesOfSrc()).toEqual({ said: '', status: 0 });
    const labels = /'(Roles|Account Active|Is an API-only Agent|Teams|Default team|Working Hours|Timezone)'/;
    const ids =
      /'(isActive|isApiOnly|defaultTeam|workday|timeZone)'|plan\.(roles|teams|isActive|workday|timeZone)\b/;
    const naming = sourcesWith(labels).concat(sourcesWith(ids));
    expect(naming).toEqual([]);
  });

  test('Job Title: one file, one line in index.ts, one property in halo/agents.ts', () => {
    writeExample('src/fields/job-title.ts');
    edit('src/fields/index.ts', (text) =>
      text
        .replace('import { name }', "import { jobTitle } from './job-title.ts';\nimport { name }")
        .replace('  password,\n', '  password,\n  jobTitle,\n'),
    );
    edit('src/halo/agents.ts', (text) =>
      text
        .replace('  team: optionalText,\n', '  team: optionalText,\n  jobtitle: optionalText,\n')
        .replace('  team?: string;\n', '  team?: string;\n  jobtitle?: string;\n'),
    );
    expect(typesOfSrc()).toEqual({ said: '', status: 0 });
    expect(filesTouched().sort()).toEqual(['fields/index.ts', 'fields/job-title.ts', 'halo/agents.ts']);
    writeFileSync(join(copy, 'shows.ts'), shows);
    expect(JSON.parse(run('--import', 'tsx', 'shows.ts').said)).toEqual({
      inForm: true,
      entered: ['Technician'],
      rows: 'Job Title: Technician',
      sent: 'Technician',
      readBack: { field: 'jobTitle', planned: 'Technician', reported: 'Clerk', outcome: 'different' },
      withoutIt: true,
    });
  });
});

/** By its file, and the name that index.ts has for it. Edit stays: the form of `/neo-setup` calls it when it is submitted. */
const actions = {
  stop: 'stop',
  approve: 'approve',
  deny: 'deny',
  ask: 'ask',
  withdraw: 'withdraw',
  'check-again': 'checkAgain',
  'try-again': 'tryAgain',
  'create-anyway': 'createAnyway',
};

describe('an action is one file', () => {
  test('without its file and its lines in index.ts, nothing else knows of it', () => {
    remove('actions', actions);
    expect(typesOfSrc()).toEqual({ said: '', status: 0 });
    const named =
      /(approve|deny|withdraw|stop|try|check)_request|request_again|ask_requester|'(Approve|Deny|Withdraw|Stop|Try again|Check again|Ask a question)'/;
    expect(sourcesWith(named)).toEqual([]);
  });

  test('one that only says something: one file, one line in index.ts', () => {
    writeExample('src/actions/nudge.ts');
    edit('src/actions/index.ts', (text) =>
      text
        .replace('import { stop }', "import { nudge } from './nudge.ts';\nimport { stop }")
        .replace('  withdraw,\n', '  withdraw,\n  nudge,\n'),
    );
    expect(typesOfSrc()).toEqual({ said: '', status: 0 });
    expect(filesTouched().sort()).toEqual(['actions/index.ts', 'actions/nudge.ts']);
    writeFileSync(join(copy, 'offers.ts'), offers);
    expect(JSON.parse(run('--import', 'tsx', 'offers.ts').said)).toEqual({
      onCard: ['Approve', 'Deny', 'Ask a question', 'Edit', 'Withdraw', 'Nudge'],
      inHistory: { did: 'asked for a decision', tried: 'tried to ask for a decision' },
    });
  });
});

/** What the card and the history make of an action that they don't know. */
const offers = `
import { actsInWords, offeredOn } from './src/actions/index.ts';
import { requestSchema } from './src/requests/request.ts';
const plan = ${JSON.stringify(planNamed('Neo Agent'))};
const request = requestSchema.parse({
  id: '0b7f6a52-4c1d-4e8f-9a36-d5c20e917b84', teamId: 'T07QH4M2K1A', number: 1, state: 'pending', version: 1, plan,
  planHash: '', note: '', requester: 'U07ANA3L9QX', channel: 'C07MSPOPS11', createdAt: 1, expiresAt: 2, updatedAt: 1, adopted: false,
});
console.log(JSON.stringify({ onCard: offeredOn(request).map(({ text }) => text), inHistory: actsInWords.get('nudged') }));
`;

/** What the form, its reader, the card, the create and the read-back make of a field that they don't know. */
const shows = `
import { planRows } from './src/views/plan-rows.ts';
import { readSetupModal } from './src/views/read-setup-modal.ts';
import { setupModal } from './src/views/setup-modal.ts';
import { agentFields, compareWithPlan } from './src/provisioning/read-back.ts';
import { hashPlan, planSchema } from './src/requests/plan.ts';
const form = setupModal({ channel: 'C1', requester: undefined, requesterCameLate: false, notices: [], filled: undefined, edited: undefined });
const values = { job_title: { input: { value: ' Technician ' } }, note: { input: { value: '' } } };
const { entered } = readSetupModal({ id: 'V1', private_metadata: form.private_metadata, state: { values } }).form;
const before = ${JSON.stringify(planNamed('Neo Agent'))};
const plan = planSchema.parse({ ...before, jobTitle: 'Technician' });
const rows = planRows({ plan }).map(({ label, value }) => \`\${label}: \${value}\`);
console.log(JSON.stringify({
  inForm: form.blocks.some((block) => 'label' in block && block.label?.text === 'Job Title'),
  entered: entered.get('jobTitle'),
  rows: rows.find((row) => row.startsWith('Job Title')),
  sent: agentFields(plan).jobtitle,
  readBack: compareWithPlan(plan, { id: 1, jobtitle: 'Clerk' }).find(({ field }) => field === 'jobTitle'),
  withoutIt: hashPlan(planSchema.parse(before)) === hashPlan(planSchema.parse({ ...before, jobTitle: undefined })),
}));
`;

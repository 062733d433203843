import { channels, people, teamId } from '../sandbox/slack/workspace.ts';

/** The tables as version 1 made them. Never edited: a stored request of that time must go on for ever. */
export const tables = `
  create table request (
    id text primary key, dedupe_key text not null unique, team_id text not null, number integer not null,
    state text not null, version integer not null, agent_id integer, created_at bigint not null,
    updated_at bigint not null, data text not null, constraint request_number_once unique (team_id, number));
  create table request_number (team_id text primary key, number integer not null);
  create table task (
    key text primary key, request_id text not null references request (id), kind text not null,
    payload text not null, due_at bigint not null, attempts integer not null default 0, lease_id text,
    lease_until bigint, last_error text);
  create index task_due on task (due_at);
  create table event (request_id text not null references request (id), at bigint not null, what text not null, "by" text);
  create table schema_version (version integer);
  insert into schema_version values (1);`;

const hour = 3_600_000;
const asked = Date.now() - hour;
const common = {
  teamId,
  note: '',
  requester: people.ana.id,
  channel: channels.ops.id,
  createdAt: asked,
  expiresAt: asked + 72 * hour,
  adopted: false,
};
const plan = (name: string, email: string) => ({
  name,
  email,
  roles: [{ id: 'a1d7e9b0-2c43-4f7e-8d55-0b6f3c9e7a22', name: '1st Line Support', isAdministrator: false }],
  isActive: true,
  teams: [{ id: 1, name: '1st Line', departmentId: 1, departmentName: 'Service Desk' }],
  workday: { id: 2, name: 'Sydney desk', hours: 'Mon–Fri 8:30–17:30' },
  timeZone: { iana: 'Australia/Sydney', windowsId: 'AUS Eastern Standard Time' },
});
const pendingHash = 'cc2935b44477167b756b671c59027113c3053ed37040623d6e13b7a9ff5512f6';
const approvedHash = 'db6ce282adba97e8ef946d3a4c395188db9f440130ceb0f957ff3b3a579fe53e';
export const pending = {
  ...common,
  id: '6f1d2c3e-58a7-4b90-9c1e-2d7f0a4b8e61',
  number: 1,
  state: 'pending',
  version: 1,
  plan: plan('Neo Agent', 'team@neoagent.io'),
  planHash: pendingHash,
  updatedAt: asked,
};
export const approved = {
  ...common,
  id: 'b3a9e7d4-0c56-4f12-8e3b-91c7d5f2a608',
  number: 2,
  state: 'approved',
  version: 2,
  plan: plan('Neo Agent Nights', 'nights@neoagent.io'),
  planHash: approvedHash,
  updatedAt: asked + 60_000,
  decision: {
    by: people.ben.id,
    at: asked + 60_000,
    kind: 'approved',
    reason: '',
    planHash: approvedHash,
  },
};

export const agentId = 900;
/** Ended, and its agent was read back. Not among `rows`: nothing of it was left to do in version 1. */
export const done = {
  ...approved,
  id: '0d4b7a16-93ce-4e85-a2f7-58c1e60b9d37',
  number: 3,
  state: 'done',
  plan: plan('Neo Agent Days', 'days@neoagent.io'),
  agentId,
  updatedAt: asked - 72 * hour,
};
export const doneRowOf = (request: typeof done) =>
  `insert into request values ('${request.id}', 'view:V07QH${request.number}', '${teamId}', ${request.number}, 'done', 2,
    ${request.agentId}, ${request.createdAt}, ${request.updatedAt}, '${JSON.stringify(request)}');`;
export const doneRow = doneRowOf(done);
/** Altered by hand. */
export const brokenRow = `insert into request values ('9c5e0b7a-4d21-4f68-b3a9-1e7d60c8f245', 'view:V07QH9', '${teamId}', 9, 'done', 2,
    null, ${asked}, ${asked}, 'broken');`;

const requestRow = (request: typeof pending | typeof approved) =>
  `insert into request values ('${request.id}', 'view:V07QH${request.number}', '${teamId}', ${request.number}, '${request.state}',
    ${request.version}, null, ${request.createdAt}, ${request.updatedAt}, '${JSON.stringify(request)}');
  insert into event values ('${request.id}', ${asked}, 'submitted', '${people.ana.id}');`;
const taskRow = (id: string, key: string, kind: string, dueAt: number, attempts = 0) =>
  `insert into task (key, request_id, kind, payload, due_at, attempts) values ('${id}:${key}', '${id}', '${kind}', '', ${dueAt}, ${attempts});`;

/** One waits for its decision. The other was approved in a card that was posted without Slack’s answer coming back. */
export const rows = [
  `insert into request_number values ('${teamId}', 2);`,
  requestRow(pending),
  taskRow(pending.id, 'card', 'post_card', asked),
  taskRow(pending.id, 'expire', 'expire', pending.expiresAt),
  requestRow(approved),
  taskRow(approved.id, 'card', 'post_card', asked, 1),
  taskRow(approved.id, 'expire', 'expire', approved.expiresAt),
  taskRow(approved.id, 'provision:2', 'provision', approved.updatedAt),
].join('\n');

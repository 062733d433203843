/** Tables as Kysely sees them. Times are epoch milliseconds, JSON is text: the same SQL on every store. */
export type Schema = {
  request: RequestTable;
  request_number: RequestNumberTable;
  task: TaskTable;
  event: EventTable;
  /** When the next call of this name would be on time, had all of them come evenly. */
  limiter: { name: string; next_at: number };
  schema_version: { version: number };
};

type RequestTable = {
  id: string;
  /** Slack's view id: a submission that Slack delivers twice makes one request. */
  dedupe_key: string;
  team_id: string;
  number: number;
  state: string;
  version: number;
  agent_id: number | null;
  created_at: number;
  updated_at: number;
  /** The whole request. The columns above repeat what is searched for. */
  data: string;
};

/** The last number given out in a workspace. */
type RequestNumberTable = { team_id: string; number: number };

export type TaskTable = {
  key: string;
  request_id: string;
  kind: string;
  payload: string;
  due_at: number;
  attempts: number;
  lease_id: string | null;
  lease_until: number | null;
  last_error: string | null;
};

type EventTable = { request_id: string; at: number; what: string; by: string | null };

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Invented; they open nothing but this bench. */
export const credentials = {
  botToken: 'xoxb-bench-bot-token',
  appToken: 'xapp-bench-app-token',
  signingSecret: 'bench-signing-secret',
  clientId: 'bench-client-id',
  clientSecret: 'bench-client-secret',
};

export const personId = (index: number) => `U07BENCH${String(index).padStart(6, '0')}`;

/** Milliseconds of the one clock that all processes of a machine share. Only differences mean anything. */
export const clock = () => Number(process.hrtime.bigint()) / 1e6;

/** What the process says when it answers: the event brings a handle too. */
const addressesSchema = z.tuple([z.object({ slackUrl: z.url(), haloUrl: z.url() })]).rest(z.unknown());

/** `at`: when each `views.open` arrived, by `clock`. `refused`: Slack's code for each form that it did not open. */
const openedSchema = z.object({ at: z.array(z.number()), refused: z.array(z.string()) });
export type Opened = z.infer<typeof openedSchema>;

/** Where an app may answer to a command later; nobody reads it. */
export const responsePath = '/bench/response';

export type Outside = {
  slackUrl: string;
  haloUrl: string;
  /** A new trigger_id for each of these people. */
  triggers: (userIds: readonly string[]) => Promise<string[]>;
  /** Resolves when a form was to be opened with each of these triggers, and the app does nothing more. */
  opened: (triggers: readonly string[]) => Promise<Opened>;
  stop: () => void;
};

/** Starts the local Slack, with so many people, and the local HaloPSA in another process. */
export async function startOutside(people: number): Promise<Outside> {
  const script = fileURLToPath(new URL('outside-process.ts', import.meta.url));
  const child = fork(script, [String(people)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [urls] = addressesSchema.parse(await once(child, 'message'));
  const ask = async <T>(what: string, ids: readonly string[], answer: z.ZodType<T>): Promise<T> => {
    const response = await fetch(`${urls.slackUrl}/bench/${what}`, {
      method: 'POST',
      body: JSON.stringify(ids),
    });
    if (!response.ok) throw new Error(`The process of the local Slack did not answer: ${response.status}`);
    return answer.parse(await response.json());
  };
  return {
    ...urls,
    triggers: (userIds) => ask('triggers', userIds, z.array(z.string())),
    opened: (triggers) => ask('opened', triggers, openedSchema),
    stop: () => {
      child.disconnect();
    },
  };
}

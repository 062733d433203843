import { z } from 'zod';
import type { BlockKitError } from '../kit.ts';
import type { Channel } from '../model.ts';
import type { Screens } from '../screens.ts';
import type { Store } from '../store.ts';

export type Args = Record<string, unknown>;
export type Answer = { ok: boolean; error?: string } & Record<string, unknown>;

/** What a method may use of this Slack. */
export type Inside = { store: Store; screens: Screens };

export type Method = {
  /** Undefined: every token of the app may call it. */
  scope: (inside: Inside, args: Args) => string | undefined;
  run: (inside: Inside, args: Args) => Answer;
};

/** A method whose arguments were checked before it runs. */
export function method<Schema extends z.ZodType>(spec: {
  scope?: string | Method['scope'];
  args: Schema;
  run: (inside: Inside, args: z.output<Schema>) => Answer;
}): Method {
  const { scope } = spec;
  return {
    scope: typeof scope === 'function' ? scope : () => scope,
    run: (inside, args) => {
      const parsed = spec.args.safeParse(args);
      return parsed.success
        ? spec.run(inside, parsed.data)
        : refuse('invalid_arguments', complaints(parsed.error));
    },
  };
}

/** `ok: false`, with Slack's complaints where SDKs look for them. */
export function refuse(error: string, messages: readonly string[] = []): Answer {
  return { ok: false, error, ...(messages.length > 0 && { response_metadata: { messages: [...messages] } }) };
}

export function refuseBlocks(error: string, errors: readonly BlockKitError[]): Answer {
  return refuse(
    error,
    errors.map(({ message }) => message),
  );
}

function complaints(error: z.ZodError): string[] {
  return error.issues.map(
    ({ message, path }) => `[ERROR] ${message} [json-pointer:/${path.map(String).join('/')}]`,
  );
}

/** A flag in a form is text, in a JSON body it is none. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .default(false)
  .transform((value) => value === true || value === 'true' || value === '1');

export const pageSize = (most: number) => z.coerce.number().int().min(1).max(most).default(100);

/** The scope depends on the kind of channel. One that does not exist passes for a public one. */
export function scopeByChannel(right: 'read' | 'history'): Method['scope'] {
  return ({ store }, args) => {
    const channel = store.channels.get(String(args['channel']));
    const kind = channel?.isIm === true ? 'im' : channel?.isPrivate === true ? 'groups' : 'channels';
    return `${kind}:${right}`;
  };
}

/** The channel as far as the bot knows of it: a private one that it is not in does not exist. */
export function visibleChannel(store: Store, id: string): Channel | undefined {
  const channel = store.channels.get(id);
  const isHidden = channel?.isPrivate === true || channel?.isIm === true;
  return channel === undefined || (isHidden && !store.isBotIn(channel)) ? undefined : channel;
}

import { z } from 'zod';
import { checkBlocks, checkHome, checkView, type Checked } from '../block-kit.ts';
import { scopesOfBlocks } from '../block-kit/surfaces.ts';
import { readJson } from '../json.ts';
import { refuse, type Answer, type Args, type Method, type Slack } from './answer.ts';

export const blockMethods: Record<string, Method> = {
  'blocks.validate': { tier: 'special', isOpen: true, run: validate },
};

const maxCharacters = 100_000;
/** Without a token there are no scopes that could be missing. */
const allowed = { scopes: scopesOfBlocks };

const homeSchema = z.object({ type: z.literal('home') });
const messageSchema = z.object({ blocks: z.unknown().default([]) });
const kinds = ['blocks', 'view', 'message'] as const;

/**
 * Slack's validator of Block Kit: takes exactly one of `blocks`, `view` and `message`, as JSON of at most
 * 100,000 characters, and checks it as `chat.*` and `views.*` do. A pointer starts at the argument:
 * `/0/text/type` in `blocks`, `/blocks/0/text/type` in the others.
 * Source: docs.slack.dev/reference/methods/blocks.validate. It shows one code and the constraint `enum` alone,
 * so every issue has that code here, and only what is enumerated has a constraint.
 */
function validate(_slack: Slack, args: Args): Answer {
  const [kind, ...more] = kinds.filter((name) => args[name] !== undefined);
  if (kind === undefined || more.length > 0)
    return refuse('invalid_arguments', ['must provide exactly one of `blocks`, `view`, or `message`']);
  const text = String(args[kind]);
  const json = Array.from(text).length > maxCharacters ? undefined : readJson(text);
  if (json === undefined)
    return refuse('invalid_arguments', [`\`${kind}\` must be JSON of at most ${maxCharacters} characters`]);
  const checked = checkAs(kind, json.value);
  if (!('errors' in checked)) return { ok: true };
  const root = kind === 'message' ? '/blocks' : '';
  const issues = checked.issues.length > 0 ? checked.issues : [{ pointer: '', message: checked.error }];
  return {
    ok: false,
    error: `invalid_${kind}`,
    errors: issues.map((issue) => ({
      code: 'failed_constraint',
      ...issue,
      pointer: `${root}${issue.pointer}`,
    })),
  };
}

function checkAs(kind: (typeof kinds)[number], value: unknown): Checked<unknown> {
  switch (kind) {
    case 'blocks':
      return checkBlocks(value, allowed);
    case 'view':
      return (homeSchema.safeParse(value).success ? checkHome : checkView)(value, allowed);
    case 'message':
      return checkBlocks(messageSchema.safeParse(value).data?.blocks, allowed);
  }
}

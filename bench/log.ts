import { z } from 'zod';

/** pino's numbers. */
const warn = 40;
const names = new Map([
  [40, 'warn'],
  [50, 'error'],
  [60, 'fatal'],
]);

const lineSchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('no JSON');
      return z.NEVER;
    }
  })
  .pipe(
    z.object({
      level: z.number(),
      msg: z.string().default(''),
      err: z.object({ message: z.string() }).optional(),
    }),
  );

export const troubleSchema = z.object({
  what: z.string(),
  times: z.number(),
  /** The whole line of the first time. */
  first: z.string(),
});
export type Trouble = z.infer<typeof troubleSchema>;

/** Where it is no log, a line may go on in the next ones: of a stack, or of an object. */
const goesOn = /^(\s|\}|$)/;

/** What a process logged at level warn or above, and whatever it wrote that is no log line, each once. */
export function troubleIn(output: string): Trouble[] {
  const found = new Map<string, Trouble>();
  for (const line of output.split('\n').filter((text) => !goesOn.test(text))) {
    const what = troubleOf(line);
    if (what === undefined) continue;
    const known = found.get(what) ?? { what, times: 0, first: line };
    found.set(what, { ...known, times: known.times + 1 });
  }
  return [...found.values()];
}

function troubleOf(line: string): string | undefined {
  const { data } = lineSchema.safeParse(line);
  if (data === undefined) return line;
  if (data.level < warn) return undefined;
  const cause = data.err === undefined ? '' : `: ${data.err.message}`;
  // One that says how many seconds to wait is the same as the next one, with a second less.
  return `${names.get(data.level) ?? data.level}: ${data.msg}${cause.replace(/\d+/g, '…')}`;
}

import { z } from 'zod';

/** Which request a modal is about, and which plan was shown where its button was pressed. */
export type RequestShown = { requestId: string; shown: string | undefined };

const schema = z.object({ requestId: z.uuid(), shown: z.string().optional() });

/** For a modal's `private_metadata`. */
export function requestShown(of: RequestShown): string {
  return JSON.stringify(of);
}

export const readRequestShown = z
  .string()
  .transform((json): RequestShown => ({ shown: undefined, ...schema.parse(JSON.parse(json)) }));

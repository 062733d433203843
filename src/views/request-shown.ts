import { z } from 'zod';

/**
 * Where a button stood: in a channel, where the card tells everybody what became of it; on a page that one person
 * asked for; on their Home tab; or in a direct message to them.
 */
const places = ['channel', 'page', 'home', 'direct'] as const;
export type Place = (typeof places)[number];

/** Which request a modal is about, and which plan was shown where its button was pressed. */
export type RequestShown = { requestId: string; shown: string | undefined; place: Place };

/** A modal that was opened before this was told came from a card. */
export const placeSchema = z.enum(places).default('channel');

const schema = z.object({ requestId: z.uuid(), shown: z.string().optional(), place: placeSchema });

/** For a modal's `private_metadata`. */
export function requestShown({ requestId, shown, place }: RequestShown): string {
  return JSON.stringify({ requestId, shown, place });
}

export const readRequestShown = z
  .string()
  .transform((json): RequestShown => ({ shown: undefined, ...schema.parse(JSON.parse(json)) }));

import { z } from 'zod';
import type { HaloClient } from './client.ts';
import { readerOf } from './lenient.ts';
import { flag, integer, optional } from './shapes.ts';

const controlSchema = z.object({
  password_char_length: optional(integer),
  forcestrongpasswords: optional(flag),
});

/** The tenant's rules for passwords, as far as HaloPSA tells. */
export type Control = z.infer<typeof controlSchema>;

/** The tenant's settings; those that bear on a new agent. May be repeated. @throws {HaloError} */
export function getControl(http: HaloClient): Promise<Control> {
  return http.get('/api/Control', {}, readerOf(controlSchema));
}

import { z } from 'zod';
import type { HaloClient } from './client.ts';
import { optional } from './shapes.ts';

const controlSchema = z.object({
  password_char_length: optional(z.int()),
  forcestrongpasswords: optional(z.boolean()),
});

/** The tenant's rules for passwords, as far as HaloPSA tells. */
export type Control = z.infer<typeof controlSchema>;

/** The tenant's settings; those that bear on a new agent. May be repeated. @throws {HaloError} */
export function getControl(http: HaloClient): Promise<Control> {
  return http.get('/api/Control', {}, controlSchema);
}

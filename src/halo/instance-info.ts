import { z } from 'zod';
import type { HaloClient } from './client.ts';
import { optional } from './shapes.ts';

const instanceInfoSchema = z.object({
  /** The instance, as HaloPSA's hosting names it. */
  dbid: optional(z.string()),
  app_version: optional(z.string()),
  agent_count: optional(z.int()),
  licensed_agent_count: optional(z.int()),
});

export type InstanceInfo = z.infer<typeof instanceInfoSchema>;

/** Version and licences. May be repeated. @throws {HaloError} */
export function getInstanceInfo(http: HaloClient): Promise<InstanceInfo> {
  return http.get('/api/InstanceInfo', {}, instanceInfoSchema);
}

/** Named licences that nobody uses. Undefined: HaloPSA does not say. */
export function licencesFree(info: InstanceInfo): number | undefined {
  const { licensed_agent_count: all, agent_count: used } = info;
  return all === undefined || used === undefined ? undefined : all - used;
}

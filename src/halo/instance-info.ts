import { z } from 'zod';
import type { HaloClient } from './client.ts';
import { readerOf } from './lenient.ts';
import { integer, optional, optionalText, text } from './shapes.ts';

const instanceInfoSchema = z.object({
  /** The name of the tenant. `dbid` was seen to be a GUID, which tells nobody anything. */
  tenant_id: optional(text),
  app_version: optionalText,
  agent_count: optional(integer),
  licensed_agent_count: optional(integer),
});

export type InstanceInfo = z.infer<typeof instanceInfoSchema>;

/** Version and licences. May be repeated. @throws {HaloError} */
export function getInstanceInfo(http: HaloClient): Promise<InstanceInfo> {
  return http.get('/api/InstanceInfo', {}, readerOf(instanceInfoSchema));
}

/**
 * Named licences that nobody uses. Undefined: HaloPSA doesn’t say. A tenant in production was seen to count no agents and
 * no licences at all, and with concurrent licences there are more agents than licences.
 */
export function licencesFree(info: InstanceInfo): number | undefined {
  const { licensed_agent_count: all, agent_count: used } = info;
  if (all === undefined || used === undefined) return undefined;
  return all > 0 && used >= 0 && used <= all ? all - used : undefined;
}

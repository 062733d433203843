import { z } from 'zod';
import type { HaloClient } from './client.ts';
import { readList, type Listed } from './lists.ts';
import { optional } from './shapes.ts';

const applicationSchema = z.object({
  id: optional(z.union([z.string(), z.number()])),
  displayName: optional(z.string()),
  /** `client_credentials`: Client ID and Secret (Services). */
  grant_type: optional(z.string()),
  inactive: optional(z.boolean()),
  loginas_agent_id: optional(z.int()),
  /** In HaloPSA's specification; whether the list reports it was never seen. */
  scopes: optional(z.array(z.object({ name: optional(z.string()) }))),
});

export type Application = z.infer<typeof applicationSchema>;

/** The API applications, without their secrets. May be repeated. @throws {HaloError} */
export function listApplications(http: HaloClient): Promise<Listed<Application>> {
  return readList(http, '/api/Application', {}, applicationSchema);
}

import { z } from 'zod';
import type { HaloClient } from './client.ts';
import { readList, type Listed } from './lists.ts';
import { flag, integer, optional, optionalText, text } from './shapes.ts';

const applicationSchema = z.object({
  id: optional(text),
  clientId: optionalText,
  displayName: optionalText,
  /** `client_credentials`: Client ID and Secret (Services). */
  grant_type: optionalText,
  inactive: optional(flag),
  loginas_agent_id: optional(integer),
  /** In HaloPSA's specification; whether the list reports it was never seen. */
  scopes: optional(z.array(z.object({ name: optionalText }))),
});

export type Application = z.infer<typeof applicationSchema>;

/** The API applications, without their secrets. May be repeated. @throws {HaloError} */
export function listApplications(http: HaloClient): Promise<Listed<Application>> {
  return readList(http, { path: '/api/Application', name: 'applications' }, applicationSchema);
}

/**
 * How sure a property is. `live`: seen in answers of real tenants. `spec`: in HaloPSA's own specification.
 * `client`: in the code of a client that people use. `inferred`: follows from these. `unknown`: nothing tells.
 */
type Certainty = 'live' | 'spec' | 'client' | 'inferred' | 'unknown';
/** `moment`: a date and time without a zone. */
export type PropertyType = 'int' | 'text' | 'flag' | 'guid' | 'moment' | { listOf: ModelName };
export type Model = Record<string, readonly [PropertyType, Certainty]>;

export type ModelName =
  | 'agentRow'
  | 'agent'
  | 'me'
  | 'claim'
  | 'agentWrite'
  | 'roleReference'
  | 'teamReference'
  | 'membership'
  | 'departmentMembership'
  | 'agentDepartment'
  | 'agentRole'
  | 'role'
  | 'roleDetails'
  | 'team'
  | 'teamDetails'
  | 'workday'
  | 'application'
  | 'applicationScope'
  | 'control'
  | 'instanceInfo'
  | 'authInfo'
  | 'token';

/** What another answer shows of the same thing is likely here, and was not seen here. */
export function asInferred(model: Model): Model {
  return Object.fromEntries(Object.entries(model).map(([name, [type]]) => [name, [type, 'inferred']]));
}

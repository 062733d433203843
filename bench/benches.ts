import { ack } from './ack.ts';
import { bigTenant } from './big-tenant.ts';
import { bigWorkspace } from './big-workspace.ts';
import { gate } from './gate.ts';
import { history } from './history.ts';
import { jobs } from './jobs.ts';
import { startAndMemory } from './process.ts';
import type { Report } from './report.ts';

/** Every bench, in the order in which they run. */
export const benches: Record<string, () => Promise<Report>> = {
  ack,
  jobs,
  history,
  gate,
  'big-tenant': bigTenant,
  'big-workspace': bigWorkspace,
  process: startAndMemory,
};

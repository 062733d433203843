import { readFileSync } from 'node:fs';

/** The most memory that this process ever held, in megabytes, as Linux counts it. */
export function peakMb(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid ?? 'none'}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1_000;
}

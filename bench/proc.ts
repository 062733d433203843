import { existsSync, readdirSync, readFileSync } from 'node:fs';

/**
 * Megabytes in memory (VmRSS) of a process, with those of the compiler's processes that tsx keeps beside it.
 * Undefined where there is no /proc.
 */
export function memoryOf(pid: number | undefined): number | undefined {
  return isKnown(pid) ? residentOf(String(pid)) : undefined;
}

/** Milliseconds of processor time that a process has used since its start. Undefined where there is no /proc. */
export function cpuOf(pid: number | undefined): number | undefined {
  if (!isKnown(pid)) return undefined;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[userTicks]) + Number(fields[systemTicks])) * msPerTick;
}

/** Places after the name, which may hold blanks: see proc(5). Linux counts hundredths of a second. */
const userTicks = 11;
const systemTicks = 12;
const msPerTick = 10;

function isKnown(pid: number | undefined): pid is number {
  return pid !== undefined && existsSync(`/proc/${pid}/status`);
}

function residentOf(pid: string): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return children.reduce((sum, child) => sum + residentOf(child), Number(kilobytes) / 1024);
}

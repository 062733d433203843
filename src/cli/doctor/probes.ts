import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Finding } from './finding.ts';

/** What the probe learned, by the version of HaloPSA. `at`: ISO date of the day. */
const probesSchema = z.object({ probes: z.record(z.string(), z.looseObject({ at: z.iso.date() })) });
export type Probes = z.infer<typeof probesSchema>['probes'];

/** HaloPSA brings a beta about every two weeks; reports of older ones are of no use. */
const maxVersions = 20;

function fileIn(dataDir: string): string {
  return join(dataDir, 'halo-probe.json');
}

/** The probes of this installation. Empty: there was none, or what is there can't be read. */
export function readProbes(dataDir: string): Probes {
  try {
    return probesSchema.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8'))).probes;
  } catch {
    return {};
  }
}

/** Keeps what was learned of this version, in place of what was learned of it before. @returns the file; undefined: there is no such folder. @throws errors of the file system */
export function keepProbe(
  dataDir: string,
  { report, version, at }: { report: object; version: string | undefined; at: Date },
): string | undefined {
  if (!existsSync(dataDir)) return undefined;
  const others = Object.entries(readProbes(dataDir)).filter(([one]) => one !== (version ?? ''));
  const kept = others.slice(1 - maxVersions);
  const probes = { ...Object.fromEntries(kept), [version ?? '']: { at: day(at), ...report } };
  writeFileSync(fileIn(dataDir), `${JSON.stringify({ probes }, undefined, 2)}\n`);
  return fileIn(dataDir);
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** Is HaloPSA still the one that was probed? The latest of the others is named, if it is not. */
export function versionFinding(version: string | undefined, probes: Probes): Finding {
  const name = 'HaloPSA version';
  if (version === undefined) return { name, outcome: 'ok', found: 'HaloPSA doesn’t say' };
  const probe = probes[version];
  if (probe !== undefined) return { name, outcome: 'ok', found: `${version}, probed on ${probe.at}` };
  const [last] = Object.entries(probes).toSorted(([, a], [, b]) => b.at.localeCompare(a.at));
  if (last === undefined) return { name, outcome: 'ok', found: version };
  const [before, { at }] = last;
  return {
    name,
    outcome: 'note',
    found: `${version}; last probed ${before === '' ? 'an unknown version' : before} on ${at}`,
    fix: 'HaloPSA’s version has changed since the last probe. To find out which fields this version saves, run npm run doctor -- --probe',
  };
}

import { z } from 'zod';
import { troubleSchema } from './log.ts';

/** The first row of `rows` is the head. */
const tableSchema = z.object({ title: z.string(), rows: z.array(z.array(z.string())) });

/** What one bench found. It comes from a process of its own. */
export const reportSchema = z.object({
  tables: z.array(tableSchema),
  /** What else belongs to the figures, one sentence each. */
  notes: z.array(z.string()),
  /** Each limit that was missed, as a sentence. */
  missed: z.array(z.string()),
  logged: z.array(troubleSchema),
});
export type Report = z.infer<typeof reportSchema>;
export type Table = z.infer<typeof tableSchema>;

/** One decimal below 100, where it still says something. */
export const ms = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
export const seconds = (valueMs: number) => `${(valueMs / 1000).toFixed(1)} s`;
export const times = (ratio: number) => `× ${ratio.toFixed(2)}`;

/** The smallest value that so many percent of all do not exceed. NaN of an empty list. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? NaN;
}

export const median = (values: readonly number[]) => percentile(values, 50);

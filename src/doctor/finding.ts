/** What one check found. `fix`: what the operator does about it. */
export type Finding = { name: string; found: string } & (
  { outcome: 'ok' | 'not_checked' } | { outcome: 'note'; fix?: string } | { outcome: 'failed'; fix: string }
);

type Outcome = Finding['outcome'];

const marks: Record<Outcome, string> = {
  ok: '✓ ok',
  note: '! note',
  failed: '✗ FAILED',
  not_checked: '- not checked',
};
const markWidth = Math.max(...Object.values(marks).map((mark) => mark.length));

export function isWell(findings: readonly Finding[]): boolean {
  return findings.every(({ outcome }) => outcome !== 'failed');
}

/** Aligned plain text; the fix stands below what it mends. */
export function table(findings: readonly Finding[]): string {
  const nameWidth = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .flatMap((finding) => {
      const { outcome, name, found } = finding;
      const row = `${marks[outcome].padEnd(markWidth)}  ${name.padEnd(nameWidth)}  ${oneLine(found)}`;
      const fix = 'fix' in finding ? finding.fix : undefined;
      return fix === undefined ? [row] : [row, `${' '.repeat(markWidth)}  → ${oneLine(fix)}`];
    })
    .join('\n');
}

export function notChecked(names: readonly string[], because: string): Finding[] {
  return names.map((name) => ({ name, outcome: 'not_checked', found: because }));
}

/** What others say may not break out of its row, or steer the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}

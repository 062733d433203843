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

/** Aligned plain text; the fix stands below what it fixes. What follows from one fault is one line. */
export function table(all: readonly Finding[]): string {
  const findings = folded(all);
  const nameWidth = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .flatMap((finding) => {
      const { outcome, name, found } = finding;
      const row = `${marks[outcome].padEnd(markWidth)}  ${name.padEnd(nameWidth)}  ${oneLine(found)}`;
      const fix = fixOf(finding);
      return fix === undefined ? [row] : [row, `${' '.repeat(markWidth)}  → ${oneLine(fix)}`];
    })
    .join('\n');
}

/** What to do with all of it, in one line. */
export function verdict(findings: readonly Finding[]): string {
  const failed = findings.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name);
  if (failed.length === 0) return 'No problems found.';
  const problems = failed.length === 1 ? '1 problem' : `${failed.length} problems`;
  return `Fix ${problems} first: ${failed.join(', ')}.`;
}

/** Checks in a row that ended alike stand together: one fault, and what follows from it. */
function folded(findings: readonly Finding[]): Finding[] {
  const rows: Finding[] = [];
  let more = 0;
  for (const finding of findings) {
    const last = rows.at(-1);
    const isSame = last !== undefined && finding.outcome !== 'ok' && endedAlike(last, finding);
    more = isSame ? more + 1 : 0;
    if (!isSame) rows.push(finding);
    else rows.splice(-1, 1, { ...last, name: `${last.name.replace(/ and \d+ more$/, '')} and ${more} more` });
  }
  return rows;
}

function endedAlike(a: Finding, b: Finding): boolean {
  return a.outcome === b.outcome && a.found === b.found && fixOf(a) === fixOf(b);
}

function fixOf(finding: Finding): string | undefined {
  return 'fix' in finding ? finding.fix : undefined;
}

export function notChecked(names: readonly string[], because: string): Finding[] {
  return names.map((name) => ({ name, outcome: 'not_checked', found: because }));
}

/** What others say may not break out of its row, or steer the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { people, userGroups } from '../sandbox/slack/workspace.ts';
import { pendingButtons, Stage } from './stage.ts';

const hour = 3_600_000;
const [group] = userGroups;

describe('who may decide', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open({
      env: { NEO_APPROVERS: `${people.ana.id},${people.ben.id},${group?.id ?? ''}` },
    });
  });
  afterEach(() => stage.close());

  /** Presses Approve and reads the private answer; nothing may have changed. */
  const refused = async (who: keyof typeof people) => {
    const card = await stage.requestFrom('ana');
    await stage.as(who).press(card, 'Approve');
    const answer = await stage.slack.until('the refusal', () => stage.whisper(who));
    expect(stage.card().buttons).toEqual(pendingButtons);
    expect(stage.creates()).toHaveLength(0);
    expect(answer).toContain('Nothing was changed');
    return answer;
  };

  test('the requester cannot approve their own request, even as an approver', async () => {
    expect(await refused('ana')).toContain('someone else needs to approve or deny it');
  });

  test('an admin who is not on the list cannot approve', async () => {
    expect(await refused('cleo')).toContain('only @Ana, @Ben, @S07PSAADM55');
  });

  test('a guest who is put on the list is still a guest', async () => {
    stage.slack.changePerson(people.ben.id, { isGuest: true });
    expect(await refused('ben')).toContain('you’re a guest');
  });

  test('somebody of another company in a shared channel can press, but is refused', async () => {
    expect(await refused('xena')).toContain('you aren’t a member of this workspace');
  });

  test('an approver whose account was deactivated is refused', async () => {
    stage.slack.changePerson(people.ben.id, { deleted: true });
    expect(await refused('ben')).toContain('deactivated');
  });

  test('a member of a user group on the list may approve', async () => {
    const card = await stage.requestFrom('ana');
    await stage.as('dan').press(card, 'Approve');
    expect((await stage.reply()).text).toContain('Approved by @Dan');
  });

  test('when Slack does not say who is in the group, nobody is let in by it', async () => {
    const card = await stage.requestFrom('ana');
    stage.slack.fail('usergroups.users.list', { kind: 'error', error: 'internal_error' }, Infinity);
    stage.advance(2 * 60_000);
    await stage.as('dan').press(card, 'Approve');
    await stage.slack.until('the refusal', () =>
      stage.whisper('dan').includes('Slack couldn’t tell me who they are'),
    );
    expect(stage.creates()).toHaveLength(0);
  });

  test('who may not deny reads why instead of the form', async () => {
    const card = await stage.requestFrom('ana');
    await stage.as('cleo').press(card, 'Deny');
    const notice = await stage.slack.until('the notice', () => {
      const modal = stage.as('cleo').modal();
      return modal?.text().includes('only ') === true && modal;
    });
    expect(notice.text()).not.toContain('[Deny request]');
  });
});

describe('one outcome, whoever clicks', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  test('a double click, and Slack delivering it twice, creates one agent', async () => {
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve', 3);
    await stage.reply();
    expect(stage.creates()).toHaveLength(1);
  });

  test('two approvers at once: one decides, the other is told who did', async () => {
    const card = await stage.requestFrom('ana');
    await Promise.all([stage.as('ben').press(card, 'Approve'), stage.as('cleo').press(card, 'Approve')]);
    const reply = await stage.reply();
    const winner = /Approved by @(\w+)/.exec(reply.text)?.[1];
    const loser = winner === 'Ben' ? 'cleo' : 'ben';
    await stage.slack.until('the loser’s answer', () =>
      stage.whisper(loser).includes(`Approved by @${winner ?? ''}`),
    );
    expect(stage.creates()).toHaveLength(1);
  });

  test('approve against deny: the later one is told who decided', async () => {
    const card = await stage.requestFrom('ana');
    const form = await stage.denyForm('cleo', card);
    form.fill('Reason', 'Not before the audit');
    await stage.as('ben').press(card, 'Approve');
    await stage.reply();
    expect((await form.submit()).outcome).toBe('updated');
    expect(stage.as('cleo').modal()?.text()).toContain('Approved by @Ben');
  });

  test('denied with a reason: the card and the thread say by whom and why, HaloPSA was not touched', async () => {
    const card = await stage.requestFrom('ana');
    const form = await stage.denyForm('ben', card);
    form.fill('Reason', 'Use <!here> the *existing* agent & ask me');
    await form.submit();
    const reply = await stage.reply();
    expect(reply.text).toContain('@Ana: NEO-1: Denied by @Ben: Use <!here> the *existing* agent & ask me');
    await stage.slack.until('the card', () => stage.card().text.includes('Denied by @Ben'));
    expect(stage.card().buttons).toEqual(['Details', 'Request again']);
    expect(stage.creates()).toHaveLength(0);
    expect(stage.slack.messages(stage.ops).flatMap(({ mentions }) => mentions)).not.toContain('@here');
  });

  test('who submits the reason at once, before their right was looked up, is not told that something broke', async () => {
    const card = await stage.requestFrom('ana');
    const lookUps = () => stage.slack.journal.filter(({ method }) => method === 'users.info').length;
    const before = lookUps();
    stage.slack.fail('users.info', { kind: 'hang' });
    await stage.as('ben').press(card, 'Deny');
    const form = await stage.slack.until('the form', () => lookUps() > before && stage.as('ben').modal());
    form.fill('Reason', 'Not now.');
    expect((await form.submit()).outcome).toBe('closed');
    await stage.reply();
    await stage.app.boundary.idle();
    expect(stage.logLines.filter((line) => line.includes('listener failed'))).toEqual([]);
  });

  test('the form for the reason comes too late for Slack: the approver is told to press again', async () => {
    const card = await stage.requestFrom('ana');
    stage.slack.fail('views.open', { kind: 'error', error: 'expired_trigger_id' });
    await stage.as('ben').press(card, 'Deny');
    await stage.slack.until('the advice', () => stage.whisper('ben').includes('Please try again'));
    expect(stage.card().buttons).toEqual(pendingButtons);
  });

  test('nobody decides in time: the request expires, and the requester is told', async () => {
    await stage.requestFrom('ana');
    stage.advance(73 * hour);
    expect((await stage.reply()).text).toContain('nobody decided');
    await stage.slack.until('the card', () => !stage.card().buttons.includes('Approve'));
  });

  test('a click after the deadline is refused although the sweep has not run', async () => {
    const card = await stage.requestFrom('ana');
    await stage.app.worker.stop();
    stage.advance(73 * hour);
    await stage.as('ben').press(card, 'Approve');
    await stage.slack.until('the refusal', () => stage.whisper('ben').includes('expired'));
    expect(stage.creates()).toHaveLength(0);
  });

  test('a plan that was altered in storage after the card was posted is not carried out', async () => {
    const card = await stage.requestFrom('ana');
    const row = await stage.db.selectFrom('request').selectAll().executeTakeFirstOrThrow();
    const data = row.data.replaceAll('team@neoagent.io', 'mallory@evil.example');
    await stage.db.updateTable('request').set({ data }).execute();
    await stage.as('ben').press(card, 'Approve');
    await stage.slack.until('the refusal', () =>
      stage.whisper('ben').includes('has changed since you opened it'),
    );
    expect(stage.creates()).toHaveLength(0);
  });

  test('Approve asks for confirmation first', async () => {
    const card = await stage.requestFrom('ana');
    const actions = card.blocks.find(({ type }) => type === 'actions');
    expect(actions).toHaveProperty('elements.0.confirm.title.text', 'Approve NEO-1?');
  });

  test('the card warns of an administrator’s role and of an account that is not active', async () => {
    const form = await stage.filledForm('ana');
    await form.choose('Roles', 'Administrator');
    form.check('Account Active', false);
    await form.submit();
    const card = await stage.slack.until('the card', () => stage.cards()[0]);
    expect(card.text).toContain('Warning:* The role Administrator gives');
    expect(card.text).toContain('Warning:* Account Active is off');
    expect(card.spoken).toContain('Warning: The role Administrator');
  });
});

import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { screen } from './state.ts';

/** Says new messages to those who do not see them come. What stood there before the person came is not news. */
export function LiveRegion() {
  const said = useSignal('');
  const known = useRef<{ me: string; ts: Set<string> }>(undefined);
  const now = screen.value;
  useEffect(() => {
    if (now === undefined) return;
    const all = now.conversations.flatMap(({ name, messages }) =>
      messages.map((message) => ({ ...message, where: name })),
    );
    if (known.current?.me === now.me) {
      const { ts: before } = known.current;
      const news = all.filter(({ ts }) => !before.has(ts));
      if (news.length > 0)
        said.value = news
          .map(({ author, where, spoken, ephemeral }) =>
            [author, `in ${where}`, ephemeral ? '(only visible to you)' : '', spoken].join(' '),
          )
          .join('\n');
    }
    known.current = { me: now.me, ts: new Set(all.map(({ ts }) => ts)) };
  }, [now]);
  return (
    <div class="visually-hidden" role="log" aria-live="polite" aria-label="New messages">
      {said.value}
    </div>
  );
}

import { Icon } from './icons.tsx';
import { trouble } from './state.ts';

/** What a person reads and hears when the app did not take what they did. */
export function Trouble({ when }: { when: boolean }) {
  return (
    <span class="press-failed" role="alert">
      {when && (
        <>
          <Icon name="alert" /> {trouble}
        </>
      )}
    </span>
  );
}

import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

const gapPx = 4;
const maxPx = 240;

/**
 * Keeps what floats at its anchor: under it or, where there is no room, above it. `stretch`: as wide as the
 * anchor; `start` and `end`: from that edge of the anchor.
 */
export function useAnchored(
  floating: RefObject<HTMLElement | null>,
  anchor: HTMLElement | null | undefined,
  align: 'stretch' | 'start' | 'end',
): void {
  useLayoutEffect(() => {
    const own = floating.current;
    if (own === null || anchor === null || anchor === undefined) return;
    const place = () => {
      const { left, right, top, bottom, width } = anchor.getBoundingClientRect();
      const below = window.innerHeight - bottom;
      const isBelow = below > Math.min(own.scrollHeight, maxPx) + 2 * gapPx || below > top;
      const { style } = own;
      style.left = align === 'end' ? 'auto' : `${left}px`;
      style.right = align === 'end' ? `${window.innerWidth - right}px` : 'auto';
      if (align === 'stretch') style.width = `${width}px`;
      style.maxHeight = `${Math.min(maxPx, (isBelow ? below : top) - 3 * gapPx)}px`;
      style.top = isBelow ? `${bottom + gapPx}px` : 'auto';
      style.bottom = isBelow ? 'auto' : `${window.innerHeight - top + gapPx}px`;
    };
    place();
    window.addEventListener('scroll', place, true);
    window.addEventListener('resize', place);
    return () => {
      window.removeEventListener('scroll', place, true);
      window.removeEventListener('resize', place);
    };
  });
}

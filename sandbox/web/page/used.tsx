import type { ImageBlock, ImageElement } from '@slack/types';
import { Element, ownName } from './element.tsx';
import type { At, Element as KitElement } from './kit.ts';

/** An element that stands by itself, without a label. */
export function Used({ element, blockId, at }: { element: KitElement; blockId: string; at: At }) {
  const { place } = at;
  const where = place.on === 'message' ? place.ts.replace('.', '-') : place.on;
  const id = `use-${where}-${blockId}-${element.action_id ?? ''}`;
  return <Element element={element} blockId={blockId} at={at} labelling={{ id, name: ownName(element) }} />;
}

/** This page loads nothing from elsewhere: a picture is shown by its description. */
export function Picture({ image }: { image: ImageElement | ImageBlock }) {
  const title = 'title' in image ? image.title.text : undefined;
  return (
    <span class="picture" role="img" aria-label={image.alt_text}>
      {title ?? image.alt_text}
    </span>
  );
}

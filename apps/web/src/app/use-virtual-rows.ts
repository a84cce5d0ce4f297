import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** Fewer rows than so many are simply all there. */
const WORTH_IT = 60;

export interface VirtualRows {
  /** Of the element around the rows. */
  around: RefObject<HTMLTableSectionElement | null>;
  /** The rows that are there, by their index. */
  indexes: readonly number[];
  /** Height in pixels of those that are not, before and after these. */
  before: number;
  after: number;
  /** To be given each row, with its index as `data-index`. */
  measure: (row: Element | null) => void;
}

/** Which rows of a long table have to be there: those that are seen, as the page around it is scrolled. */
export function useVirtualRows(count: number, estimatedPx: number): VirtualRows {
  const around = useRef<HTMLTableSectionElement>(null);
  const [scroller, setScroller] = useState<Element | null>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const element = around.current;
    const found = element && scrollerOf(element);
    if (!element || !found) return;
    setScroller(found);
    setMargin(element.getBoundingClientRect().top - found.getBoundingClientRect().top + found.scrollTop);
  }, []);
  const isVirtual = count > WORTH_IT;
  const virtualizer = useVirtualizer({
    count,
    enabled: isVirtual,
    getScrollElement: () => scroller,
    estimateSize: () => estimatedPx,
    overscan: 10,
    scrollMargin: margin,
  });
  const items = virtualizer.getVirtualItems();
  if (!isVirtual)
    return { around, indexes: Array.from({ length: count }, (_, index) => index), before: 0, after: 0, measure: () => {} };
  return {
    around,
    indexes: items.map(({ index }) => index),
    before: (items[0]?.start ?? margin) - margin,
    after: virtualizer.getTotalSize() - ((items.at(-1)?.end ?? margin) - margin),
    measure: virtualizer.measureElement,
  };
}

function scrollerOf(element: Element): Element | undefined {
  for (let each = element.parentElement; each; each = each.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(each).overflowY)) return each;
  }
  return document.scrollingElement ?? undefined;
}

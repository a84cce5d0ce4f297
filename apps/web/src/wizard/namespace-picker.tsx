import type { OfferedNamespace } from '@godwit/contracts/cluster-offer';
import { formatBytes } from '@godwit/pipeline/format-bytes';
import { Button, Checkbox, Flex, SearchInput } from '@patternfly/react-core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';

const ROW_PX = 40;

export interface NamespacePickerProps {
  label: string;
  namespaces: readonly OfferedNamespace[];
  /** Names, and globs beside them. */
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** The namespaces of a cluster, with what is in each, to choose some from. */
export function NamespacePicker({ label, namespaces, chosen, onChange }: NamespacePickerProps) {
  const [sought, seek] = useState('');
  const shown = useMemo(() => namespaces.filter(({ name }) => name.includes(sought.trim())), [namespaces, sought]);
  const selected = useMemo(() => new Set(chosen), [chosen]);
  const scrolled = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scrolled.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const seekFromTop = (value: string) => {
    seek(value);
    scrolled.current?.scrollTo({ top: 0 });
  };
  const names = shown.map(({ name }) => name);
  return (
    <>
      <Flex columnGap={{ default: 'columnGapMd' }} rowGap={{ default: 'rowGapSm' }} className="godwit-heading">
        <SearchInput
          aria-label={`Find in ${label}`}
          placeholder={`Find among ${namespaces.length}`}
          value={sought}
          onChange={(_event, value) => seekFromTop(value)}
          onClear={() => seekFromTop('')}
        />
        <Button variant="link" isInline onClick={() => onChange([...new Set([...chosen, ...names])])}>
          Choose all shown
        </Button>
        <Button variant="link" isInline onClick={() => onChange(chosen.filter((name) => !names.includes(name)))}>
          Choose none shown
        </Button>
      </Flex>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section ref={scrolled} className="godwit-virtual" aria-label={label} tabIndex={0}>
        <div style={{ blockSize: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const { name, pods, volumes, volumeBytes } = shown[index]!;
            const has = [
              pods === 1 ? '1 pod' : `${pods} pods`,
              volumes > 0 && `${volumes === 1 ? '1 volume' : `${volumes} volumes`} of ${formatBytes(volumeBytes)}`,
            ];
            return (
              <div key={name} className="godwit-virtual-row" style={{ blockSize: ROW_PX, transform: `translateY(${start}px)` }}>
                <Checkbox
                  id={`namespace-${name}`}
                  label={name}
                  isChecked={selected.has(name)}
                  onChange={(_event, checked) => onChange(checked ? [...chosen, name] : chosen.filter((each) => each !== name))}
                />
                <span className="godwit-subtle godwit-small">{has.filter(Boolean).join(', ')}</span>
              </div>
            );
          })}
        </div>
      </section>
    </>
  );
}

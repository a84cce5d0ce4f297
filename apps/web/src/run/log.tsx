import type { RunEventView, RunView } from '@godwit/contracts/api';
import type { EventLevel } from '@godwit/contracts/run';
import { declarationOf } from '@godwit/pipeline/pipeline';
import { Button, Content, Flex, SearchInput, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { memo, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Download } from './download.tsx';
import { linesFrom, linesWith, type RunLog } from './log-lines.ts';
import { Panel } from './panel.tsx';

const LEVELS: Record<EventLevel, string> = { info: 'All', warning: 'Warnings', error: 'Errors' };
/** Nearer to the end than so many pixels counts as at the end. */
const AT_END_PX = 24;

/** The log, which follows its end until one scrolls up. */
export function Log({ run, log }: { run: RunView; log: RunLog }) {
  const [least, setLeast] = useState<EventLevel>('info');
  const [follows, setFollows] = useState(true);
  const list = useRef<HTMLOListElement>(null);
  const lastTop = useRef(0);
  const [sought, seek] = useState('');
  const lines = useMemo(() => linesWith(linesFrom(log.lines, least), sought), [log.lines, least, sought]);
  const volumes = useVolumeNames(run);

  useLayoutEffect(() => {
    if (follows && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [follows, lines]);

  const levels = (
    <ToggleGroup aria-label="Least level" isCompact>
      {(Object.keys(LEVELS) as EventLevel[]).map((level) => (
        <ToggleGroupItem
          key={level}
          text={LEVELS[level]}
          buttonId={`level-${level}`}
          isSelected={least === level}
          onChange={() => setLeast(level)}
        />
      ))}
    </ToggleGroup>
  );
  return (
    <Panel title="Log" actions={levels}>
      <Flex className="godwit-heading godwit-screen" rowGap={{ default: 'rowGapSm' }}>
        <SearchInput
          aria-label="Find in the log"
          placeholder="Find in the log"
          value={sought}
          onChange={(_event, value) => seek(value)}
          onClear={() => seek('')}
        />
        <Download path={`/api/runs/${run.id}/log`} name={`run-${run.id}.log`} label="Download" />
      </Flex>
      {log.dropped > 0 && (
        <Content component="small">{log.dropped} older lines are not shown; the file to download has all.</Content>
      )}
      <ol
        className="godwit-log"
        ref={list}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        aria-label="Lines of the log"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          const isAtEnd = scrollHeight - scrollTop - clientHeight < AT_END_PX;
          // Lines that come, or a list that changes its size, are no reason to stop: only a move upwards is.
          if (isAtEnd) setFollows(true);
          else if (scrollTop < lastTop.current) setFollows(false);
          lastTop.current = scrollTop;
        }}
      >
        {lines.map((line) => (
          <Line key={line.id} line={line} volume={line.item ? volumes.get(line.item) : undefined} />
        ))}
        {lines.length === 0 && <li className="godwit-subtle">{least === 'info' ? 'Nothing was told yet.' : 'None.'}</li>}
      </ol>
      {!follows && (
        <Button variant="link" isInline onClick={() => setFollows(true)}>
          Scrolled up: go to the end and follow
        </Button>
      )}
    </Panel>
  );
}

/** A view of the run comes with each change; the names of its volumes are new only when there are others. */
function useVolumeNames({ volumes }: RunView): ReadonlyMap<string, string> {
  return useMemo(() => new Map(volumes.map(({ id, namespace, name }) => [id, `${namespace}/${name}`])), [volumes]);
}

const Line = memo(function Line({ line, volume }: { line: RunEventView; volume: string | undefined }) {
  const { at, level, step, message } = line;
  return (
    <li>
      <time dateTime={at} title={new Date(at).toLocaleString()}>
        {new Date(at).toLocaleTimeString([], { hour12: false })}
      </time>
      {step && <span className="godwit-log-step">{[declarationOf(step).title, volume].filter(Boolean).join(' ')}</span>}
      <span className={`godwit-log-${level}`}>
        {level !== 'info' && <strong>{level}: </strong>}
        {message}
      </span>
    </li>
  );
});

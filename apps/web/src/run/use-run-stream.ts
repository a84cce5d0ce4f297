import type { RunEventView, RunView } from '@godwit/contracts/api';
import { useQueryClient } from '@tanstack/react-query';
import { EventSource } from 'eventsource';
import { useEffect, useState } from 'react';
import { fetchApi } from '../api/client.ts';
import { runQuery } from '../api/runs.ts';
import { appendLines, EMPTY_LOG, type RunLog } from './log-lines.ts';

const AGAIN_AFTER_MS = 2_000;
/** The API sends something every 15 seconds: a network that is silent for longer is gone, though no connection has ended. */
const SILENT_MS = 40_000;
/** Lines come in bursts of hundreds; drawing them each by itself would stall the page. */
const DRAW_EVERY_MS = 100;

export type Connection = 'connecting' | 'live' | 'lost' | 'ended';

/** Follows a run: its view goes into the query of the run, its log is returned. Goes on by itself when the connection is lost. */
export function useRunStream(id: string, isEnabled: boolean): { log: RunLog; connection: Connection } {
  const queries = useQueryClient();
  const [log, setLog] = useState(EMPTY_LOG);
  const [connection, setConnection] = useState<Connection>('connecting');

  useEffect(() => {
    if (!isEnabled) return;
    let source: EventSource;
    let again: ReturnType<typeof setTimeout> | undefined;
    let drawing: ReturnType<typeof setTimeout> | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let after = '0';
    let fresh: RunEventView[] = [];

    const draw = () => {
      drawing = undefined;
      const lines = fresh;
      fresh = [];
      setLog((known) => appendLines(known, lines));
    };
    const lose = () => {
      setConnection('lost');
      source.close();
      clearTimeout(silence);
      clearTimeout(again);
      again = setTimeout(open, AGAIN_AFTER_MS);
    };
    const hear = () => {
      clearTimeout(silence);
      silence = setTimeout(lose, SILENT_MS);
    };
    const open = () => {
      // The browser's own event source cannot say who calls.
      source = new EventSource(new URL(`/api/runs/${encodeURIComponent(id)}/stream?after=${after}`, window.location.origin), {
        fetch: async (url, init) => overheard(await fetchApi(url, init as RequestInit), hear),
      });
      // Over a network that is gone, not even an error comes.
      hear();
      source.addEventListener('open', () => {
        setConnection('live');
        hear();
      });
      source.addEventListener('log', ({ data }: MessageEvent<string>) => {
        const line = JSON.parse(data) as RunEventView;
        after = line.id;
        fresh.push(line);
        drawing ??= setTimeout(draw, DRAW_EVERY_MS);
      });
      source.addEventListener('run', ({ data }: MessageEvent<string>) => {
        queries.setQueryData(runQuery(id).queryKey, JSON.parse(data) as RunView);
      });
      source.addEventListener('end', () => {
        source.close();
        clearTimeout(silence);
        window.removeEventListener('offline', lose);
        setConnection('ended');
      });
      source.addEventListener('error', () => {
        setConnection('lost');
        // It goes on by itself, but not when it was answered with an error (a proxy whose service is away).
        if (source.readyState === EventSource.CLOSED) lose();
      });
    };

    setLog(EMPTY_LOG);
    setConnection('connecting');
    open();
    // No connection ends by that: what is open would be waited for in vain.
    window.addEventListener('offline', lose);
    return () => {
      window.removeEventListener('offline', lose);
      source.close();
      clearTimeout(again);
      clearTimeout(silence);
      clearTimeout(drawing);
    };
  }, [id, isEnabled, queries]);

  return { log, connection };
}

/** @returns the response; `hear` is called whenever a piece of it comes */
function overheard(response: Response, hear: () => void): Response {
  const ear = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      hear();
      controller.enqueue(piece);
    },
  });
  return new Response(response.body?.pipeThrough(ear) ?? null, response);
}

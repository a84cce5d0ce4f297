import type { ObjectKey } from '@godwit/db/run-object-store';
import { unstorableTexts } from '@godwit/service-kit/unstorable-texts';
import { z } from 'zod';

const Text = z.string();
const Key = z.tuple([Text, Text, Text, Text]).refine((key) => unstorableTexts(key).length === 0);

/** @returns an object's place in the list, opaque to callers */
export function toCursor({ kind, namespace, name, apiVersion }: ObjectKey): string {
  return Buffer.from(JSON.stringify([kind, namespace, name, apiVersion])).toString('base64url');
}

/** @returns undefined if it is not one of ours */
export function fromCursor(cursor: string): ObjectKey | undefined {
  try {
    const [kind, namespace, name, apiVersion] = Key.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { kind, namespace, name, apiVersion };
  } catch {
    return undefined;
  }
}

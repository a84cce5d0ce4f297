import { GodwitError } from '@godwit/contracts/errors';
import { MOVER_EXITS } from '@godwit/contracts/mover-protocol';
import { expect, test } from '@jest/globals';
import { failureOf } from './archive-errors.ts';

test.each(['ArchiveDamaged', 'BaseMissing', 'ReadFailed', 'WriteFailed', 'NoSpace', 'Cancelled'])(
  "the core's %s may be tried again as the exit of this name says",
  (reason) => {
    const failure = failureOf(reason, 'why');
    expect(failure).toMatchObject({ reason, message: 'why' });
    const exit = MOVER_EXITS.find((known) => known.reason === reason);
    expect(failure instanceof GodwitError && failure.kind === 'retryable').toBe(exit?.retryable);
  },
);

test('a reason that is none is told', () => {
  expect(failureOf('Unheard', 'why')).toBeUndefined();
});

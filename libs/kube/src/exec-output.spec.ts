import { expect, test } from '@jest/globals';
import { ExecOutput } from './exec-output.ts';

const message = (channel: number, text: string) => Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
const failure = (cause: object) =>
  message(3, JSON.stringify({ status: 'Failure', message: 'it went wrong', details: { causes: [cause] } }));

test('both streams are kept in the order in which they come, and success is exit code 0', () => {
  const output = new ExecOutput(100);
  for (const part of [
    message(1, 'out '),
    message(2, 'err '),
    message(1, ''),
    message(1, 'out'),
    message(3, '{"status":"Success"}'),
  ])
    output.take(part);
  expect(output.result()).toEqual({ exitCode: 0, output: 'out err out', truncated: false });
});

test('no more is kept than the limit', () => {
  const output = new ExecOutput(5);
  for (const part of [message(1, 'abc'), message(2, 'def'), message(1, 'ghi')]) output.take(part);
  expect(output.result()).toMatchObject({ output: 'abcde', truncated: true });
});

test('the exit code of a command that failed', () => {
  const output = new ExecOutput(5);
  output.take(failure({ reason: 'ExitCode', message: '7' }));
  expect(output.result()).toEqual({ exitCode: 7, output: '', truncated: false });
});

test('what failed without an exit code, and what never told', () => {
  const output = new ExecOutput(5);
  expect(output.result().problem).toMatch(/connection ended/);
  output.take(failure({ reason: 'Other', message: 'x' }));
  expect(output.result()).toEqual({ problem: 'it went wrong', output: '', truncated: false });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AwsQueryModel } from './aws-query-model.ts';

const shapes = {
  Text: { type: 'string' },
  Kind: { type: 'string', enum: ['a', 'b'] },
  Number: { type: 'integer' },
  Texts: { type: 'list', member: { shape: 'Text', locationName: 'item' } },
  Filter: { type: 'structure', members: { Name: { shape: 'Text' }, Values: { shape: 'Texts', locationName: 'Value' } } },
  Filters: { type: 'list', member: { shape: 'Filter', locationName: 'Filter' } },
  Input: {
    type: 'structure',
    required: ['Kind'],
    members: {
      Kind: { shape: 'Kind' },
      Most: { shape: 'Number', locationName: 'maxResults' },
      Filters: { shape: 'Filters', locationName: 'Filter' },
    },
  },
};
const operations = { Describe: { name: 'Describe', http: { method: 'POST', requestUri: '/' }, input: { shape: 'Input' } } };

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'godwit-model-'));
  for (const protocol of ['ec2', 'query']) {
    const path = join(directory, 'botocore/data', protocol, 'v');
    mkdirSync(path, { recursive: true });
    const model = { metadata: { apiVersion: 'v', protocol }, operations, shapes };
    writeFileSync(join(path, 'service-2.json.gz'), gzipSync(JSON.stringify(model)));
  }
});
afterAll(() => rmSync(directory, { recursive: true }));

const check = (protocol: string, parameters: Record<string, string>) =>
  AwsQueryModel.read(directory, protocol, 'v').check(new URLSearchParams({ Action: 'Describe', Version: 'v', ...parameters }));

test.each([
  ['ec2', { Kind: 'a', MaxResults: '5', 'Filter.1.Name': 'x', 'Filter.1.Value.2': 'y' }, []],
  ['query', { Kind: 'a', maxResults: '5', 'Filter.Filter.1.Name': 'x', 'Filter.Filter.1.Value.item.2': 'y' }, []],
  ['ec2', { Action: 'Invent', Kind: 'a' }, ['the service has no action Invent']],
  ['ec2', { Kind: 'a', Version: 'old' }, ['Describe is asked of version old']],
  ['ec2', {}, ['Describe lacks Kind']],
  ['ec2', { Kind: 'c' }, ['Describe.Kind is "c", not one of a, b']],
  ['ec2', { Kind: 'a', Filters: 'x' }, ['Describe.Filters has no member Filters']],
  ['ec2', { Kind: 'a', 'Filter.1.Values.1': 'x' }, ['Describe.Filter.1.Values.1 has no member Values']],
  ['ec2', { Kind: 'a', 'Filter.0.Name': 'x' }, ['Describe.Filter.0.Name is a list, and 0 not a number of it']],
  ['ec2', { Kind: 'a', MaxResults: 'many' }, ['Describe.MaxResults is not a whole number']],
  ['query', { Kind: 'a', 'Filter.1.Name': 'x' }, ['Describe.Filter.1.Name is a list whose items are not named 1']],
])('%s: %j', (protocol, parameters, problems) => {
  expect(check(protocol, parameters as Record<string, string>)).toEqual(problems);
});

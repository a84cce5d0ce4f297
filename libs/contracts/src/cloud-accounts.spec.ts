import { expect, test } from '@jest/globals';
import { type CloudCredentials, movedElsewhere } from './cloud-accounts.ts';

const ID = '6c5f0f9e-35b4-4d9f-8f0a-0b5c7b6a2a11';
const OTHER = '7c5f0f9e-35b4-4d9f-8f0a-0b5c7b6a2a11';
const azure = { provider: 'Azure', tenantId: ID, subscriptionId: ID, clientId: ID } as const;
const gcp = { provider: 'GCP', projectId: 'a-project', serviceAccountEmail: 'a@b.example', privateKey: 'a' } as const;
const aws = { provider: 'AWS', roleArn: 'arn:aws:iam::123456789012:role/one' } as const;

test.each<[string, CloudCredentials, CloudCredentials, string[][]]>([
  ['another project', gcp, { ...gcp, projectId: 'b-project' }, [['projectId']]],
  ['another key of the same project', gcp, { ...gcp, privateKey: 'b' }, []],
  ['another subscription', azure, { ...azure, subscriptionId: OTHER }, [['subscriptionId']]],
  ['another principal of the same subscription', azure, { ...azure, clientId: OTHER, clientSecret: 's' }, []],
  ['a role of another AWS account', aws, { ...aws, roleArn: 'arn:aws:iam::210987654321:role/one' }, [['roleArn']]],
  ['another role of the same AWS account', aws, { ...aws, roleArn: 'arn:aws:iam::123456789012:role/two' }, []],
])('%s', (_, present, next, paths) => {
  expect(movedElsewhere(present, next).map(({ path }) => path)).toEqual(paths);
});

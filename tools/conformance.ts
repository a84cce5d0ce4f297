import { runJest } from './checks/jest.ts';
import { type Outcome, summarise } from './checks/outcome.ts';
import { runTool } from './cli/run-tool.ts';

interface Cloud {
  /** Variables that have to be set. */
  needs: readonly string[];
  makes: string;
}

const CLOUDS: Readonly<Record<string, Cloud>> = {
  eks: {
    needs: [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'GODWIT_CONFORMANCE_SUBNETS',
      'GODWIT_CONFORMANCE_CLUSTER_ROLE',
      'GODWIT_CONFORMANCE_NODE_ROLE',
    ],
    makes:
      'clusters named godwit-conformance, one at a time, with one t3.medium node in GODWIT_CONFORMANCE_REGION (eu-central-1), and a role for each: most of a day, about 5 USD',
  },
  aks: {
    needs: [
      'AZURE_TENANT_ID',
      'AZURE_SUBSCRIPTION_ID',
      'AZURE_CLIENT_ID',
      'AZURE_CLIENT_SECRET',
      'GODWIT_CONFORMANCE_RESOURCE_GROUP',
    ],
    makes:
      'clusters named godwit-conformance, one at a time, with one Standard_B2s node in GODWIT_CONFORMANCE_LOCATION (westeurope): some hours, about 2 USD',
  },
  gke: {
    needs: ['GOOGLE_APPLICATION_CREDENTIALS'],
    makes:
      'clusters named godwit-conformance, one at a time, with one e2-medium node in GODWIT_CONFORMANCE_LOCATION (europe-west1-b): some hours, about 2 USD',
  },
};

/** `npm run conformance -- eks|aks|gke`: the laws of clusters that runs create, against the real cloud of an account that pays for it. */
await runTool(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  const cloud = CLOUDS[name];
  if (!cloud) throw new Error(`There is no cloud "${name}"; there are ${Object.keys(CLOUDS).join(', ')}.`);
  const missing = cloud.needs.filter((variable) => !process.env[variable]);
  if (missing.length > 0) throw new Error(`Set ${missing.join(' and ')}; docs/runbook.md says to what.`);
  console.log(`Creates and deletes ${cloud.makes}.`);
  const startedAt = Date.now();
  const count = await runJest({ project: 'conformance', args: ['--testPathPatterns', `libs/cloud/src/${name}/`, ...args] });
  const outcome: Outcome = { part: name, ...count, seconds: (Date.now() - startedAt) / 1000 };
  console.log(`\n${summarise([outcome])}`);
  return count.failed > 0 || count.passed === 0 ? 1 : 0;
});

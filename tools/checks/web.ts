import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LargeCluster } from '../../e2e/web/seed/large-cluster.ts';
import { seedWeb } from '../../e2e/web/seed/seed-web.ts';
import { runVisibly } from '../cli/run-visibly.ts';
import { repository } from '../infra/home.ts';
import type { Infrastructure } from '../infra/start-infrastructure.ts';
import { startStack } from '../stack/start-stack.ts';
import { AwsEmulator } from '../testing/clouds/aws-emulator.ts';
import { AZURE_ACCOUNT, AzureEmulator } from '../testing/clouds/azure-emulator.ts';
import { GcpEmulator } from '../testing/clouds/gcp-emulator.ts';
import { OIDC_CLIENT, OIDC_RESOURCE, type OidcIssuer, startOidcIssuer } from '../testing/oidc-issuer.ts';
import { countPlaywright, type PlaywrightReport } from './outcome.ts';

/** Runs the tests of the web app in a browser: the five services as they are installed, asking who calls, beside clouds as they are emulated, a large cluster and an issuer. */
export async function runWebTests(infrastructure: Infrastructure, args: readonly string[], config = 'playwright.config.ts') {
  const [aws, azure, gcp, cluster, issuer] = await Promise.all([
    AwsEmulator.start(),
    AzureEmulator.start(),
    GcpEmulator.start(),
    LargeCluster.start(),
    startOidcIssuer(),
  ]);
  aws.listedShapes = ['m5.large', 'm5.xlarge', 'm6g.large'];
  const accounts = { azure: AZURE_ACCOUNT, gcp: gcp.credentials };
  const clouds = { ...azure.env, ...gcp.env };
  const around = { aws: aws.endpoint, clouds, accounts, largeCluster: cluster.url, issuer };
  try {
    return await runBeside(infrastructure, around, ['--config', join(repository, 'e2e/web', config), ...args]);
  } finally {
    issuer.stop();
    cluster.stop();
    azure.stop();
    await gcp.stop();
    await aws.stop();
  }
}

interface Around {
  aws: string;
  /** Where the services find the other clouds. */
  clouds: NodeJS.ProcessEnv;
  accounts: Record<string, object>;
  largeCluster: string;
  issuer: OidcIssuer;
}

async function runBeside(infrastructure: Infrastructure, around: Around, args: readonly string[]) {
  const { aws, clouds, issuer } = around;
  const env = {
    GODWIT_AUTHENTICATION: 'required',
    GODWIT_OIDC_ISSUER: issuer.url,
    GODWIT_OIDC_AUDIENCE: OIDC_RESOURCE,
    GODWIT_OIDC_RESOURCE: OIDC_RESOURCE,
    GODWIT_OIDC_CLIENT_ID: OIDC_CLIENT,
    GODWIT_OIDC_ROLE_PREFIX: 'godwit-',
    AWS_ENDPOINT_URL: aws,
    ...clouds,
  };
  const stack = await startStack({ infrastructure, freePorts: true, env });
  issuer.serve(stack.apiUrl);
  const directory = mkdtempSync(join(tmpdir(), 'godwit-web-'));
  const reportFile = join(directory, 'report.json');
  try {
    const keys = await seedWeb(stack.apiUrl, infrastructure, around);
    const cli = join(repository, 'node_modules/@playwright/test/cli.js');
    const code = await runVisibly(process.execPath, [cli, 'test', ...args], {
      GODWIT_WEB_URL: stack.apiUrl,
      GODWIT_WEB_KEYS: JSON.stringify(keys),
      PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile,
    });
    return countPlaywright(readReport(reportFile), code);
  } finally {
    rmSync(directory, { recursive: true, force: true });
    await stack.stop();
  }
}

/** @returns undefined when Playwright did not come as far as writing one. */
function readReport(file: string): PlaywrightReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsModel } from './aws-model.ts';
import { AwsQueryModel } from './aws-query-model.ts';
import { EksAddons } from './eks-addons.ts';
import { KillSwitch } from './kill-switch.ts';
import { ManagedPolicies } from './managed-policies.ts';
import { ensureMoto, type Moto, startMoto } from './start-moto.ts';

/** What stands behind each cluster that is created. */
export interface ClusterBehind {
  server: string;
  /** Base64 of PEM. */
  caData: string;
}

export interface Refusal {
  /** `CreateCluster`; of services with queries, their action. */
  operation: string;
  status: number;
  code: string;
  message: string;
  /** How often; absent: always. */
  times?: number;
}

/** The services that are asked beside EKS. */
const QUERIED = { ec2: '2016-11-15', iam: '2010-05-08', sts: '2011-06-15' };

/** Who asked for what. */
export interface AwsRequest {
  /** `STS AssumeRole` */
  name: string;
  accessKeyId: string;
  parameters: URLSearchParams;
}

/** The roles that the account has from the start, and who may act as them. */
const ROLES = { cluster: 'eks.amazonaws.com', nodes: 'ec2.amazonaws.com', volumes: 'pods.eks.amazonaws.com' };

const VERSIONS = ['1.34', '1.33', '1.32'];

/**
 * AWS as far as clusters need it: moto behind a front of ours, which checks each request against the published models,
 * lets creations take their time, has the add-ons that moto lacks, refuses what tests want refused, and dies when they say.
 */
export class AwsEmulator {
  /** `EKS CreateCluster`, in their order. */
  readonly seen: string[] = [];
  /** Of these, those of services that take parameters of a form. */
  readonly queries: AwsRequest[] = [];
  /** What the models said of requests; nothing, unless one was wrong. */
  readonly wrong: string[] = [];
  /** How often a thing that is made is asked after until it is there. */
  slowness = 1;
  denied: string[] = [];
  /** How often add-ons are told as degraded before they are active. */
  degradedAddons = 0;
  /** The only instance types that are listed; none: all that there are, which takes moto seconds. */
  listedShapes: string[] = [];
  behind?: ClusterBehind;
  private refusals: Refusal[] = [];
  private readonly asked = new Map<string, number>();
  private readonly addons = new EksAddons();
  private readonly policies = new ManagedPolicies();
  private readonly killSwitch = new KillSwitch();
  private readonly server: Server;

  private readonly moto: Moto;
  private readonly model: AwsModel;
  private readonly queryModels: ReadonlyMap<string, AwsQueryModel>;

  private constructor(moto: Moto, packages: string) {
    this.moto = moto;
    this.model = AwsModel.read(packages, 'eks', '2017-11-01');
    this.queryModels = new Map(
      Object.entries(QUERIED).map(([service, version]) => [service, AwsQueryModel.read(packages, service, version)]),
    );
    this.server = createServer((incoming, response) => {
      this.handle(incoming, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<AwsEmulator> {
    const emulator = new AwsEmulator(await startMoto(), await ensureMoto());
    await emulator.makeRoles();
    await new Promise<void>((resolve) => emulator.server.listen(0, '127.0.0.1', resolve));
    return emulator;
  }

  /** For AWS_ENDPOINT_URL. */
  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async reset(): Promise<void> {
    await this.moto.reset();
    await this.makeRoles();
    this.addons.clear();
    this.policies.clear();
    this.asked.clear();
    this.seen.length = 0;
    this.queries.length = 0;
    [this.refusals, this.denied, this.slowness, this.degradedAddons] = [[], [], 1, 0];
    this.revive();
  }

  refuse(...refusals: Refusal[]): void {
    this.refusals = refusals;
  }

  killAfter(requests: number, onKill: () => void): void {
    this.killSwitch.killAfter(requests, onKill);
  }

  revive(): void {
    this.killSwitch.revive();
  }

  /** `cluster/addon`, of all that are there. */
  addonNames(): string[] {
    return this.addons.names();
  }

  /** Of all clusters that there are in a region. */
  async clusterNames(region: string): Promise<string[]> {
    return (JSON.parse(await this.askMoto('eks', region, '/clusters')) as { clusters: string[] }).clusters;
  }

  /** Of all roles that runs made. */
  async roleNames(): Promise<string[]> {
    const answer = await this.askMoto('iam', 'us-east-1', '/', { Action: 'ListRoles', Version: QUERIED.iam });
    return [...answer.matchAll(/<RoleName>(godwit-[^<]+)</g)].map(([, name]) => name!);
  }

  /** Of the network that there is from the start. */
  async subnetIds(region: string): Promise<string[]> {
    const answer = await this.askMoto('ec2', region, '/', { Action: 'DescribeSubnets', Version: QUERIED.ec2 });
    return [...answer.matchAll(/<subnetId>([^<]+)</g)].map(([, id]) => id!);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await this.moto.stop();
  }

  private async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const answer = await this.killSwitch.pass(() => this.answer(incoming, Buffer.concat(chunks)));
    if (!answer) return void response.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
    return undefined;
  }

  private async answer(incoming: IncomingMessage, body: Buffer): Promise<EmulatorAnswer> {
    const { method = 'GET', url = '/' } = incoming;
    const service = /\/([a-z0-9]+)\/aws4_request/.exec(incoming.headers.authorization ?? '')?.[1] ?? 'unknown';
    const path = decodeURI(url.split('?')[0]!);
    if (service !== 'eks') {
      const parameters = new URLSearchParams(body.toString());
      const action = parameters.get('Action') ?? 'unknown';
      const name = `${service.toUpperCase()} ${action}`;
      this.seen.push(name);
      const accessKeyId = /Credential=([^/]+)/.exec(incoming.headers.authorization ?? '')?.[1] ?? 'none';
      this.queries.push({ name, accessKeyId, parameters });
      const problems = this.queryModels.get(service)?.check(parameters) ?? [`there is no service ${service}`];
      this.wrong.push(...problems.map((problem) => `${service.toUpperCase()}: ${problem}`));
      if (problems.length > 0)
        return queryError({ operation: action, status: 400, code: 'ValidationError', message: problems.join('; ') });
      const refused = this.refusal(action);
      if (refused) return queryError(refused);
      if (action === 'DescribeInstanceTypes') return this.pass(incoming, url, onlyShapes(parameters, this.listedShapes));
      if (action === 'SimulatePrincipalPolicy') return simulation(parameters, this.denied);
      return this.policies.answer(parameters) ?? this.pass(incoming, url, body);
    }
    const parsed = body.length > 0 ? JSON.parse(body.toString()) : undefined;
    const { operation, problems } = this.model.check(method, path, parsed);
    this.seen.push(`EKS ${operation}`);
    this.wrong.push(...problems);
    if (problems.length > 0) return json(400, { message: problems.join('; ') }, 'InvalidParameterException');
    const refused = this.refusal(operation!);
    if (refused) return json(refused.status, { message: refused.message }, refused.code);
    if (operation === 'DescribeClusterVersions')
      return json(200, { clusterVersions: VERSIONS.map((clusterVersion) => ({ clusterVersion })) });
    if (operation?.includes('Addon')) {
      const clusterName = path.split('/')[2]!;
      const exists = (await this.pass({ ...headersOf(incoming), method: 'GET' }, `/clusters/${clusterName}`)).status === 200;
      const answer = this.slowly(this.addons.answer(operation, path, exists, parsed), path);
      return operation === 'DescribeAddon' ? this.degrade(answer) : answer;
    }
    const answer = await this.pass(incoming, url, body);
    if (operation === 'DeleteCluster' && answer.status === 200) this.addons.forget(path.split('/')[2]!);
    if (operation === 'DescribeCluster' || operation === 'DescribeNodegroup') return this.slowly(this.dress(answer), path);
    if (answer.status !== 200 || operation?.startsWith('Delete')) this.asked.delete(path);
    return answer;
  }

  private async makeRoles(): Promise<void> {
    for (const [RoleName, Service] of Object.entries(ROLES)) {
      const Statement = [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }];
      const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      const role = { Action: 'CreateRole', Version: QUERIED.iam, RoleName, AssumeRolePolicyDocument };
      await this.askMoto('iam', 'us-east-1', '/', role);
    }
  }

  private async askMoto(service: string, region: string, path: string, query?: Record<string, string>): Promise<string> {
    const scope = `Credential=AKIA/20260101/${region}/${service}/aws4_request`;
    const headers = { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` };
    const init = query ? { method: 'POST', headers, body: new URLSearchParams(query) } : { headers };
    return (await fetch(this.moto.endpoint + path, init)).text();
  }

  private refusal(operation: string): Refusal | undefined {
    const refusal = this.refusals.find((candidate) => candidate.operation === operation && candidate.times !== 0);
    if (refusal?.times) refusal.times -= 1;
    return refusal;
  }

  /** moto has everything at once; here it is being made for some questions. */
  private slowly(answer: EmulatorAnswer, path: string): EmulatorAnswer {
    if (answer.status !== 200) return answer;
    const times = this.asked.get(path) ?? 0;
    this.asked.set(path, times + 1);
    if (times >= this.slowness) return answer;
    return {
      ...answer,
      body: String(answer.body)
        .replace('"status": "ACTIVE"', '"status":"CREATING"')
        .replace('"status":"ACTIVE"', '"status":"CREATING"'),
    };
  }

  /** As add-ons are while their first pods start. */
  private degrade(answer: EmulatorAnswer): EmulatorAnswer {
    if (answer.status !== 200 || this.degradedAddons === 0) return answer;
    this.degradedAddons -= 1;
    const { addon } = JSON.parse(String(answer.body));
    const issues = [{ code: 'InsufficientNumberOfReplicas', message: 'The add-on is unhealthy', resourceIds: [] }];
    return { ...answer, body: JSON.stringify({ addon: { ...addon, status: 'DEGRADED', health: { issues } } }) };
  }

  private dress(answer: EmulatorAnswer): EmulatorAnswer {
    if (answer.status !== 200 || !this.behind) return answer;
    const document = JSON.parse(String(answer.body));
    if (!document.cluster) return answer;
    document.cluster.endpoint = this.behind.server;
    document.cluster.certificateAuthority = { data: this.behind.caData };
    return { ...answer, body: JSON.stringify(document) };
  }

  private async pass(incoming: Pick<IncomingMessage, 'headers' | 'method'>, url: string, body?: Buffer): Promise<EmulatorAnswer> {
    const headers = new Headers();
    for (const name of ['authorization', 'content-type', 'x-amz-date', 'x-amz-target'])
      if (incoming.headers[name]) headers.set(name, String(incoming.headers[name]));
    const init = {
      method: incoming.method ?? 'GET',
      headers,
      ...(body && body.length > 0 ? { body: new Uint8Array(body) } : {}),
    };
    const answer = await fetch(this.moto.endpoint + url, init);
    const kept: Record<string, string> = { 'content-type': answer.headers.get('content-type') ?? 'application/json' };
    const type = answer.headers.get('x-amzn-errortype');
    if (type) kept['x-amzn-errortype'] = type;
    return { status: answer.status, headers: kept, body: await answer.text() };
  }
}

export interface EmulatorAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

function headersOf({ headers }: IncomingMessage): Pick<IncomingMessage, 'headers'> {
  return { headers: { authorization: headers.authorization } };
}

export function json(status: number, body: object, errorType?: string): EmulatorAnswer {
  const headers = { 'content-type': 'application/json', ...(errorType ? { 'x-amzn-errortype': errorType } : {}) };
  return { status, headers, body: JSON.stringify(body) };
}

function queryError({ status, code, message }: Refusal): EmulatorAnswer {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function onlyShapes(asked: URLSearchParams, shapes: readonly string[]): Buffer {
  const query = new URLSearchParams(asked);
  const next = 1 + [...query.keys()].filter((key) => /^Filter\.\d+\.Name$/.test(key)).length;
  if (shapes.length > 0) query.set(`Filter.${next}.Name`, 'instance-type');
  for (const [index, shape] of shapes.entries()) query.set(`Filter.${next}.Value.${index + 1}`, shape);
  return Buffer.from(query.toString());
}

/** What IAM would decide; moto does not know the question. */
function simulation(asked: URLSearchParams, denied: readonly string[]): EmulatorAnswer {
  const actions = [...asked].filter(([name]) => name.startsWith('ActionNames.member.')).map(([, action]) => action);
  const members = actions.map(
    (action) =>
      `<member><EvalActionName>${action}</EvalActionName><EvalDecision>${denied.includes(action) ? 'implicitDeny' : 'allowed'}</EvalDecision></member>`,
  );
  const body = `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>${members.join('')}</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body };
}

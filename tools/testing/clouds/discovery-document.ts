import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installInCache } from '../../infra/install-in-cache.ts';
import { runCommand } from '../../processes/run-command.ts';

const REQUIREMENTS = new URL('google-requirements.txt', import.meta.url).pathname;
/** Of the pinned package; a new one gets a directory of its own. */
const DIRECTORY = 'google-discovery-2.202.0';
const DOCUMENTS = ['cloudresourcemanager.v1', 'compute.v1', 'container.v1', 'iam.v1', 'iamcredentials.v1', 'sts.v1'] as const;
export type DocumentName = (typeof DOCUMENTS)[number];

interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  pattern?: string;
  enum?: string[];
  readOnly?: boolean;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
}

interface Method {
  id: string;
  httpMethod: string;
  path: string;
  flatPath?: string;
  parameters?: Record<string, Schema & { location?: string; required?: boolean }>;
  request?: { $ref: string };
}

interface Resource {
  methods?: Record<string, Method>;
  resources?: Record<string, Resource>;
}

interface Document extends Resource {
  servicePath: string;
  parameters: Record<string, Schema>;
  schemas: Record<string, Schema>;
}

/** A request as far as it is described. */
export interface DescribedRequest {
  method: string;
  /** With its leading slash, without the query. */
  path: string;
  query: URLSearchParams;
  body?: unknown;
}

/** A service of Google as its published discovery document describes it. */
export class DiscoveryDocument {
  private readonly document: Document;
  private readonly methods: Method[];

  constructor(document: Document) {
    this.document = document;
    this.methods = methodsOf(document);
  }

  static async readAll(): Promise<Record<DocumentName, DiscoveryDocument>> {
    const directory = await ensureDocuments();
    const read = (name: string) => new DiscoveryDocument(JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8')));
    return Object.fromEntries(DOCUMENTS.map((name) => [name, read(name)])) as Record<DocumentName, DiscoveryDocument>;
  }

  /** @returns the id of the method, and what the document says is wrong with the request */
  check({ method, path, query, body }: DescribedRequest): { operation: string | undefined; problems: string[] } {
    const found = this.methods.find((candidate) => candidate.httpMethod === method && this.pathPattern(candidate).test(path));
    if (!found) return { operation: undefined, problems: [`the service has no ${method} ${path}`] };
    const problems: string[] = [];
    const described = { ...this.document.parameters, ...inQuery(found) };
    for (const [name, value] of query) {
      const schema = described[name];
      // What the document calls `alt` has this name where the answer's enums are to be numbers.
      if (schema) this.checkQuery(schema, value, `${found.id}?${name}`, problems);
      else if (name !== '$alt') problems.push(`${found.id} has no parameter ${name}`);
    }
    if (found.request) this.checkValue(found.request, body ?? {}, found.id, problems);
    else if (body !== undefined) problems.push(`${found.id} takes no body`);
    return { operation: found.id, problems };
  }

  private pathPattern({ flatPath, path }: Method): RegExp {
    const template = `/${this.document.servicePath}${flatPath ?? path}`;
    return new RegExp(`^${template.replace(/\./g, '\\.').replace(/\{[^}]+\}/g, '[^/:]+')}$`);
  }

  private checkQuery({ type, pattern, enum: values }: Schema, value: string, path: string, problems: string[]): void {
    if (type === 'integer' && !/^-?\d+$/.test(value)) problems.push(`${path} is not a whole number`);
    if (type === 'boolean' && !/^(true|false)$/.test(value)) problems.push(`${path} is neither true nor false`);
    if (pattern && !new RegExp(pattern).test(value)) problems.push(`${path} does not match ${pattern}`);
    if (values && !values.includes(value)) problems.push(`${path} is not one of ${values.join(', ')}`);
  }

  private checkValue(schema: Schema, value: unknown, path: string, problems: string[]): void {
    const { $ref, type, items, properties, additionalProperties, pattern } = schema;
    const wrong = (message: string) => problems.push(`${path} ${message}`);
    if ($ref) this.checkValue(this.document.schemas[$ref]!, value, path, problems);
    else if (type === 'array') {
      if (!Array.isArray(value)) wrong('is not a list');
      else for (const [index, item] of value.entries()) this.checkValue(items!, item, `${path}[${index}]`, problems);
    } else if (type === 'object') {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong('is not an object');
      else
        for (const [name, item] of Object.entries(value)) {
          const property = properties?.[name] ?? additionalProperties;
          if (!property) wrong(`has no field ${name}`);
          else if (property.readOnly) wrong(`tells ${name}, which only the service tells`);
          else this.checkValue(property, item, `${path}.${name}`, problems);
        }
    } else if (type === 'string') {
      const problem = textProblem(schema, value);
      if (problem) wrong(problem);
      else if (pattern && !new RegExp(pattern).test(String(value))) wrong(`does not match ${pattern}`);
    } else if (type === 'boolean') {
      if (typeof value !== 'boolean') wrong('is neither true nor false');
    } else if (type === 'integer') {
      if (!Number.isInteger(value)) wrong('is not a whole number');
    } else if (type === 'number' && typeof value !== 'number') wrong('is not a number');
  }
}

function textProblem({ enum: values, format }: Schema, value: unknown): string | undefined {
  // In JSON of protocol buffers an enum may also be its number.
  if (values && typeof value === 'number') return value >= 0 && value < values.length ? undefined : 'is not a number of its enum';
  if (typeof value !== 'string') return 'is not a text';
  if (values && !values.includes(value)) return `is "${value}", not one of ${values.join(', ')}`;
  if (format?.includes('int') && !/^-?\d+$/.test(value)) return 'is not a whole number as text';
  return undefined;
}

function methodsOf({ methods = {}, resources = {} }: Resource): Method[] {
  return [...Object.values(methods), ...Object.values(resources).flatMap(methodsOf)];
}

function inQuery({ parameters = {} }: Method): Record<string, Schema> {
  return Object.fromEntries(Object.entries(parameters).filter(([, { location }]) => location === 'query'));
}

/** @returns the directory of the documents, which are taken out of the package where they are not yet */
function ensureDocuments(): Promise<string> {
  return installInCache(DIRECTORY, async (draft) => {
    const whole = mkdtempSync(join(tmpdir(), 'godwit-google-'));
    try {
      const options = ['--quiet', '--no-input', '--no-deps', '--no-compile', '--only-binary=:all:', '--require-hashes'];
      await runCommand('python3', ['-m', 'pip', 'install', ...options, '--target', whole, '--requirement', REQUIREMENTS]);
      mkdirSync(draft, { recursive: true });
      for (const name of DOCUMENTS)
        copyFileSync(join(whole, 'googleapiclient/discovery_cache/documents', `${name}.json`), join(draft, `${name}.json`));
    } finally {
      rmSync(whole, { recursive: true, force: true });
    }
  });
}

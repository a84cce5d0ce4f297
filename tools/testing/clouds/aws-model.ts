import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface Shape {
  type: string;
  required?: string[];
  members?: Record<string, { shape: string; location?: string; locationName?: string; queryName?: string }>;
  member?: { shape: string; locationName?: string };
  /** Of a list in a form: its items bear no name of their own. */
  flattened?: boolean;
  value?: { shape: string };
  enum?: string[];
  pattern?: string;
  min?: number;
  max?: number;
}

interface Operation {
  name: string;
  http: { method: string; requestUri: string };
  input?: { shape: string };
}

export interface Model {
  metadata: { apiVersion: string; protocol: string };
  operations: Record<string, Operation>;
  shapes: Record<string, Shape>;
}

export function readModel(packages: string, service: string, version: string): Model {
  const file = join(packages, 'botocore/data', service, version, 'service-2.json.gz');
  return JSON.parse(gunzipSync(readFileSync(file)).toString());
}

/** A service of AWS as its published model describes it, for those that speak REST with JSON. */
export class AwsModel {
  private readonly model: Model;

  private constructor(model: Model) {
    this.model = model;
  }

  /** @param packages directory of Python packages with botocore, which carries the models */
  static read(packages: string, service: string, version: string): AwsModel {
    return new AwsModel(readModel(packages, service, version));
  }

  /** @returns the operation, and what the model says is wrong with the request */
  check(method: string, path: string, body: unknown): { operation: string | undefined; problems: string[] } {
    const operation = Object.values(this.model.operations).find(
      ({ http }) => http.method === method && pathPattern(http.requestUri).test(path),
    );
    if (!operation) return { operation: undefined, problems: [`the service has no ${method} ${path}`] };
    const shape = operation.input && this.model.shapes[operation.input.shape];
    const problems: string[] = [];
    const inPath = new Set(Object.entries(shape?.members ?? {}).flatMap(([name, { location }]) => (location ? [name] : [])));
    if (shape) this.checkStructure(shape, body ?? {}, operation.name, inPath, problems);
    return { operation: operation.name, problems };
  }

  private checkShape(name: string, value: unknown, path: string, problems: string[]): void {
    const shape = this.model.shapes[name]!;
    const wrong = (message: string) => problems.push(`${path} ${message}`);
    if (shape.type === 'structure') this.checkStructure(shape, value, path, new Set(), problems);
    else if (shape.type === 'list') {
      if (!Array.isArray(value)) wrong('is not a list');
      else for (const [index, item] of value.entries()) this.checkShape(shape.member!.shape, item, `${path}[${index}]`, problems);
    } else if (shape.type === 'map') {
      if (typeof value !== 'object' || value === null) wrong('is not a map');
      else for (const [key, item] of Object.entries(value)) this.checkShape(shape.value!.shape, item, `${path}.${key}`, problems);
    } else if (shape.type === 'string') {
      if (typeof value !== 'string') wrong('is not a text');
      else problems.push(...textProblems(shape, value).map((problem) => `${path} ${problem}`));
    } else if (shape.type === 'boolean') {
      if (typeof value !== 'boolean') wrong('is neither true nor false');
    } else if (shape.type === 'integer' || shape.type === 'long') {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = shape;
      if (!Number.isInteger(value)) wrong('is not a whole number');
      else if (Number(value) < min || Number(value) > max) wrong('is out of its range');
    }
  }

  private checkStructure(shape: Shape, value: unknown, path: string, inPath: ReadonlySet<string>, problems: string[]): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.push(`${path} is not a structure`);
      return;
    }
    const given = value as Record<string, unknown>;
    const names = new Map(Object.entries(shape.members ?? {}).map(([name, member]) => [member.locationName ?? name, member]));
    for (const name of shape.required ?? [])
      if (!inPath.has(name) && given[shape.members?.[name]?.locationName ?? name] === undefined)
        problems.push(`${path} lacks ${name}`);
    for (const [name, item] of Object.entries(given)) {
      const member = names.get(name);
      if (!member || inPath.has(name)) problems.push(`${path} has no member ${name}`);
      else this.checkShape(member.shape, item, `${path}.${name}`, problems);
    }
  }
}

export function textProblems({ enum: values, pattern, min = 0, max = Number.POSITIVE_INFINITY }: Shape, value: string): string[] {
  return [
    ...(values && !values.includes(value) ? [`is "${value}", not one of ${values.join(', ')}`] : []),
    ...(pattern && !new RegExp(`^(?:${pattern})$`, pattern.includes('\\p{') ? 'u' : '').test(value)
      ? [`does not match ${pattern}`]
      : []),
    ...(value.length < min || value.length > max ? ['has a wrong length'] : []),
  ];
}

function pathPattern(requestUri: string): RegExp {
  return new RegExp(`^${requestUri.split('?')[0]!.replace(/\{[^}]+\}/g, '[^/]+')}$`);
}

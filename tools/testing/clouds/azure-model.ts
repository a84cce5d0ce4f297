import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inCache, installInCache } from '../../infra/install-in-cache.ts';
import { runCommand } from '../../processes/run-command.ts';

type Type =
  | string
  | { list: Type }
  | { map: Type }
  | { optional: Type }
  | { model: string }
  | { enum: string }
  | { literal: string };

interface Field {
  type: Type;
  required?: true;
  readOnly?: true;
}

interface Operation {
  name: string;
  method: string;
  path: string;
  apiVersion?: string;
  query: string[];
  body?: string;
}

/** As describe-azure.py writes it. */
interface Description {
  operations: Operation[];
  models: Record<string, { bases: string[]; fields: Record<string, Field> }>;
  enums: Record<string, string[]>;
}

export interface ArmRequest {
  method: string;
  url: URL;
  body?: unknown;
}

const here = (file: string) => new URL(file, import.meta.url).pathname;
/** Of the pinned packages; others get a directory of their own. */
const DIRECTORY = 'azure-descriptions-41.6.0';
const FILE = 'description.json';

/** The management API of Azure, as Azure's own packages for another language describe it. */
export class AzureModel {
  private readonly known: (Operation & { pattern: RegExp })[];

  private readonly description: Description;

  private constructor(description: Description) {
    this.description = description;
    // What is of any resource has no version, and would hide that there is no such resource.
    this.known = description.operations
      .filter(({ apiVersion }) => apiVersion !== undefined)
      .map((operation) => ({ ...operation, pattern: patternOf(operation.path) }));
  }

  /** Installs the packages where they are not yet, and reads them. */
  static async load(): Promise<AzureModel> {
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--no-deps', '--no-compile', '--only-binary=:all:'];
    await installInCache(DIRECTORY, async (draft) => {
      const packages = join(draft, 'packages');
      await runCommand('python3', [...pip, '--target', packages, '--requirement', here('azure-requirements.txt')]);
      await runCommand('python3', [here('describe-azure.py'), packages, join(draft, FILE)]);
    });
    return new AzureModel(JSON.parse(readFileSync(join(inCache(DIRECTORY), FILE), 'utf8')));
  }

  /** @returns the operation, its values in the path, and what is wrong with the request */
  check({ method, url, body }: ArmRequest): { operation: string | undefined; parts: string[]; problems: string[] } {
    const path = decodeURIComponent(url.pathname);
    const operation = this.known.find((one) => one.method === method && one.pattern.test(path));
    if (!operation) return { operation: undefined, parts: [], problems: [`Azure has no ${method} ${path}`] };
    const { name, apiVersion, query } = operation;
    const problems: string[] = [];
    const version = url.searchParams.get('api-version');
    if (version !== apiVersion) problems.push(`${name} is of api-version ${apiVersion}, not of ${version}`);
    for (const parameter of url.searchParams.keys())
      if (!query.includes(parameter)) problems.push(`${name} has no parameter ${parameter}`);
    if (operation.body) this.checkModel(operation.body, body, operation.body, problems);
    else if (body !== undefined) problems.push(`${name} has no body`);
    return { operation: name, parts: operation.pattern.exec(path)!.slice(1), problems };
  }

  private fieldsOf(name: string): Record<string, Field> {
    const { bases, fields } = this.description.models[name]!;
    return Object.assign({}, ...bases.map((base) => this.fieldsOf(base)), fields);
  }

  private checkModel(name: string, value: unknown, path: string, problems: string[]): void {
    if (!isRecord(value)) return void problems.push(`${path} is not a ${name}`);
    const fields = this.fieldsOf(name);
    for (const [field, { required }] of Object.entries(fields))
      if (required && value[field] === undefined) problems.push(`${path} lacks ${field}`);
    for (const [key, item] of Object.entries(value)) {
      const field = fields[key];
      if (!field) problems.push(`${path} has no field ${key}`);
      else if (field.readOnly) problems.push(`${path}.${key} can only be read`);
      else this.checkType(field.type, item, `${path}.${key}`, problems);
    }
  }

  private checkType(type: Type, value: unknown, path: string, problems: string[]): void {
    if (typeof type === 'string') {
      if (!isPlain(type, value)) problems.push(`${path} is not of type ${type}`);
    } else if ('model' in type) this.checkModel(type.model, value, path, problems);
    else if ('optional' in type) this.checkType(type.optional, value, path, problems);
    else if ('list' in type) {
      if (!Array.isArray(value)) problems.push(`${path} is not a list`);
      else for (const [index, item] of value.entries()) this.checkType(type.list, item, `${path}[${index}]`, problems);
    } else if ('map' in type) {
      if (!isRecord(value)) problems.push(`${path} is not a map`);
      else for (const [key, item] of Object.entries(value)) this.checkType(type.map, item, `${path}.${key}`, problems);
    } else {
      const values = 'enum' in type ? this.description.enums[type.enum]! : [type.literal];
      if (!values.includes(value as string)) problems.push(`${path} is ${value}, not one of ${values.join(', ')}`);
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlain(type: string, value: unknown): boolean {
  if (type === 'int') return Number.isInteger(value);
  if (type === 'float') return typeof value === 'number';
  if (type === 'bool') return typeof value === 'boolean';
  return type === 'Any' || typeof value === 'string';
}

/** Case is of no matter in paths of Azure. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.$]/g, '\\$&').replace(/\{[^}]+\}/g, '([^/]+)')}$`, 'i');
}

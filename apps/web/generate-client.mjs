// Writes src/api/generated/openapi.ts out of the description of the API that job-service wrote (its target describe-api).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const description = JSON.parse(readFileSync(new URL('../job-service/dist/openapi.json', import.meta.url), 'utf8'));
const nodes = await openapiTS(description, {
  // Any JSON contains itself: TypeScript takes that from a type with a name, and not from a member of an interface.
  transform: (_schema, { path }) =>
    path === '#/components/schemas/JsonValue' ? ts.factory.createTypeReferenceNode('Json') : undefined,
});
const directory = new URL('src/api/generated/', import.meta.url);
mkdirSync(directory, { recursive: true });
const json = 'type Json = string | number | boolean | null | Json[] | { [key: string]: Json };\n';
writeFileSync(new URL('openapi.ts', directory), `${astToString(nodes)}${json}`);

// Writes src/api/generated/openapi.ts out of the description of the API that job-service wrote (its target describe-api).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const description = JSON.parse(readFileSync(new URL('../job-service/dist/openapi.json', import.meta.url), 'utf8'));
const nodes = await openapiTS(description, {
  // Any JSON contains itself, which TypeScript does not take from an interface that names itself.
  transform: (_schema, { path }) =>
    path === '#/components/schemas/JsonValue' ? ts.factory.createKeywordTypeNode(ts.SyntaxKind.AnyKeyword) : undefined,
});
const directory = new URL('src/api/generated/', import.meta.url);
mkdirSync(directory, { recursive: true });
writeFileSync(new URL('openapi.ts', directory), astToString(nodes));

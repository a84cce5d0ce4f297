import { parseArgs } from 'node:util';
import { CreateApiKey } from '@godwit/contracts/access';
import { ApiKeyStore } from '@godwit/db/api-key-store';
import { DEFAULT_ORGANISATION, OrganisationStore } from '@godwit/db/organisation-store';
import { PrismaService } from '@godwit/db/prisma.service';

/**
 * Makes an API key and prints it, and nothing else: the first one, with which others can be made by the API.
 *
 * `DATABASE_URL=… node dist/create-api-key.js --name first --role admin [--organisation NAME]`
 */
const { values } = parseArgs({
  options: {
    name: { type: 'string', default: 'first' },
    role: { type: 'string', default: 'admin' },
    organisation: { type: 'string', default: DEFAULT_ORGANISATION },
  },
});
const wanted = CreateApiKey.safeParse({ name: values.name, role: values.role });
if (!wanted.success) {
  for (const { path, message } of wanted.error.issues) console.error(`--${path.join('.')}: ${message}`);
  process.exit(2);
}
const url = process.env.DATABASE_URL;
if (!url) {
  console.error('DATABASE_URL is not set: it is that of job-service');
  process.exit(2);
}
const prisma = new PrismaService(url);
try {
  const organisationId = await new OrganisationStore(prisma).ensure(values.organisation);
  const { key } = await new ApiKeyStore(prisma).create(organisationId, wanted.data);
  console.log(key);
} catch (error) {
  const isTaken = (error as { code?: string }).code === 'P2002';
  console.error(isTaken ? `there is a key "${wanted.data.name}" already; choose another --name` : (error as Error).message);
  process.exitCode = 1;
} finally {
  await prisma.$disconnect();
}

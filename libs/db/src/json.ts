import { Prisma } from './generated/client.ts';

/** A value for a Json column. Our own types have optional fields, which Prisma's input type does not know. */
export function toJson(value: object): Prisma.InputJsonObject {
  return value as Prisma.InputJsonObject;
}

/** A value for a nullable Json column: undefined clears it. */
export function toJsonOrNull(value: object | undefined): Prisma.InputJsonObject | typeof Prisma.DbNull {
  return value ? toJson(value) : Prisma.DbNull;
}

import { z } from 'zod';

/** A field that is wrong: its path within the body, and what is wrong with it. */
export const FieldError = z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() });
export type FieldError = z.infer<typeof FieldError>;

/** RFC 9457, the form of every error of the API. */
export const ProblemDetails = z.object({
  type: z.string(),
  status: z.number().int(),
  title: z.string(),
  detail: z.string().optional(),
  /** Stable CamelCase reason. */
  reason: z.string().optional(),
  errors: z.array(FieldError).optional(),
});
export type ProblemDetails = z.infer<typeof ProblemDetails>;

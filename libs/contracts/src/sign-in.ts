import { z } from 'zod';

/** How people sign in with the OpenID Connect issuer, as a browser has to know it. Nothing of it is secret. */
export const OidcSignIn = z.object({
  /** Its discovery document lies beneath. */
  issuer: z.string(),
  /** Of the web app: a public client, which proves itself by PKCE. */
  clientId: z.string(),
  /** Separated by spaces. */
  scope: z.string(),
  /** Whom the tokens are for, where the issuer has to be asked for it (RFC 8707). */
  resource: z.string().optional(),
});
export type OidcSignIn = z.infer<typeof OidcSignIn>;

/** How a caller of the API may say who calls. */
export const SignInView = z.object({
  /** False: nobody is asked. */
  required: z.boolean(),
  /** Absent: by API keys only. */
  oidc: OidcSignIn.optional(),
});
export type SignInView = z.infer<typeof SignInView>;

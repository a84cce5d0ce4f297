import { middlewareOf, type WithMiddleware } from './middleware-of.ts';

/** Leaves the body out of the signature of what stores objects. */
export function leavePayloadUnsigned(stores: WithMiddleware): void {
  middlewareOf(stores).add(
    (next, context) => (args) => {
      const request = args.request as { headers?: Record<string, string> };
      if (context.commandName === 'PutObjectCommand' && request.headers) {
        request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      }
      return next(args);
    },
    { step: 'build', name: 'leavePayloadUnsigned', override: true },
  );
}

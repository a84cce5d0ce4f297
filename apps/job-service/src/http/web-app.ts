import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import expressStaticGzip from 'express-static-gzip';

/** Of the built web app, beside this app. */
const WEB_DIST = fileURLToPath(new URL('../../../web/dist/', import.meta.url));
const NOT_WEB = /^\/(api|healthz|metrics)(\/|$)/;
const ASSETS = /^\/assets(\/|$)/;

/** Serves the web app at /: its files, and its one page for every path that is a page of it. */
export function serveWebApp(app: NestExpressApplication, directory = WEB_DIST): void {
  if (!existsSync(`${directory}/index.html`)) {
    new Logger('web').warn('the web app is not built, / shows nothing: npm run build');
    return;
  }
  // The build has put compressed copies beside the files; only these are compressed, so a stream of events never waits for more.
  const files = expressStaticGzip(directory, {
    enableBrotli: true,
    orderPreference: ['br', 'gzip'],
    index: false,
    serveStatic: {
      index: false,
      setHeaders: (response, path) => {
        // Names of assets change with what is in them.
        if (path.includes('/assets/')) response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
      },
    },
  });
  app.use((request: Request, response: Response, next: NextFunction) =>
    NOT_WEB.test(request.path) ? next() : files(request, response, next),
  );
  app.use((request: Request, response: Response, next: NextFunction) => {
    const isPage = !NOT_WEB.test(request.path) && !ASSETS.test(request.path) && request.accepts('html');
    if (request.method !== 'GET' || !isPage) return next();
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: directory });
  });
}

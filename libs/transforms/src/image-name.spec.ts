import { expect, test } from '@jest/globals';
import { relocatedImage } from './image-name.ts';

const rules = [
  { from: 'docker.io', to: 'mirror.example.com/hub' },
  { from: 'docker.io/bitnami', to: 'mirror.example.com/legacy' },
  { from: 'quay.io', to: 'quay.io/mirrored' },
  { from: 'registry.shop:5000/web', to: 'registry.dev/web' },
];
const digest = `@sha256:${'0'.repeat(64)}`;

test.each([
  ['nginx', 'mirror.example.com/hub/library/nginx'],
  ['nginx:1.27', 'mirror.example.com/hub/library/nginx:1.27'],
  [`nginx:1.27${digest}`, `mirror.example.com/hub/library/nginx:1.27${digest}`],
  [`docker.io/grafana/grafana${digest}`, `mirror.example.com/hub/grafana/grafana${digest}`],
  ['docker.io/nginx', 'mirror.example.com/hub/library/nginx'],
  ['index.docker.io/library/redis:7', 'mirror.example.com/hub/library/redis:7'],
  ['bitnami/redis:7', 'mirror.example.com/legacy/redis:7'],
  ['bitnamilegacy/redis:7', 'mirror.example.com/hub/bitnamilegacy/redis:7'],
  ['quay.io/app/web', 'quay.io/mirrored/app/web'],
  ['quay.io/mirrored/app/web', 'quay.io/mirrored/app/web'],
  ['registry.shop:5000/web:2', 'registry.dev/web:2'],
  ['registry.shop:5000/website:2', 'registry.shop:5000/website:2'],
  ['localhost/web', 'localhost/web'],
  ['ghcr.io/docker.io/web', 'ghcr.io/docker.io/web'],
  ['https://shop.example.com/logo.png', 'https://shop.example.com/logo.png'],
  ['', ''],
])('%s -> %s', (image, expected) => {
  expect(relocatedImage(image, rules)).toBe(expected);
});

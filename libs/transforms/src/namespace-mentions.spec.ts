import { expect, test } from '@jest/globals';
import { mentionsIn, possibleMentionsIn } from './namespace-mentions.ts';

const namespaces = { shop: 'shop-dev', billing: 'pay', same: 'same' };

test.each([
  ['http://api.shop.svc:8080/x?y=db.billing.svc', 'http://api.shop-dev.svc:8080/x?y=db.pay.svc'],
  ['pg-0.pg.shop.svc.cluster.local,pg-1.pg.shop.svc', 'pg-0.pg.shop-dev.svc.cluster.local,pg-1.pg.shop-dev.svc'],
  ['_amqp._tcp.mq.shop.svc', '_amqp._tcp.mq.shop-dev.svc'],
  ['--watch-namespace=shop', '--watch-namespace=shop-dev'],
  ['--namespaces=billing,other', '--namespaces=pay,other'],
  ['WATCH_NAMESPACE=shop,billing,other', 'WATCH_NAMESPACE=shop-dev,pay,other'],
  ['namespace: shop\nname: shop\n', 'namespace: shop-dev\nname: shop\n'],
  ['{"targetNamespace": "shop"}', '{"targetNamespace": "shop-dev"}'],
  ['sum(up{namespace=~"shop|other", pod="shop"})', 'sum(up{namespace=~"shop-dev|other", pod="shop"})'],
  ['{"expr": "up{namespace=\\"shop\\"}"}', '{"expr": "up{namespace=\\"shop-dev\\"}"}'],
  ['system:serviceaccount:shop:web', 'system:serviceaccount:shop-dev:web'],
])('%j becomes %j', (text, rewritten) => {
  const mentions = mentionsIn(text, namespaces);
  expect(mentions.rewritten).toBe(rewritten);
  expect(mentions.names).not.toEqual([]);
});

test.each([
  'http://api.same.svc',
  'http://api.other.svc',
  'shop.svc.example',
  'api.shop.svcx',
  'namespace: shop.example',
  'namespace: shopping',
  'namespaces are shop',
  'the shop',
  'namespace=shop/web',
])('%j names no renamed namespace', (text) => {
  expect(mentionsIn(text, namespaces)).toEqual({ names: [], rewritten: text });
});

test.each([
  ['db.shop', ['db.shop']],
  ['postgres://user:secret@db.shop:5432/app', ['db.shop']],
  ['http://api.shop/v1 http://pg-0.pg.billing', ['api.shop', 'pg-0.pg.billing']],
  ['db.shop.example.com', []],
  ['shop.example', []],
  ['db.shop.svc', []],
  ['images/web.shop', []],
  ['db.shopping', []],
])('%j may name %j', (text, names) => {
  expect(possibleMentionsIn(text, namespaces)).toEqual(names);
});

test('a long text takes no long time', () => {
  const text = `${'a.'.repeat(200_000)}${'namespace'.repeat(20_000)}${'x'.repeat(200_000)}.svc`;
  const start = performance.now();
  mentionsIn(text, namespaces);
  possibleMentionsIn(text, namespaces);
  expect(performance.now() - start).toBeLessThan(2000);
});

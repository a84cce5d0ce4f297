/** Keys that are valid in S3 and have something that an address, a signature or an XML document has a meaning for. */
export const ODD_KEYS = [
  'a b',
  ' both ends ',
  'a+b',
  '100%',
  'a%2Fb',
  'a&b=c?d#e',
  "it's(1)!*",
  '~tilde_and-dash.dot',
  'a;b:c@d,e$f',
  '[x]{y}|^`"<>\\',
  '&amp;',
  'ends with dot.',
  '.hidden/.file',
  'größe/日本/😀',
  'e\u0301 is not \u00e9',
  'x'.repeat(200),
].map((name) => `odd/${name}`);

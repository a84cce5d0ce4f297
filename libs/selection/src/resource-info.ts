/** One resource type as the API server's discovery tells it. */
export interface ResourceInfo {
  /** The core group is the empty string. */
  group: string;
  version: string;
  kind: string;
  /** As in URLs, lower case. */
  plural: string;
  shortNames?: readonly string[];
  /** What can be done with it; if absent it is taken for an ordinary type. */
  verbs?: readonly string[];
}

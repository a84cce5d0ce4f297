import { silentApis } from '../../capture/silent-apis.ts';
import type { Check } from './check.ts';

/** APIs of the source whose kinds cannot be told, so that nothing of them is captured. */
export const checkSilentApis: Check = ({ source, definition }) => silentApis(source.discovery, definition.selection, source.name);

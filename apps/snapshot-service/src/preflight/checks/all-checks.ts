import type { Check } from './check.ts';
import { checkAccess } from './check-access.ts';
import { checkAdmissionWebhooks } from './check-admission-webhooks.ts';
import { checkCapacity } from './check-capacity.ts';
import { checkClasses } from './check-classes.ts';
import { checkDefinitions } from './check-definitions.ts';
import { checkDrivers } from './check-drivers.ts';
import { checkHostAccess } from './check-host-access.ts';
import { checkImages } from './check-images.ts';
import { checkKinds } from './check-kinds.ts';
import { checkLimitRanges } from './check-limit-ranges.ts';
import { checkLoadBalancers } from './check-load-balancers.ts';
import { checkMoverImage } from './check-mover-image.ts';
import { checkNodeFit } from './check-node-fit.ts';
import { checkNodePorts } from './check-node-ports.ts';
import { checkOperators } from './check-operators.ts';
import { checkPodSecurity } from './check-pod-security.ts';
import { checkPullSecrets } from './check-pull-secrets.ts';
import { checkQuotas } from './check-quotas.ts';
import { checkRoom } from './check-room.ts';
import { checkSilentApis } from './check-silent-apis.ts';
import { checkStoreReach } from './check-store-reach.ts';
import { checkTargetNamespaces } from './check-target-namespaces.ts';
import { checkVersions } from './check-versions.ts';

/** All checks, in the order in which their findings are told. */
export const CHECKS: readonly Check[] = [
  checkVersions,
  checkAccess,
  checkTargetNamespaces,
  checkSilentApis,
  checkKinds,
  checkDefinitions,
  checkOperators,
  checkClasses,
  checkDrivers,
  checkCapacity,
  checkQuotas,
  checkLimitRanges,
  checkPodSecurity,
  checkNodeFit,
  checkRoom,
  checkHostAccess,
  checkNodePorts,
  checkLoadBalancers,
  checkImages,
  checkPullSecrets,
  checkAdmissionWebhooks,
  checkStoreReach,
  checkMoverImage,
];
